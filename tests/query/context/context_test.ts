/**
 * The sizes of prompts, against requests that are taken apart by other means: every recorded
 * request is stripped of its white space by an expression and cut by a counter of brackets.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import fc from "../../support/random_seed.ts";
import { getContextGrowth } from "../../../lib/query/context/context_growth.ts";
import { getContext } from "../../../lib/query/context/context.ts";
import type { ContextSource } from "../../../lib/query/context/context_answer.ts";
import { BundlePayloads } from "../../../lib/bundle/payloads/bundle_payloads.ts";
import {
  OutlineMaker,
  RequestOutlines,
} from "../../../lib/query/session/requests/request_outlines.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import type {
  FreshElement,
  RawPayloadRef,
} from "../../../lib/format/payload.ts";
import type { InferenceCall } from "../../../lib/graph/runtime.ts";
import { inFolder } from "../../support/cli.ts";
import { CORPUS, recordedCases, slowTest } from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";
import { rawRequests, sentText } from "../../support/request_oracle.ts";
import { RawBundle, THREAD, TURN } from "../../support/bundles/raw_bundle.ts";

const encoder = new TextEncoder();

function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

/** The text without white space outside of strings. */
function compacted(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1");
}

/** Pieces of compact JSON between the commas of its outermost container. */
function pieces(container: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let started = 1;
  for (const { 0: token, index } of container.matchAll(TOKEN)) {
    if (token === "{" || token === "[") depth++;
    if (token === "}" || token === "]") depth--;
    const ends = depth === 0 || depth === 1 && token === ",";
    if (!ends) continue;
    if (index > started) found.push(container.slice(started, index));
    started = index + 1;
  }
  return found;
}
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;

interface Raw {
  readonly bytes: number;
  readonly elements: readonly string[];
  readonly members: ReadonlyMap<string, number>;
  /** How many elements were not recorded; infinite when the complete request was not. */
  readonly lost: number;
}

function rawRequest(session: TraceSession, call: InferenceCall): Raw {
  const request = rawRequests(session.place).get(call.inference_call_id);
  assert(request !== undefined);
  if (request.input.capture !== undefined) {
    return { bytes: 0, elements: [], members: new Map(), lost: Infinity };
  }
  const lost =
    (request.input.parts ?? []).filter(({ kind, capture }) =>
      kind?.type === "model_item" && capture !== undefined
    ).length;
  const text = compacted(sentText(session.place, request.wire));
  const members = new Map<string, number>();
  let elements: string[] = [];
  for (const member of pieces(text)) {
    const key = /^"((?:[^"\\]|\\.)*)":/.exec(member)?.[1] ?? "";
    if (key === "input") elements = pieces(member.slice(8));
    else members.set(key, bytesOf(member));
  }
  const isWarmup = request.input !== request.wire;
  const sent = inputBytes(elements);
  if (isWarmup) {
    const context = compacted(sentText(session.place, request.input));
    const [member = ""] = pieces(context);
    elements = pieces(member.slice(8));
  }
  const bytes = bytesOf(text) - sent + inputBytes(elements);
  return { bytes, elements, members, lost };
}

/** Bytes of elements with the commas between them. */
function inputBytes(elements: readonly string[]): number {
  return sum(elements.map(bytesOf)) + Math.max(0, elements.length - 1);
}

interface Fields {
  readonly type?: string;
  readonly role?: string;
  readonly call_id?: string;
}

const CALLS = new Set([
  "function_call",
  "custom_tool_call",
  "tool_search_call",
  "web_search_call",
  "local_shell_call",
]);
const OUTPUTS = new Set([
  "function_call_output",
  "custom_tool_call_output",
  "tool_search_output",
]);

/** The source that an element's own text identifies, where it does so for certain. */
function surely(element: string): ContextSource | undefined {
  const value: Fields | string = JSON.parse(element);
  // In place of an element that was not recorded is a text.
  if (typeof value === "string") return undefined;
  const { type = "", role = "" } = value;
  if (type === "message" && role === "developer") return "instructions";
  if (type === "reasoning") return "reasoning";
  if (CALLS.has(type)) return "tool_call";
  if (OUTPUTS.has(type)) return "tool_output";
  if (type === "agent_message") return "agent_message";
  if (type === "compaction") return "compaction";
  return undefined;
}

function checkSession(session: TraceSession): number {
  const { trace } = session;
  let calls = 0;
  for (const thread of trace.threads.keys()) {
    const growth = getContextGrowth(session, thread);
    assert(growth !== null);
    const made = [...trace.inference_calls.values()]
      .filter(({ thread_id }) => thread_id === thread);
    assertEquals(
      growth.calls.map(({ call }) => call.id),
      made.map(({ inference_call_id }) => inference_call_id),
    );
    let before: { call: InferenceCall; lost: number } | undefined;
    for (const [index, call] of made.entries()) {
      calls++;
      const raw = rawRequest(session, call);
      const point = growth.calls[index];
      const answer = getContext(session, call.inference_call_id);
      assert(point !== undefined && answer !== null);
      checkAgreement(point, answer);
      const isKnown = raw.lost === 0 && before?.lost !== Infinity;
      if (raw.lost === Infinity) checkUnknown(point, answer);
      else checkSizes(raw, point, answer);
      if (isKnown) checkNews(call, before?.call, raw, point);
      if (before?.lost === Infinity) assertEquals(point.new_elements, null);
      before = { call, lost: raw.lost };
    }
  }
  return calls;
}

/** Of a request that was not recorded, only that is known. */
function checkUnknown(point: Point, answer: Answer): void {
  assertEquals([answer.bytes, answer.elements, answer.items], [
    null,
    null,
    null,
  ]);
  assert(answer.request_capture !== null && point.request_capture !== null);
  assertEquals([answer.parts, answer.largest, point.bytes_by_source], [
    [],
    [],
    null,
  ]);
}

type Point = NonNullable<ReturnType<typeof getContextGrowth>>["calls"][number];
type Answer = NonNullable<ReturnType<typeof getContext>>;

function checkSizes(raw: Raw, point: Point, answer: Answer): void {
  assertEquals(answer.bytes, raw.bytes);
  assertEquals(sum(answer.parts.map(({ bytes }) => bytes)), raw.bytes);
  const elementBytes = raw.elements.map(bytesOf);
  assertEquals(answer.input_bytes, sum(elementBytes));
  assertEquals(answer.elements, raw.elements.length);
  assertEquals(
    sum(answer.parts.map(({ elements }) => elements)),
    raw.elements.length,
  );
  const sizes = [...elementBytes, ...raw.members.values()];
  assertEquals(
    answer.largest.map(({ bytes }) => bytes),
    sizes.toSorted((a, b) => b - a).slice(0, 10),
  );
  for (const { index, bytes } of answer.largest) {
    if (index !== null) assertEquals(bytes, elementBytes[index]);
  }
  const result = new Map<ContextSource, number>();
  for (const [index, element] of raw.elements.entries()) {
    const source = surely(element);
    if (source === undefined) continue;
    result.set(source, (result.get(source) ?? 0) + (elementBytes[index] ?? 0));
  }
  const instructions = raw.members.get("instructions") ?? 0;
  result.set("instructions", (result.get("instructions") ?? 0) + instructions);
  for (const [source, bytes] of result) {
    // A summary may be a plain message; nothing else may be counted elsewhere.
    if (source !== "compaction") {
      assertEquals(point.bytes_by_source?.[source], bytes, source);
    }
  }
}

function checkNews(
  call: InferenceCall,
  before: InferenceCall | undefined,
  raw: Raw,
  point: Point,
): void {
  const ids = [...call.request_item_ids];
  const old = new Set(before?.request_item_ids ?? []);
  const items = raw.elements.filter((element) => {
    const { type }: Fields = JSON.parse(element);
    return type !== "additional_tools";
  });
  const sent = ids.slice(ids.length - items.length);
  if (
    new Set(ids).size === ids.length && items.length === raw.elements.length
  ) {
    const fresh = items.filter((_, at) => !old.has(sent[at] ?? ""));
    assertEquals(point.new_elements, fresh.length);
    assertEquals(point.new_bytes, sum(fresh.map(bytesOf)));
  }
  const now = new Set(ids);
  assertEquals(
    point.dropped_items,
    [...old].filter((id) => !now.has(id)).length,
  );
}

function checkAgreement(point: Point, answer: Answer): void {
  assertEquals(point.bytes, answer.bytes);
  assertEquals(point.new_elements, answer.new_elements);
  assertEquals(point.new_bytes, answer.new_bytes);
  assertEquals(point.dropped_items, answer.dropped_items);
  assertEquals(point.items, answer.items);
  if (point.is_incremental !== null) {
    assertEquals(point.is_incremental, answer.inherited !== null);
  }
  assertEquals(point.has_warmup, answer.warmup !== null);
  const bySource = new Map<string, number>();
  for (const { source, bytes } of answer.parts) {
    bySource.set(source, (bySource.get(source) ?? 0) + bytes);
  }
  for (const [source, bytes] of Object.entries(point.bytes_by_source ?? {})) {
    assertEquals(bySource.get(source) ?? 0, bytes, source);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** A request as a user may send it: members in any order, indented in any way. */
const sentRequests = fc.array(
  fc.record({
    keep: fc.double({ min: 0, max: 1, noNaN: true }),
    added: fc.array(fc.string({ unit: "grapheme", maxLength: 12 }), {
      maxLength: 4,
    }),
    tools: fc.option(fc.string(), { nil: undefined }),
    before: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
    after: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
    indent: fc.constantFrom(undefined, 1, 2, "\t"),
  }),
  { minLength: 1, maxLength: 6 },
);

const TAKEN = new Set(["input", "previous_response_id", "__proto__", "type"]);

function others(members: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(members).filter(([key]) => !TAKEN.has(key)),
  );
}

slowTest(
  "getContext() and getContextGrowth() measure requests however they are spelled",
  () => {
    fc.assert(
      fc.property(sentRequests, (requests) => {
        const bundle = new RawBundle(2);
        let input: object[] = [];
        for (const [at, request] of requests.entries()) {
          const { keep, added, tools, before, after, indent } = request;
          input = [
            ...input.slice(0, Math.round(input.length * keep)),
            ...added.map((text) => ({
              type: "message",
              role: "user",
              content: [{ type: "input_text", text }],
            })),
            ...tools === undefined ? [] : [{ type: "additional_tools", tools }],
          ];
          const body = { ...others(before), input, ...others(after) };
          bundle.event({
            type: "inference_started",
            inference_call_id: `call-${at}`,
            thread_id: THREAD,
            codex_turn_id: TURN,
            model: "model",
            provider_name: "provider",
            request_payload: bundle.payload(
              "inference_request",
              JSON.stringify(body, null, indent),
            ),
          });
        }
        inFolder((folder) => {
          const place = bundle.writeTo(`${folder}/bundle`);
          for (const measuresRequests of [true, false]) {
            const session = openBundle(place, { measuresRequests });
            assertEquals(session.diagnostics, []);
            assertEquals(checkSession(session), requests.length);
          }
        });
      }),
      { numRuns: 60 },
    );
  },
);

const upstream = recordedCases(join(TESTDATA, "upstream"));
const corpus = recordedCases(CORPUS, 2);

for (const { name, bundle } of [...upstream, ...corpus]) {
  Deno.test(`getContext() and getContextGrowth() measure every request of ${name}`, () => {
    checkSession(openBundle(bundle));
    checkSession(openBundle(bundle, { measuresRequests: true }));
  });
}

const AGENTS = join(TESTDATA, "upstream", "0.169.0-agents_v2", "bundle");

Deno.test("getContextGrowth() reads no request that was measured while it was reduced", () => {
  for (const measuresRequests of [true, false]) {
    const session = openBundle(AGENTS, { measuresRequests });
    for (const thread of session.trace.threads.keys()) {
      getContextGrowth(session, thread);
    }
    assert(session.payloads instanceof BundlePayloads);
    const { files, charactersParsed } = session.payloads.counters;
    const requests = session.trace.inference_calls.size;
    assertEquals(files, measuresRequests ? 0 : requests);
    assertEquals(charactersParsed > 0, !measuresRequests);
  }
});

Deno.test("an element that a change has moved keeps its outline, if all was recorded", () => {
  const complete: RawPayloadRef = {
    raw_payload_id: "p",
    kind: { type: "inference_request" },
  };
  const parts = [{
    ...complete,
    capture: { status: "omitted", original_bytes: 9 },
  }] as const;
  const value = { type: "message" };
  let reads = 0;
  const moved = {
    sameAs: 1,
    get value() {
      reads++;
      return value;
    },
    source: () => JSON.stringify(value),
  };
  for (const ref of [complete, { ...complete, parts }]) {
    const maker = new OutlineMaker({ trace: { schema_version: 3 } });
    const read = (fresh: readonly FreshElement[]) => {
      const window = {
        input: "list",
        previousResponseId: null,
        shared: 0,
        fresh,
      } as const;
      const sizes = { fresh: fresh.map(() => 18), members: [] };
      return maker.outline(ref, "thread", { window, sizes }).elements;
    };
    const first = read([{ value, source: moved.source }, {
      value,
      source: moved.source,
    }]);
    const [again] = read([moved]);
    assertEquals(again, first[1]);
    assertEquals(reads, ref === complete ? 0 : 1);
  }
});

Deno.test("a question that opens a payload several times reads it once", () => {
  const { trace, payloads } = openBundle(AGENTS);
  assert(payloads instanceof BundlePayloads);
  const [first, second] = trace.raw_payloads.values();
  assert(first !== undefined && second !== undefined);
  const files = () => payloads.counters.files;
  const { value } = payloads.open(first);
  assertEquals(payloads.open(first).value, value);
  assertEquals(files(), 1);
  // Its bytes are gone when those of another are read.
  payloads.bytes(second);
  assertEquals(payloads.open(first).value, value);
  assertEquals(files(), 3);
});

Deno.test("outlines of requests are dropped when they take too much memory", () => {
  const session = openBundle(AGENTS, { measuresRequests: true });
  const { trace, payloads } = session;
  assert(payloads instanceof BundlePayloads);
  const read = (max: number) => {
    const outlines = new RequestOutlines(session, max);
    return [...trace.inference_calls.values()].map((call) => {
      const { raw_request_payload_id: id, thread_id: thread } = call;
      const ref = trace.raw_payloads.get(id);
      assert(ref !== undefined);
      const request = payloads.readRequest(ref, thread);
      outlines.observeRequest(ref, thread, request);
      return outlines.of(id);
    });
  };
  const kept = read(Infinity);
  assert(kept.every((outline) => (outline?.length ?? 0) > 0));
  for (const { thread_id: id } of trace.threads.values()) {
    payloads.closeThread(id);
  }
  const limited = read(2 * 1024);
  assertEquals(limited[0]?.length, kept[0]?.length);
  assertEquals(limited.at(-1), undefined);
});
