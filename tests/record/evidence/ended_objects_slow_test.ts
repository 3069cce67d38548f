/**
 * What ended long before: it is released, and still known.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { EndedObjects } from "../../../lib/record/evidence/ended_objects.ts";
import {
  HashedTexts,
  hashOf,
} from "../../../lib/record/evidence/hashed_texts.ts";
import type { ThreadTraceContext } from "../../../lib/record/thread.ts";
import { readEventLog } from "../../../lib/bundle/log/event_log.ts";
import { parseExact } from "../../../lib/format/json/json_parse.ts";
import { applyEvent } from "../../../lib/reduce/handlers.ts";
import { ReducerState } from "../../../lib/reduce/state/reducer_state.ts";
import { schemaNumbered } from "../../../lib/schema/registry.ts";
import { startRecording } from "../../support/bundles/host/recording.ts";
import { BEGIN, CALL, END, play, testEvery } from "./strict_recording.ts";

/** Runs a command in a turn of its own. */
function runCommand(thread: ThreadTraceContext, id: string): void {
  thread.recordCodexTurnStarted(id);
  const attempt = thread.inference(id, "m", "p").startAttempt();
  attempt.recordStarted({ input: [] });
  attempt.recordCompleted(`response-${id}`, null, null, []);
  const dispatch = thread.startToolDispatch(() => ({
    ...CALL,
    codex_turn_id: id,
    tool_call_id: id,
    requester: { type: "model", model_visible_call_id: id },
  }));
  thread.recordToolCallEvent(id, { ...BEGIN, call_id: id });
  thread.recordToolCallEvent(id, { ...END, call_id: id });
  dispatch.recordCompleted("completed", {
    type: "code_mode_response",
    value: 1,
  });
  thread.startCodeCell(id, id, id, "code").recordEnded({
    Result: { cell_id: id, content_items: [] },
  });
  thread.recordCodexTurnEvent(id, { type: "task_complete", turn_id: id });
}

testEvery("an id that ended thousands of calls before is not new", (schema) => {
  const { errors, trace } = play(schema, (thread) => {
    for (let call = 0; call < 700; call++) runCommand(thread, `${call}`);
    thread.recordCodexTurnStarted("0");
    thread.startToolDispatch(() => ({ ...CALL, tool_call_id: "1" }));
    thread.startToolDispatch(() => ({
      ...CALL,
      requester: { type: "model", model_visible_call_id: "2" },
    }));
    thread.recordToolCallEvent("turn", { ...END, call_id: "3" });
    runCommand(thread, "last");
  });
  assertEquals(errors, [
    'Cannot record "tool_call_started": tool "1" was started before',
    'Cannot record "tool_call_started": call "2" was started before',
    'Cannot record "tool_call_runtime_ended": tool call "3" ended long before',
  ]);
  assertEquals(trace.tool_calls.size, 701);
});

testEvery("the state of a check has the objects that ended last", (version) => {
  const { thread, store } = startRecording(version);
  for (let call = 0; call < 1500; call++) runCommand(thread, `${call}`);
  const schema = schemaNumbered(version);
  assert(schema !== undefined);
  let log = new TextEncoder().encode(store.text("trace.jsonl") ?? "");
  const source = {
    readSync: (buffer: Uint8Array) => {
      const read = Math.min(buffer.length, log.length);
      buffer.set(log.subarray(0, read));
      log = log.subarray(read);
      return read === 0 ? null : read;
    },
  };
  const document = {
    value: {},
    source: () => "{}",
    exact: () => parseExact("{}"),
    member: () => undefined,
    elements: () => undefined,
  };
  const manifest = JSON.parse(store.text("manifest.json") ?? "");
  const state = new ReducerState(manifest, schema.reduce, {
    register: () => {},
    open: () => document,
    openRequest: () => {
      throw new Error("a request is not read");
    },
    closeThread: () => {},
    verifyAll: () => {},
  });
  const dropped: string[] = [];
  const ended = new EndedObjects(state, (id) => dropped.push(id));
  for (const decoded of readEventLog(source, schema.events)) {
    const { payload } = decoded.event;
    // Items are not part of such a state.
    for (const key of ["request_payload", "response_payload"]) {
      if (!(key in payload)) continue;
      const capture = { status: "omitted", original_bytes: 1 } as const;
      Object.assign(payload, {
        [key]: { ...Object(payload)[key], capture },
      });
    }
    if (payload.type.startsWith("tool_call_runtime")) continue;
    ended.check(decoded.event);
    applyEvent(state, decoded);
    ended.observe(decoded.event);
  }
  const sizes = {
    turns: state.turns.size,
    inferences: state.inferences.size,
    tools: state.tools.graph.size,
  };
  for (const [name, size] of Object.entries(sizes)) {
    assert(size < 600, `${size} ${name}`);
  }
  assert(dropped.length > 900);
});

Deno.test("HashedTexts keeps a number for each of many texts", () => {
  const numbers = new HashedTexts();
  for (let i = 0; i < 20_000; i++) numbers.set(`text ${i}`, i);
  for (let i = 0; i < 20_000; i++) assertEquals(numbers.get(`text ${i}`), i);
  numbers.set("text 7", -1);
  assertEquals(
    [numbers.get("text 7"), numbers.get("other"), numbers.has("text 8")],
    [-1, undefined, true],
  );
  assert(Number.isSafeInteger(hashOf("")) && hashOf("") > 0);
  const long = "x".repeat(300);
  const hashes = new Set<number>();
  for (let at = 0; at < long.length; at++) {
    // Its highest bit, in each byte of a word.
    hashes.add(hashOf(`${long.slice(0, at)}8${long.slice(at + 1)}`));
    hashes.add(hashOf(long.slice(at)));
  }
  assertEquals(hashes.size, 2 * long.length);
});
