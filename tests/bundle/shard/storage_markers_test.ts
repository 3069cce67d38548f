/**
 * Markers of missing parts: where one is known, where an object merely looks like one, and that
 * requests which share bytes share no markers.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Diagnostic } from "../../../lib/errors.ts";
import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../../lib/format/payload.ts";
import type {
  ConversationItem,
  ConversationPart,
} from "../../../lib/graph/conversation.ts";
import { replayBundle } from "../../../lib/replay.ts";
import { THREAD, TURN } from "../../support/bundles/raw_bundle.ts";
import { Prng } from "../../support/bundles/random/prng.ts";
import { FIRST_SEED } from "../../support/random_seed.ts";
import { omittedRef, ShardBundle } from "./shard_bundle.ts";
import { stateText } from "../../support/state_text.ts";
import { slowTest } from "../../support/cases.ts";

const SEQUENCES = 120;

/** What looks like the marker of a part, be it one or not. */
const marker = (id: string) => ({ $trace_unavailable: id });

/** A value in a payload that is stored as a part of its own. */
class Part {
  readonly ref: RawPayloadRef;

  constructor(ref: RawPayloadRef) {
    this.ref = ref;
  }
}

/** The fragments of a value around its parts. */
function fragmentsOf(
  value: unknown,
): { fragments: string[]; parts: RawPayloadRef[] } {
  const parts: RawPayloadRef[] = [];
  const text = JSON.stringify(value, (_, member) => {
    if (!(member instanceof Part)) return member;
    parts.push(member.ref);
    return "\0part";
  });
  return { fragments: text.split('"\\u0000part"'), parts };
}

/** Writes a payload, with what is a {@linkcode Part} in it as parts. */
function payload(
  bundle: ShardBundle,
  id: string,
  kind: RawPayloadKindName,
  value: unknown,
): RawPayloadRef {
  const { fragments, parts } = fragmentsOf(value);
  const keys = { kind: { type: kind } };
  return parts.length === 0
    ? bundle.put(id, fragments.join(""), keys)
    : bundle.compose(id, fragments, parts, keys);
}

function request(bundle: ShardBundle, id: string, input: unknown[]): void {
  bundle.event({
    type: "inference_started",
    inference_call_id: id,
    thread_id: THREAD,
    codex_turn_id: TURN,
    model: "m",
    provider_name: "p",
    request_payload: payload(bundle, `request:${id}`, "inference_request", {
      input,
    }),
    prepared_prompt_payload: bundle.put(`prompt:${id}`, "{}", {
      kind: { type: "prepared_prompt" },
    }),
  });
}

const missing = (id: string) => new Part(omittedRef(id));

/** The items of one request, or the code that refuses it. */
function itemsOf(...input: unknown[]): readonly ConversationItem[] | string {
  const bundle = new ShardBundle();
  request(bundle, "i", input);
  const { trace, diagnostics } = bundle.tolerate();
  const [fault] = diagnostics;
  if (fault !== undefined) return fault.code;
  return [...trace.conversation_items.values()];
}

/** The parts of the only item of a request. */
function partsOf(item: unknown): unknown {
  const items = itemsOf(item);
  if (typeof items === "string") return items;
  assertEquals(items.length, 1);
  return items[0]?.body.parts;
}

function user(text: unknown): object {
  const content = [{ type: "input_text", text }];
  return { type: "message", role: "user", content };
}

const MISSING_TEXT: readonly ConversationPart[] = [{
  type: "payload_ref",
  label: "text",
  raw_payload_id: "x",
}];

Deno.test("a missing item is dropped, and the items after it move up", () => {
  const items = itemsOf(missing("x"), user("a"), missing("y"), user("b"));
  assert(typeof items === "object");
  assertEquals(items.map(({ body }) => body.parts), [
    [{ type: "text", text: "a" }],
    [{ type: "text", text: "b" }],
  ]);
});

Deno.test("what looks like a missing item and is none is no item", () => {
  assertEquals(itemsOf(marker("x")), "unsupported_item");
  assertEquals(itemsOf(user(missing("x")), marker("y")), "unsupported_item");
});

Deno.test("an object that looks like the marker of a missing part counts as one", () => {
  const items = itemsOf(user(missing("x")), marker("x"), user(marker("x")));
  assert(typeof items === "object");
  assertEquals(items.map(({ body }) => body.parts), [
    MISSING_TEXT,
    MISSING_TEXT,
  ]);
});

Deno.test("a missing text is a reference to its part", () => {
  assertEquals(partsOf(user(missing("x"))), MISSING_TEXT);
  assertEquals(partsOf(user(marker("x"))), []);
  const output = (text: unknown) => ({
    type: "function_call_output",
    call_id: "c",
    output: [{ type: "input_text", text }],
  });
  assertEquals(partsOf(output(missing("x"))), MISSING_TEXT);
  assertEquals(partsOf(output(marker("x"))), []);
});

Deno.test("an object with more than the key of a marker is ordinary", () => {
  for (
    const value of [
      { $trace_unavailable: "x", more: 1 },
      { $trace_unavailable: ["x"] },
      { $trace_unavailable: null },
      { $Trace_unavailable: "x" },
      [{ $trace_unavailable: "x" }],
      '{"$trace_unavailable":"x"}',
    ]
  ) {
    const parts = partsOf({
      type: "message",
      role: "user",
      content: [
        { type: "input_text", text: missing("x") },
        { type: "input_text", text: value },
      ],
    });
    assertEquals(parts, [
      ...MISSING_TEXT,
      ...(typeof value === "string" ? [{ type: "text", text: value }] : []),
    ]);
  }
});

Deno.test("a missing image is a reference to its part, with the hash of its entry", () => {
  const image = (image_url: unknown) => ({
    type: "message",
    role: "user",
    content: [{ type: "input_image", image_url }],
  });
  const [missed] = partsOf(image(missing("x"))) as readonly object[];
  const [ordinary] = partsOf(image(marker("x"))) as readonly object[];
  // The texts are the same, and so are their hashes.
  const hashed = { ...missed, raw_payload_id: "request:i" };
  assertEquals(ordinary, hashed);
  assertEquals({ ...missed, content_sha256: "" }, {
    type: "payload_ref",
    label: "input_image",
    raw_payload_id: "x",
    content_sha256: "",
  });
});

Deno.test("missing texts of reasoning keep their places", () => {
  const parts = partsOf({
    type: "reasoning",
    content: [
      { type: "reasoning_text", text: "a" },
      { type: "text", text: missing("x") },
    ],
    summary: [
      { type: "summary_text", text: missing("y") },
      { type: "summary_text", text: "b" },
    ],
    encrypted_content: "c",
  });
  assertEquals(parts, [
    { type: "text", text: "a" },
    { type: "payload_ref", label: "content", raw_payload_id: "x" },
    { type: "payload_ref", label: "summary", raw_payload_id: "y" },
    { type: "summary", text: "b" },
    { type: "encoded", label: "encrypted_content", value: "c" },
  ]);
  assertEquals(
    partsOf({
      type: "reasoning",
      summary: [{ type: "summary_text", text: marker("x") }],
    }),
    "unsupported_item",
  );
});

Deno.test("a missing text of an agent message is a reference to its part", () => {
  const mail = (text: unknown) => ({
    type: "agent_message",
    author: "/root",
    recipient: "/root",
    content: [{ type: "input_text", text }],
  });
  assertEquals(partsOf(mail(missing("x"))), MISSING_TEXT);
  assertEquals(partsOf(mail(marker("x"))), "unsupported_item");
});

Deno.test("a marker anywhere else is an ordinary object", () => {
  const call = {
    type: "function_call",
    name: "f",
    call_id: "c",
    arguments: missing("x"),
  };
  assertEquals(partsOf(call), [{
    type: "json",
    summary: '{"$trace_unavailable":"x"}',
    raw_payload_id: "request:i",
  }]);
  const items = itemsOf({
    ...user("a"),
    id: missing("x"),
    phase: missing("y"),
  });
  assert(typeof items === "object");
  assertEquals(items.map(({ channel }) => channel), [null]);
  assertEquals(items[0]?.responses_item_id, undefined);
  const bad: readonly object[] = [
    { ...user("a"), type: missing("x") },
    { type: "reasoning", summary: missing("x") },
    { type: "reasoning", summary: [], encrypted_content: missing("x") },
  ];
  for (const item of bad) assertEquals(partsOf(item), "unsupported_item");
});

Deno.test("a request without its list is refused, with a previous response as without", () => {
  const refused = (body: object) => {
    const bundle = new ShardBundle();
    const { fragments, parts } = fragmentsOf(body);
    bundle.event({
      type: "inference_started",
      inference_call_id: "i",
      thread_id: THREAD,
      codex_turn_id: TURN,
      model: "m",
      provider_name: "p",
      request_payload: bundle.compose("r", fragments, parts, {
        kind: { type: "inference_request" },
      }),
      prepared_prompt_payload: bundle.put("q", "{}", {
        kind: { type: "prepared_prompt" },
      }),
    });
    const { trace, diagnostics } = bundle.tolerate();
    return diagnostics[0]?.code ?? trace.conversation_items.size;
  };
  assertEquals(refused({ input: missing("x") }), "malformed_payload");
  const input = [user("a")];
  assertEquals(refused({ input, previous_response_id: missing("x") }), 1);
});

Deno.test("requests that share bytes do not share what the bytes mean", () => {
  const text = (value: unknown) => [user("first"), user(value), user("last")];
  const shows = (trace: ReturnType<ShardBundle["replay"]>, call: string) =>
    [...trace.inference_calls.get(call)?.request_item_ids ?? []].map((id) =>
      trace.conversation_items.get(id)?.body.parts
    );
  const bundle = new ShardBundle();
  request(bundle, "a", text(missing("x")));
  request(bundle, "b", text(marker("x")));
  request(bundle, "c", text(missing("x")));
  const trace = bundle.replay();
  const first: ConversationPart[] = [{ type: "text", text: "first" }];
  const last: ConversationPart[] = [{ type: "text", text: "last" }];
  assertEquals(shows(trace, "a"), [first, MISSING_TEXT, last]);
  assertEquals(shows(trace, "b"), [first, [], last]);
  assertEquals(shows(trace, "c"), [first, MISSING_TEXT, last]);
});

/** How a bundle is replayed: its state and what was skipped. */
function outcome(dir: string, sharePrefixes: boolean): string {
  const diagnostics: Diagnostic[] = [];
  const trace = replayBundle(dir, {
    sharePrefixes,
    tolerant: true,
    onDiagnostic: (diagnostic) => void diagnostics.push(diagnostic),
  });
  return JSON.stringify(diagnostics) + stateText(trace);
}

/** A value that may be missing, look as if it were, or be there. */
function unusualValue(p: Prng): unknown {
  const id = p.pick(["x", "y", "z"]);
  return p.pick([missing(id), missing(id), marker(id), marker(id), "text"]);
}

function unusualItem(p: Prng): unknown {
  switch (p.int(9)) {
    case 0:
      return missing(p.pick(["x", "y", "z"]));
    case 1:
      return p.chance(0.4) ? marker(p.pick(["x", "y"])) : user("plain");
    case 2:
      return {
        type: "reasoning",
        summary: [{ type: "summary_text", text: "thought" }],
        content: [{ type: "text", text: p.chance(0.7) ? missing("x") : "c" }],
      };
    case 3:
      return {
        type: "message",
        role: "user",
        content: [{ type: "input_image", image_url: unusualValue(p) }],
      };
    case 4:
      return {
        type: "function_call_output",
        call_id: p.pick(["c", "d"]),
        output: unusualValue(p),
      };
    case 5:
      return { type: "configuration_update", value: unusualValue(p) };
    case 6:
      return { ...user(unusualValue(p)), id: p.pick(["i", "j", "k"]) };
    default:
      return user(unusualValue(p));
  }
}

slowTest(
  "requests with markers are reduced to the same with sharing and without",
  () => {
    let reduced = 0;
    for (let n = 0; n < SEQUENCES; n++) {
      const p = new Prng(FIRST_SEED + n);
      const bundle = new ShardBundle();
      let items = Array.from({ length: 1 + p.int(4) }, () => unusualItem(p));
      for (let call = 0; call < 8; call++) {
        request(bundle, `${call}`, items);
        const at = p.int(items.length + 1);
        switch (p.int(5)) {
          case 0:
            items = items.toSpliced(at, 1, unusualItem(p));
            break;
          case 1:
            items = items.toSpliced(at, 1);
            break;
          case 2:
            // The same bytes, with another meaning.
            items = items.map((item) =>
              item instanceof Part ? marker(item.ref.raw_payload_id) : item
            );
            break;
          default:
            items = [...items, unusualItem(p)];
        }
      }
      bundle.inFolder((dir) => {
        const plain = outcome(dir, false);
        assert(outcome(dir, true) === plain, `sequence ${n}`);
        if (plain.startsWith("[]")) reduced++;
      });
    }
    assert(reduced > SEQUENCES / 10, `only ${reduced} without a diagnostic`);
  },
);
