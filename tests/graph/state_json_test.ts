import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { LimitError } from "../../lib/errors.ts";
import { existsSync, walkSync } from "@std/fs";
import { basename, dirname, join } from "@std/path";
import type { ConversationItem } from "../../lib/graph/conversation.ts";
import { SharedItemIdList } from "../../lib/graph/item_id_list.ts";
import type { RawPayloadRef } from "../../lib/format/payload.ts";
import type { RolloutTrace } from "../../lib/graph/rollout_trace.ts";
import { ElementBytes } from "../../lib/graph/view/encoded_list.ts";
import { writeStateJson } from "../../lib/graph/view/state_json.ts";
import { CORPUS } from "../support/cases.ts";
import { TESTDATA } from "../support/paths.ts";
import { loadState, rulesFor, stateText } from "../support/state_text.ts";

function statesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return Array.from(walkSync(folder), ({ path }) => path)
    .filter((path) => basename(path) === "expected.state.json").sort();
}

function assertRewritten(file: string): void {
  const text = Deno.readTextFileSync(file);
  assert(stateText(loadState(text)) === text, `${dirname(file)} differs`);
}

for (const file of statesBelow(join(TESTDATA, "upstream"))) {
  const name = basename(dirname(file));
  Deno.test(`writeStateJson() prints the state of ${name} as the reference does`, () => {
    assertRewritten(file);
  });
}

const corpus = statesBelow(CORPUS);
Deno.test({
  name:
    "writeStateJson() prints every state of the corpus as the reference does",
  // The corpus is beside the project on some machines only.
  ignore: corpus.length === 0,
  fn() {
    corpus.forEach(assertRewritten);
    assert(corpus.length > 100);
  },
});

const EMPTY: RolloutTrace = {
  schema_version: 2,
  trace_id: "t",
  rollout_id: "r",
  started_at_unix_ms: 1,
  ended_at_unix_ms: null,
  status: "running",
  root_thread_id: "T",
  threads: new Map(),
  codex_turns: new Map(),
  conversation_items: new Map(),
  inference_calls: new Map(),
  code_cells: new Map(),
  tool_calls: new Map(),
  terminal_sessions: new Map(),
  terminal_operations: new Map(),
  compactions: new Map(),
  compaction_requests: new Map(),
  interaction_edges: new Map(),
  raw_payloads: new Map(),
};

function item(parts: ConversationItem["body"]["parts"]): ConversationItem {
  return {
    item_id: "i",
    responses_item_id: "msg",
    accepted_at_unix_ms: 7,
    accepted_seq: 8,
    thread_id: "T",
    codex_turn_id: null,
    first_seen_at_unix_ms: 1,
    role: "user",
    channel: null,
    kind: "message",
    body: { parts },
    call_id: null,
    produced_by: [],
  };
}

function turnKeys(keys: string[]): RolloutTrace {
  const execution = {
    started_at_unix_ms: 1,
    started_seq: 1,
    ended_at_unix_ms: null,
    ended_seq: null,
    status: "running",
  } as const;
  const turn = { thread_id: "T", execution, input_item_ids: [] };
  return {
    ...EMPTY,
    codex_turns: new Map(
      keys.map((key) => [key, { codex_turn_id: key, ...turn }]),
    ),
  };
}

Deno.test("writeStateJson() prints an empty graph with empty maps and no final newline", () => {
  const text = stateText(EMPTY);
  assertEquals(text, JSON.stringify(JSON.parse(text), null, 2));
  assertStringIncludes(
    text,
    '"running",\n  "recording_complete": false,\n  "root_thread_id": "T",\n  "threads": {},',
  );
  assert(text.endsWith('"raw_payloads": {}\n}'));
});

Deno.test("writeStateJson() prints the keys of schema 2 in schema 2 only", () => {
  const graph: RolloutTrace = {
    ...EMPTY,
    recording_complete: true,
    conversation_items: new Map([["i", {
      ...item([{
        type: "payload_ref",
        label: "input_image",
        raw_payload_id: "p",
        content_sha256: "00",
      }]),
    }]]),
  };
  const keys = [
    "recording_complete",
    "responses_item_id",
    "accepted_at_unix_ms",
    "accepted_seq",
    "content_sha256",
  ];
  const two = stateText(graph);
  const one = stateText({ ...graph, schema_version: 1 });
  for (const key of keys) {
    assert(two.includes(`"${key}": `), key);
    assert(!one.includes(key), key);
  }
  const without = item([]);
  delete without.responses_item_id;
  delete without.accepted_seq;
  const bare = stateText({
    ...EMPTY,
    conversation_items: new Map([["i", without]]),
  });
  assert(!bare.includes("responses_item_id"));
  assertMatch(bare, /"item_id": "i",\n\s+"accepted_at_unix_ms": 7,\n/);
});

Deno.test("writeStateJson() prints 64-bit integers exactly", () => {
  const text = stateText({
    ...EMPTY,
    started_at_unix_ms: -9223372036854775808n,
    ended_at_unix_ms: 9007199254740993n,
  });
  assertStringIncludes(text, '"started_at_unix_ms": -9223372036854775808,\n');
  assertStringIncludes(text, '"ended_at_unix_ms": 9007199254740993,\n');
});

Deno.test("writeStateJson() sorts the keys of maps by their UTF-8 bytes", () => {
  const sorted = ["", "10", "2", "a:10", "a:2", "a:\uffff", "a:\u{10000}", "b"];
  for (const keys of [sorted, [...sorted].reverse(), sorted.slice(0, 5)]) {
    const text = stateText(turnKeys(keys));
    const printed = text.matchAll(/"codex_turn_id": (".*")/g);
    assertEquals(
      Array.from(printed, ([, key = ""]) => JSON.parse(key)),
      sorted.filter((key) => keys.includes(key)),
    );
  }
});

Deno.test("writeStateJson() escapes strings as the reference does", () => {
  const text = stateText({
    ...EMPTY,
    trace_id: '"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028é😀',
  });
  assertMatch(
    text,
    /"trace_id": "\\"\\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007f\u2028é😀",/,
  );
});

Deno.test("writeStateJson() sends chunks that are valid during the call, complete characters or not", () => {
  const long = "x" + "é😀\n".repeat(700_000);
  const graph = {
    ...EMPTY,
    conversation_items: new Map([["i", item([{ type: "text", text: long }])]]),
  };
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let chunks = 0;
  writeStateJson(graph, (chunk) => {
    text += decoder.decode(chunk, { stream: true });
    chunk.fill(0);
    chunks++;
  }, rulesFor(graph));
  assert(chunks > 4);
  const file = JSON.parse(text + decoder.decode());
  assert(file.conversation_items.i.body.parts[0].text === long);
});

Deno.test("writeStateJson() writes no more than its limit", () => {
  const long = "x".repeat(1_000_000);
  const graph = {
    ...EMPTY,
    conversation_items: new Map([["i", item([{ type: "text", text: long }])]]),
  };
  let written = 0;
  const count = (chunk: Uint8Array) => void (written += chunk.length);
  writeStateJson(graph, count, rulesFor(graph), 1_100_000);
  assert(written > 1_000_000);
  written = 0;
  const error = assertThrows(
    () => writeStateJson(graph, count, rulesFor(graph), 600_000),
    LimitError,
    '"state.json": the output exceeds the limit output=600000',
  );
  assertEquals([error.limit, written <= 600_000], ["output", true]);
});

Deno.test("writeStateJson() prints shared id lists of any length, in any order of lengths", () => {
  const ids = Array.from({ length: 30_000 }, (_, i) => `item "é" ${i}`);
  const storage = { length: ids.length, idAt: (i: number) => ids[i] ?? "" };
  const other = { length: 3, idAt: (i: number) => `other:${i}` };
  const plain = ["p:1", "p:2"];
  const lists = [
    ...[1, 0, 500, 30_000, 2, 29_999, 500].map((length) =>
      new SharedItemIdList(storage, length)
    ),
    new SharedItemIdList(other, 3),
    {
      length: 2,
      at: (i: number) => plain[i],
      toJSON: () => plain,
      [Symbol.iterator]: () => plain.values(),
    },
  ];
  const graph = {
    ...EMPTY,
    compactions: new Map(lists.map((input_item_ids, i) => [`c${i}`, {
      compaction_id: `c${i}`,
      thread_id: "T",
      codex_turn_id: "U",
      installed_at_unix_ms: 1,
      marker_item_id: "m",
      request_ids: [],
      input_item_ids,
      replacement_item_ids: ["r:1"],
    }])),
  };
  const text = stateText(graph);
  assert(text === JSON.stringify(JSON.parse(text), null, 2));
  const file: { compactions: Record<string, { input_item_ids: string[] }> } =
    JSON.parse(text);
  lists.forEach((list, i) => {
    assertEquals(file.compactions[`c${i}`]?.input_item_ids, list.toJSON());
  });
});

Deno.test("writeStateJson() prints lists of parts that share their first elements", () => {
  const refs = Array.from({ length: 300 }, (_, index): RawPayloadRef => ({
    raw_payload_id: `raw_payload:${index}`,
    kind: { type: "model_item" },
    shard: 1,
  }));
  const nested: RawPayloadRef = {
    raw_payload_id: "n",
    kind: { type: "content_value" },
    shard: 1,
    parts: refs.slice(0, 2),
  };
  const lists = [
    refs.slice(0, 3),
    refs,
    refs.slice(0, 200),
    [...refs.slice(0, 100), nested, ...refs.slice(50)],
    [nested, ...refs],
    refs.slice(7),
    refs,
  ];
  const payloads = lists.map((parts, index): [string, RawPayloadRef] => [
    `p${index}`,
    {
      raw_payload_id: `p${index}`,
      kind: { type: "prepared_prompt" },
      shard: 1,
      parts,
    },
  ]);
  const raw_payloads = new Map(payloads);
  const trace = { ...EMPTY, schema_version: 3, raw_payloads };
  const unshared = new Map(
    payloads.map(([id, ref]): [string, RawPayloadRef] => {
      const { parts = [], ...rest } = ref;
      return [id, { ...rest, parts: parts.map((part) => ({ ...part })) }];
    }),
  );
  const text = stateText(trace);
  assert(text === stateText({ ...trace, raw_payloads: unshared }));
  assertEquals(
    JSON.parse(text).raw_payloads,
    Object.fromEntries(payloads),
  );
});

Deno.test("elements that take too many bytes are printed all the same", () => {
  const list = Array.from({ length: 40 }, (_, index) => ({ id: index }));
  const elements = new ElementBytes(",", 100);
  const print = ({ id }: { id: number }) => `element ${id}`;
  const decoder = new TextDecoder();
  for (const given of [list, list.slice(0, 3), list.slice(1), list]) {
    const { bytes, length } = elements.first(given, print);
    assert(length >= Math.min(10, given.length) && length < 15);
    assertEquals(
      decoder.decode(bytes),
      given.slice(0, length).map(print).join(","),
    );
  }
});
