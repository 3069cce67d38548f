/**
 * Requests that differ from the one before in any way: what is shared with it never shows.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { SCHEMAS } from "../../../lib/schema/registry.ts";
import type { Schema } from "../../../lib/schema/schema.ts";
import { testEvery, usesShards } from "../../support/every_schema.ts";
import fc from "../../support/random_seed.ts";
import { BundleFolder } from "../../robustness/fuzz/files.ts";
import { outcomeText, replayed } from "../../robustness/fuzz/outcome.ts";
import { shardBytes, shardPath } from "../../support/bundles/shards.ts";

const RUNS = 200;
const encoder = new TextEncoder();

/** A few items, so that histories repeat themselves and nearly do. */
const ITEMS: readonly string[] = [
  ...[
    "a",
    "b",
    "b ",
    "\\u0062",
    "é",
    "\u{1f30d}".repeat(20),
    '\\"],\\"input\\":[',
  ].map((
    text,
  ) =>
    `{"type":"message","role":"user","content":[{"type":"input_text","text":"${text}"}]}`
  ),
  '{"type": "message","role":"user","content":[{"type":"input_text","text":"a"}]}',
  '{"role":"assistant","type":"message","content":[{"type":"output_text","text":"c"}]}',
  '{"type":"message","id":"m1","role":"user","content":[{"type":"input_text","text":"d"}]}',
  '{"type":"function_call","name":"f","arguments":"{\\"x\\":1.0}","call_id":"k"}',
  '{"type":"function_call_output","call_id":"k","output":"o"}',
  '{"type":"reasoning","summary":[],"encrypted_content":"e"}',
  '{"type":"unknown","n":1e2}',
];

const edit = fc.oneof(
  { withCrossShrink: true },
  {
    weight: 6,
    arbitrary: fc.record({
      how: fc.constant("push"),
      at: fc.nat(20),
      item: fc.nat(20),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      how: fc.constantFrom("drop", "set", "insert", "double", "cut", "clear"),
      at: fc.nat(20),
      item: fc.nat(20),
    }),
  },
);

/** How the file of a request is spelled and what is beside its items. */
const layout = fc.record({
  gap: fc.constantFrom("", "", "", "\n  ", " "),
  before: fc.constantFrom(
    ..."0 0 0 1 2 3".split(" ").map(Number),
  ),
  after: fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom("", ',"z":[1,2]') },
    {
      weight: 3,
      arbitrary: fc.constantFrom(',"previous_response_id":"r1"', ',"input":[]'),
    },
    { weight: 1, arbitrary: fc.constant(",") },
  ),
  damage: fc.oneof(
    { weight: 40, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.record({ at: fc.nat(4000), byte: fc.nat(255) }),
    },
  ),
});

const request = fc.record({
  edits: fc.array(edit, { maxLength: 3 }),
  layout,
  thread: fc.nat(1),
});
type Request = typeof request extends fc.Arbitrary<infer R> ? R : never;

const BEFORE: readonly string[] = [
  "",
  '"model":"x",',
  '"instructions":"input\\":[",',
  '"input":[],',
];

function changed(
  history: readonly string[],
  edits: Request["edits"],
): string[] {
  const items = [...history];
  for (const { how, at, item } of edits) {
    const i = at % (items.length + 1);
    const text = ITEMS[item % ITEMS.length] ?? "null";
    if (how === "push") items.push(text);
    if (how === "drop") items.splice(i, 1);
    if (how === "set") items.splice(i, 1, text);
    if (how === "insert") items.splice(i, 0, text);
    if (how === "double") items.push(...items.slice(i, i + 2));
    if (how === "cut") items.splice(i);
    if (how === "clear") items.splice(0);
  }
  return items;
}

function bytesOf(items: readonly string[], how: Request["layout"]): Uint8Array {
  const { gap, before, after, damage } = how;
  const list = items.map((item) => `${gap}${item}`).join(",");
  const text = `{${gap}${
    BEFORE[before] ?? ""
  }"input":${gap}[${list}${gap}]${after}}`;
  const bytes = encoder.encode(text);
  if (damage !== null) bytes[damage.at % bytes.length] = damage.byte;
  return bytes;
}

/** Puts the payload `n` among the files, as a file of its own. */
function putFile(
  files: Map<string, Uint8Array>,
  n: number,
  type: string,
  bytes: Uint8Array,
): object {
  const path = `payloads/${n}.json`;
  files.set(path, bytes);
  return { raw_payload_id: `p${n}`, kind: { type }, path };
}

/** Puts the payload `n` among the files, as the only record of a shard. */
function putRecord(
  files: Map<string, Uint8Array>,
  n: number,
  type: string,
  bytes: Uint8Array,
): object {
  const id = `p${n}`;
  files.set(
    shardPath(n),
    shardBytes([{ id, data: bytes }], { coding: "plain" }),
  );
  return { raw_payload_id: id, kind: { type }, shard: n };
}

function bundleOf(
  requests: readonly Request[],
  schema: Schema,
): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const events: object[] = [
    { type: "rollout_started", trace_id: "x", root_thread_id: "t0" },
    ...[0, 1].flatMap((n) => [
      {
        type: "thread_started",
        thread_id: `t${n}`,
        agent_path: "/root",
        metadata_payload: null,
      },
      {
        type: "codex_turn_started",
        codex_turn_id: `u${n}`,
        thread_id: `t${n}`,
      },
    ]),
  ];
  const histories: string[][] = [[], []];
  requests.forEach(({ edits, layout, thread }, n) => {
    const items = changed(histories[thread] ?? [], edits);
    histories[thread] = items;
    const store = usesShards(schema) ? putRecord : putFile;
    const request = store(
      files,
      n,
      "inference_request",
      bytesOf(items, layout),
    );
    const prompt = () =>
      store(
        files,
        requests.length + n,
        "prepared_prompt",
        encoder.encode("{}"),
      );
    events.push({
      type: "inference_started",
      inference_call_id: `i${n}`,
      thread_id: `t${thread}`,
      codex_turn_id: `u${thread}`,
      model: "m",
      provider_name: "p",
      request_payload: request,
      ...(schema.reduce.preparesPrompts
        ? { prepared_prompt_payload: prompt() }
        : {}),
    });
  });
  const log = events.map((payload, n) =>
    JSON.stringify({
      schema_version: schema.version,
      seq: n + 1,
      wall_time_unix_ms: n,
      rollout_id: "r",
      thread_id: null,
      codex_turn_id: null,
      payload,
    }) + "\n"
  ).join("");
  const manifest = {
    schema_version: schema.version,
    trace_id: "x",
    rollout_id: "r",
    root_thread_id: "t0",
    started_at_unix_ms: 1,
    raw_event_log: "trace.jsonl",
    payloads_dir: "payloads",
  };
  return files.set("trace.jsonl", encoder.encode(log))
    .set("manifest.json", encoder.encode(JSON.stringify(manifest)));
}

testEvery(
  SCHEMAS,
  "replayBundle() ends the same without sharing, however requests differ",
  (schema) => {
    using folder = new BundleFolder();
    let reduced = 0;
    fc.assert(
      fc.property(
        fc.array(request, { minLength: 1, maxLength: 9 }),
        (requests) => {
          const dir = folder.put(bundleOf(requests, schema));
          for (const tolerant of [false, true]) {
            const shared = replayed(dir, { tolerant });
            const plain = replayed(dir, { tolerant, sharePrefixes: false });
            assert(
              shared.kind !== "crash" && plain.kind !== "crash",
              outcomeText(shared),
            );
            assertEquals(outcomeText(shared), outcomeText(plain));
            if (shared.kind === "state" && !tolerant) reduced++;
          }
        },
      ),
      { numRuns: RUNS },
    );
    assert(reduced > RUNS / 10, `only ${reduced} were reduced strictly`);
  },
);
