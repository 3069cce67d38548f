/**
 * The codecs of the graph: keys by schema, and the keys of a schema that is made up.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { DecodeError } from "../../lib/format/decode/decode.ts";
import {
  type AnyCodec,
  type AnyFields,
  type Codec,
  int64,
  list,
  nullable,
  optional,
  record,
  type RecordName,
  type StateRules,
  string,
  versioned,
} from "../../lib/graph/codec/codec.ts";
import { readerOf } from "../../lib/graph/codec/read.ts";
import { rolloutTrace } from "../../lib/graph/codec/rollout_trace.ts";
import type { CodexTurn } from "../../lib/graph/session.ts";
import type { RolloutTrace } from "../../lib/graph/rollout_trace.ts";
import { decodeState } from "../../lib/query/session/state_file.ts";
import { stateJson } from "../../lib/graph/view/state_json.ts";
import { GOOD_STATE } from "../support/cli.ts";
import { FULL_PAYLOAD, smallGraph } from "./small_graph.ts";
import { rulesOf, stateText } from "../support/state_text.ts";

const SCHEMAS = [1, 2, 3] as const;

function rulesOfKnown(schema: number): StateRules {
  const rules = rulesOf(schema);
  assert(rules !== undefined);
  return rules;
}

/** The keys of the only payload of a state. */
function payloadKeys(state: string): string[] {
  const { raw_payloads: payloads } = JSON.parse(state);
  return Object.keys(payloads.p);
}

Deno.test("each schema prints its own keys of a payload and of the root", () => {
  const [one, two, three] = SCHEMAS.map((schema) =>
    stateText(smallGraph(schema, FULL_PAYLOAD))
  );
  assert(one !== undefined && two !== undefined && three !== undefined);
  assertEquals(payloadKeys(one), ["raw_payload_id", "kind", "path"]);
  assertEquals(payloadKeys(two), ["raw_payload_id", "kind", "path"]);
  assertEquals(payloadKeys(three), [
    "raw_payload_id",
    "kind",
    "shard",
    "capture",
    "parts",
  ]);
  assert(!/recording_/.test(one));
  assert(/"status": "\w+",\n {2}"recording_complete": false,\n/.test(two));
  assert(!/recording_status/.test(two));
  assert(/"status": "\w+",\n {2}"recording_status": "unclosed",\n/.test(three));
  assert(!/recording_complete/.test(three));
});

const { parts: _, ...PLAIN } = FULL_PAYLOAD;

Deno.test("a key that a schema requires must be there", () => {
  const cases: readonly (readonly [number, string, string])[] = [
    [1, "path", "raw_payloads.p.path"],
    [2, "path", "raw_payloads.p.path"],
    [2, "recording_complete", "recording_complete"],
    [3, "shard", "raw_payloads.p.shard"],
    [3, "recording_status", "recording_status"],
  ];
  for (const [schema, key, path] of cases) {
    const state = stateText(smallGraph(schema, PLAIN))
      .replace(`"${key}":`, `"no_${key}":`);
    const error = assertThrows(() => decodeState(state, rulesOf), DecodeError);
    assertEquals([error.reason, error.path], ["key is missing", path]);
  }
});

Deno.test("a key that a schema does not have is ignored, whatever its value", () => {
  const ofOthers = {
    1: { root: ["recording_complete", "recording_status"], payload: ["shard"] },
    2: { root: ["recording_status"], payload: ["shard", "capture", "parts"] },
    3: { root: ["recording_complete"], payload: ["path"] },
  };
  const members = (keys: readonly string[]) =>
    keys.map((key) => `"${key}": [7], `).join("");
  for (const schema of SCHEMAS) {
    const state = stateText(smallGraph(schema, PLAIN));
    const { root, payload } = ofOthers[schema];
    const more = state
      .replace('"trace_id":', `${members(root)}"trace_id":`)
      .replace('"kind":', `${members(payload)}"kind":`);
    assert(more.length > state.length);
    const read = decodeState(more, rulesOf);
    assertEquals(stateText(read), state, `schema ${schema}`);
    assertEquals(read, decodeState(state, rulesOf));
  }
});

Deno.test("types that a schema does not have are unknown to it", () => {
  const state = stateText(smallGraph(2, FULL_PAYLOAD));
  const kinds = state.replace('"inference_request"', '"model_item"');
  const error = assertThrows(() => decodeState(kinds, rulesOf), DecodeError);
  assertEquals(error.path, "raw_payloads.p.kind.type");
});

Deno.test("a thread whose start was lost is of unknown origin in every schema", () => {
  const origin = GOOD_STATE.replace('"type": "root"', '"type": "unknown"');
  assert(origin !== GOOD_STATE);
  const [thread] = decodeState(origin, rulesOf).threads.values();
  assertEquals(thread?.origin, { type: "unknown" });
});

/** The members of the records of every name, by the tables. */
function tables(): Map<RecordName, Set<string>> {
  const found = new Map<RecordName, Set<string>>();
  const seen = new Set<AnyCodec>();
  const fields = (name: RecordName, table: AnyFields) => {
    const keys = found.get(name) ?? new Set();
    found.set(name, keys);
    for (const [key, field] of Object.entries(table)) {
      keys.add(key);
      walk("form" in field ? field : field.codec);
    }
  };
  const walk = (codec: AnyCodec): void => {
    const { form } = codec;
    if (seen.has(codec)) return;
    seen.add(codec);
    if (form.type === "record") fields(form.name, form.fields);
    else if (form.type === "variants") {
      for (const [type, table] of Object.entries(form.types)) {
        fields(form.name, table);
        found.get(form.name)?.add(`type ${type}`);
      }
    } else if (form.type === "embedded") walk(form.of());
    else if ("of" in form) walk(form.of);
  };
  walk(rolloutTrace);
  return found;
}

Deno.test("everything that a schema does not have is in the tables", () => {
  const known = tables();
  const has = (name: string, key: string) =>
    [...known].some(([each, keys]) => each === name && keys.has(key));
  for (const schema of SCHEMAS) {
    const { absent, absentTypes } = rulesOfKnown(schema);
    for (const [name, keys] of Object.entries(absent)) {
      for (const key of keys) assert(has(name, key), `${name}.${key}`);
    }
    for (const [name, types] of Object.entries(absentTypes ?? {})) {
      for (const type of types) {
        assert(has(name, `type ${type}`), `${name} ${type}`);
      }
    }
  }
});

/** A schema that is made up: it adds keys at several places, and lacks one. */
const MADE_UP: StateRules = {
  ...rulesOfKnown(2),
  absent: { ...rulesOfKnown(2).absent, thread: ["nickname"] },
  added: {
    root: [{ key: "host", codec: versioned(string, "?"), after: "status" }],
    turn: [
      { key: "omitted", codec: list(nullable(int64)), after: "thread_id" },
      { key: "omitted_by", codec: optional(string), after: "omitted" },
    ],
    origin: [{ key: "depth", codec: optional(int64), after: "type" }],
    part: [{ key: "tokens", codec: optional(int64), after: "text" }],
  },
};

Deno.test("a schema adds keys to records without a change of the tables", () => {
  const two = GOOD_STATE.replace(
    '"schema_version": 1',
    '"schema_version": 2',
  ).replace(
    '"root_thread_id"',
    '"recording_complete": false,\n  "root_thread_id"',
  );
  const base = decodeState(two, rulesOf);
  const [turnId, turn] = [...base.codex_turns][0] ?? [];
  assert(turn !== undefined && turnId !== undefined);
  const more = { omitted: [1, null], omitted_by: "rule" };
  const trace: RolloutTrace = {
    ...base,
    schema_version: 99,
    codex_turns: new Map([[turnId, { ...turn, ...more }]]),
  };
  const state = stateJson(trace, MADE_UP);
  const file = JSON.parse(state);
  assertEquals(Object.keys(file).slice(5, 8), [
    "status",
    "host",
    "recording_complete",
  ]);
  assertEquals(file.host, "?");
  assertEquals(Object.keys(file.codex_turns[turnId]).slice(0, 4), [
    "codex_turn_id",
    "thread_id",
    "omitted",
    "omitted_by",
  ]);
  assert(!state.includes('"nickname"'));
  const rules = (schema: number) => schema === 99 ? MADE_UP : undefined;
  const read = decodeState(state, rules);
  assertEquals(stateJson(read, MADE_UP), state);
  const lacking = state.replace('"omitted":', '"lost":');
  const error = assertThrows(() => decodeState(lacking, rules), DecodeError);
  assertEquals(error.path, `codex_turns.${turnId}.omitted`);
  const wrong = state.replace('"type": "root"', '"type": "root", "depth": "x"');
  assert(wrong !== state);
  assertThrows(() => decodeState(wrong, rules), DecodeError, "origin.depth");
  const deep = state.replace('"type": "root"', '"type": "root", "depth": 3');
  assert(/"depth": 3\n/.test(stateJson(decodeState(deep, rules), MADE_UP)));
  assertThrows(() => decodeState(state, rulesOf), DecodeError, "schema 99");
});

Deno.test("a key cannot be added after one that the record does not have", () => {
  const rules: StateRules = {
    absent: {},
    added: { turn: [{ key: "x", codec: string, after: "y" }] },
  };
  const turn: Codec<Pick<CodexTurn, "thread_id">> = record("turn", {
    thread_id: string,
  });
  assertThrows(
    () => readerOf(turn, rules),
    RangeError,
    '"turn" has no key "y"',
  );
});
