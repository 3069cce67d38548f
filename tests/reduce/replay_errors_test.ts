/**
 * What a strict replay of schema 2 reports about each thing that may be wrong.
 *
 * @module
 */

import { assertEquals, assertInstanceOf } from "@std/assert";
import { join } from "@std/path";
import { replayBundle } from "../../lib/replay.ts";
import { NEWEST_SCHEMA } from "../../lib/schema/registry.ts";

/** A schema that is not known. */
const NEWER = NEWEST_SCHEMA.version + 1;

type Json = Record<string, unknown>;

/** A bundle on disk in the making: manifest, lines and payloads as texts. */
interface Draft {
  manifest: Json;
  lines: string[];
  readonly payloads: Map<string, string>;
}

const T = "thread";
const MANIFEST: Json = {
  schema_version: 2,
  trace_id: "trace",
  rollout_id: "rollout",
  root_thread_id: T,
  started_at_unix_ms: 1,
  raw_event_log: "trace.jsonl",
  payloads_dir: "payloads",
};

function line(seq: number, payload: Json, more: Json = {}): string {
  return JSON.stringify({
    schema_version: 2,
    seq,
    wall_time_unix_ms: seq,
    rollout_id: "rollout",
    thread_id: T,
    codex_turn_id: "turn",
    payload,
    ...more,
  });
}

function ref(n: number, kind = "protocol_event"): Json {
  const path = `payloads/${n}.json`;
  return { raw_payload_id: `raw_payload:${n}`, kind: { type: kind }, path };
}

const START: Json = {
  type: "thread_started",
  thread_id: T,
  agent_path: "/root",
};
const TURN: Json = {
  type: "codex_turn_started",
  codex_turn_id: "turn",
  thread_id: T,
};

/** The events after a thread and its turn. */
function after(...events: (Json | readonly [Json, Json])[]): Partial<Draft> {
  const result = [START, TURN, ...events].map((event, i) =>
    Array.isArray(event)
      ? line(i + 1, event[0], event[1])
      : line(i + 1, event as Json)
  );
  return { lines: result };
}

function withPayload(
  draft: Partial<Draft>,
  ...texts: string[]
): Partial<Draft> {
  const payloads = new Map(texts.map((text, i) => [`${i + 1}.json`, text]));
  return { ...draft, payloads };
}

function request(input: unknown, more: Json = {}): string {
  return JSON.stringify({ input, ...more });
}

const inference = (id = "call", more: Json = {}): Json => ({
  type: "inference_started",
  inference_call_id: id,
  thread_id: T,
  codex_turn_id: "turn",
  model: "m",
  provider_name: "p",
  request_payload: ref(1, "inference_request"),
  ...more,
});
const accepted = (id: string, message?: Json): Json => ({
  type: "history_item_accepted",
  item_id: id,
  ...(message === undefined ? {} : { agent_message_payload: message }),
});
const observed = (n: number): Json => ({
  type: "protocol_event_observed",
  event_type: "warning",
  event_payload: ref(n),
});
const tool = (id: string): Json => ({
  type: "tool_call_started",
  tool_call_id: id,
  requester: { type: "model" },
  kind: { type: "write_stdin" },
  summary: { type: "generic", label: "l" },
});
const stdin = (tool_call_id: string, exec_tool_call_id: string): Json => ({
  type: "stdin_target_resolved",
  tool_call_id,
  exec_tool_call_id,
});
const call = (text: string): Json => ({
  type: "function_call",
  call_id: "c",
  name: "n",
  arguments: text,
});

/** What is wrong → the bundle, and what is reported about it. */
const CASES: Readonly<Record<string, readonly [Partial<Draft>, string]>> = {
  "a newer schema": [
    { manifest: { ...MANIFEST, schema_version: NEWER } },
    `manifest.json, schema_version: the bundle has schema ${NEWER}, and this program knows schemas up to ${NEWEST_SCHEMA.version}: a newer version of it is needed`,
  ],
  "an event of another schema": [
    { lines: [line(1, START, { schema_version: 1 })] },
    'Cannot reduce "thread_started" at seq 1 (trace.jsonl line 1): schema 1 is not 2',
  ],
  "a gap in the sequence": [
    { lines: [line(1, START), "", line(3, TURN)] },
    'Cannot reduce "codex_turn_started" at seq 3 (trace.jsonl line 3): an event is missing or out of order, expected seq 2',
  ],
  "an event of another rollout": [
    { lines: [line(1, START, { rollout_id: "other" })] },
    'Cannot reduce "thread_started" at seq 1 (trace.jsonl line 1): event belongs to rollout "other"',
  ],
  "a line after the completion": [
    { lines: [line(1, { type: "recording_completed" }), "garbage"] },
    "trace.jsonl line 2 follows the completion of the recording",
  ],
  "an acceptance without thread": [
    after([accepted("i"), { thread_id: null }]),
    'Cannot reduce "history_item_accepted" at seq 3 (trace.jsonl line 3): the event names no thread',
  ],
  "an acceptance in an unknown thread": [
    after([accepted("i"), { thread_id: "none" }]),
    'Cannot reduce "history_item_accepted" at seq 3 (trace.jsonl line 3): thread "none" was never started',
  ],
  "a receipt of something else": [
    withPayload(
      after(accepted("i", ref(1))),
      JSON.stringify({
        type: "agent_message",
        id: "j",
        author: "/root",
        recipient: "/root",
        content: [{ type: "input_text", text: "t" }],
      }),
    ),
    'Cannot reduce "history_item_accepted" at seq 3 (trace.jsonl line 3): payload "raw_payload:1" is not an agent message with id "i"',
  ],
  "a resumed thread that is unknown": [
    after({ type: "thread_resumed", thread_id: "none" }),
    'Cannot reduce "thread_resumed" at seq 3 (trace.jsonl line 3): thread "none" was never started',
  ],
  "a resumed thread that has not ended": [
    after({ type: "thread_resumed", thread_id: T }),
    'Cannot reduce "thread_resumed" at seq 3 (trace.jsonl line 3): thread "thread" has not ended, so it cannot be resumed',
  ],
  "an unused payload that is missing": [
    after(observed(1)),
    'payload "raw_payload:1" ("payloads/1.json") does not exist',
  ],
  "an unused payload that is no JSON": [
    withPayload(after(observed(1)), "{"),
    'payload "raw_payload:1" ("payloads/1.json") is not JSON: ',
  ],
  "a write by an unknown call": [
    after(stdin("a", "b")),
    'Cannot reduce "stdin_target_resolved" at seq 3 (trace.jsonl line 3): tool call "a" was never started',
  ],
  "a write to an unknown call": [
    after(tool("a"), stdin("a", "b")),
    'Cannot reduce "stdin_target_resolved" at seq 4 (trace.jsonl line 4): tool call "b" was never started',
  ],
  "a request without input": [
    withPayload(after(inference()), "{}"),
    'Cannot reduce "inference_started" at seq 3 (trace.jsonl line 3): payload "raw_payload:1" ("payloads/1.json") has no list "input"',
  ],
  "a request that continues an unknown response": [
    withPayload(
      after(
        inference("a"),
        {
          type: "inference_completed",
          inference_call_id: "a",
          response_id: "r",
          response_payload: ref(2, "inference_response"),
        },
        inference("b", { request_payload: ref(3, "inference_request") }),
      ),
      request([call("1")]),
      '{"output_items": []}',
      request([], { previous_response_id: "none" }),
    ),
    'Cannot reduce "inference_started" at seq 5 (trace.jsonl line 5): inference "b" continues response "none", which no call of the thread has',
  ],
  "a call id with two calls": [
    withPayload(after(inference()), request([call("1"), call("2")])),
    'Cannot reduce "inference_started" at seq 3 (trace.jsonl line 3): call id "c" was used before for other content of kind function_call',
  ],
  "a runtime without kind": [
    after(tool("a"), {
      type: "tool_call_runtime_started",
      tool_call_id: "a",
      runtime_payload: ref(1),
    }),
    "trace.jsonl line 4, payload.kind: key is missing",
  ],
};

function replay(draft: Partial<Draft>): void {
  const dir = Deno.makeTempDirSync();
  try {
    Deno.mkdirSync(join(dir, "payloads"));
    Deno.writeTextFileSync(
      join(dir, "manifest.json"),
      JSON.stringify(draft.manifest ?? MANIFEST),
    );
    Deno.writeTextFileSync(
      join(dir, "trace.jsonl"),
      (draft.lines ?? []).map((each) => `${each}\n`).join(""),
    );
    for (const [name, text] of draft.payloads ?? []) {
      Deno.writeTextFileSync(join(dir, "payloads", name), text);
    }
    replayBundle(dir);
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
}

for (const [what, [draft, message]] of Object.entries(CASES)) {
  Deno.test(`replayBundle() reports what is wrong: ${what}`, () => {
    let words: unknown;
    try {
      replay(draft);
    } catch (error) {
      words = error;
    }
    assertInstanceOf(words, Error);
    assertEquals(words.message.slice(0, message.length), message);
  });
}
