/**
 * Requests and items of a host: what readers refuse is left out and reported once, the rest is
 * recorded.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { MemoryStore } from "../../../lib/bundle/write/store.ts";
import { ThreadTraceContext } from "../../../lib/record/thread.ts";
import { typesOf } from "../../support/bundles/host/recording.ts";
import { ROOT_METADATA } from "../../support/bundles/host/scripted_host.ts";
import { play, testEvery } from "./strict_recording.ts";

for (
  const [what, request, reason] of [
    ["whose input is a text", { input: "hello" }, 'it has no list "input"'],
    ["without input", { messages: [] }, 'it has no list "input"'],
    ["that is a text", "hello", 'it has no list "input"'],
    ["with an item without type", { input: [{}] }, "input[0] is not readable"],
    [
      "that nests too deep",
      { input: [], tools: JSON.parse("[".repeat(127) + "]".repeat(127)) },
      "it nests deeper than 127, which no reader takes",
    ],
    ["with an item that is no object", { input: [5] }, "input[0] is not"],
    [
      "with a message without a role",
      { input: [{ type: "message", content: [] }] },
      "input[0] is not readable",
    ],
  ] as const
) {
  testEvery(`a request ${what} is left out, with its response`, (schema) => {
    const { errors, types } = play(schema, (thread) => {
      const attempt = thread.inference("turn", "m", "p").startAttempt();
      attempt.recordStarted(request);
      attempt.recordCompleted("resp", null, null, []);
    });
    assertEquals(errors.length, 1);
    assert(errors[0]?.includes(`Cannot record "inference_started": ${reason}`));
    assertEquals(types, ["thread_ended", "rollout_ended"]);
  });
}

for (
  const [what, item] of [
    ["of an unknown type", { type: "unknown", text: "a" }],
    ["with an unknown role", { type: "message", role: "wizard", content: [] }],
    ["that is reasoning without content", { type: "reasoning" }],
    ["with an integer beyond 64 bits", {
      type: "agent_message",
      author: "/root",
      recipient: "/root/a",
      content: [{ type: "input_text", text: "x" }],
      n: 1e20,
    }],
  ] as const
) {
  testEvery(`an item ${what} is recorded wherever it is`, (schema) => {
    const { errors, trace } = play(schema, (thread) => {
      const attempt = thread.inference("turn", "m", "p").startAttempt();
      attempt.recordStarted({ input: [item] });
      attempt.recordCompleted("resp", null, null, [item]);
      thread.compaction("turn", "c", "m", "p")
        .recordInstalled({ input_history: [item], replacement_history: [] });
    });
    assertEquals(errors, []);
    const [call] = trace.inference_calls.values();
    const lists = [call?.request_item_ids, call?.response_item_ids];
    assertEquals(lists.map((ids) => ids?.length), [1, 1]);
    assertEquals(trace.compactions.size, 1);
  });
}

testEvery(
  "only the first request of a thread may add to a response that is not recorded",
  (schema) => {
    const { errors, trace } = play(schema, (thread) => {
      const item = { type: "message", role: "user", content: [] };
      for (const input of [[], [item], [item]]) {
        const attempt = thread.inference("turn", "m", "p").startAttempt();
        attempt.recordStarted({ input, previous_response_id: "lost" });
      }
    });
    assertEquals(errors, [
      'Cannot record "inference_started": it adds to response "lost", which the log does not have',
    ]);
    assertEquals(trace.inference_calls.size, 2);
  },
);

testEvery(
  "a call id has one call, also when a request with it was left out",
  (schema) => {
    const call = { type: "function_call", call_id: "c", name: "f" };
    const { errors, trace } = play(schema, (thread) => {
      const attempt = thread.inference("turn", "m", "p").startAttempt();
      const first = { ...call, arguments: "{}" };
      attempt.recordStarted({ input: [first, {}] });
      const second = thread.inference("turn", "m", "p").startAttempt();
      second.recordStarted({ input: [first] });
      const other = { ...call, arguments: "[]" };
      second.recordCompleted("resp", null, null, [other]);
    });
    assertEquals(errors.length, 2);
    assertEquals(trace.conversation_items.size, 1);
  },
);

testEvery("nesting that readers take is recorded", (schema) => {
  const tools = JSON.parse("[".repeat(126) + "]".repeat(126));
  const content = JSON.parse("[".repeat(124) + "]".repeat(124));
  const item = { type: "message", role: "user", content };
  const { errors, trace } = play(schema, (thread) => {
    const attempt = thread.inference("turn", "m", "p").startAttempt();
    attempt.recordStarted({ input: [item], tools });
  });
  assertEquals([errors, trace.inference_calls.size], [[], 1]);
});

testEvery("a call id has one call in a thread", (schema) => {
  const call = { type: "function_call", call_id: "c", name: "f" };
  const { errors, trace } = play(schema, (thread) => {
    const attempt = thread.inference("turn", "m", "p").startAttempt();
    attempt.recordStarted({ input: [{ ...call, arguments: "{}" }] });
    const other = { ...call, arguments: "[]" };
    attempt.recordCompleted("resp", null, null, [other]);
  });
  assertEquals(errors, [
    'Cannot record "inference_completed": function_call c was another call before',
  ]);
  assertEquals(trace.conversation_items.size, 1);
});

testEvery(
  "an error that is longer than a line may be is left out",
  (schema) => {
    const { errors, trace } = play(schema, (thread) => {
      const attempt = thread.inference("turn", "m", "p").startAttempt();
      attempt.recordStarted({ input: [] });
      attempt.recordFailed("e".repeat(16 * 1024 * 1024), null, []);
    });
    assertEquals(errors, [
      'Cannot record "inference_failed": its line has more than the 16777216 bytes that readers take',
    ]);
    assertEquals(trace.inference_calls.size, 1);
  },
);

Deno.test("a host can ask that all events are recorded", () => {
  const store = new MemoryStore();
  const errors: string[] = [];
  const thread = ThreadTraceContext.startRoot(store, ROOT_METADATA, {
    events: "all",
    onError: (error) => errors.push(error.message),
  });
  const attempt = thread.inference("turn", "m", "p").startAttempt();
  attempt.recordStarted({ input: [{}] });
  assertEquals([typesOf(store), errors], [["inference_started"], []]);
});

Deno.test("a tool output too deep for a request is refused there after its receipt, too", () => {
  const nested = JSON.parse(`${"[".repeat(125)}${"]".repeat(125)}`);
  const output = {
    type: "function_call_output",
    id: "fco",
    call_id: "c",
    output: nested,
  };
  const { errors } = play(3, (thread) => {
    thread.recordHistoryItemAccepted("turn", "fco", output);
    const attempt = thread.inference("turn", "m", "p").startAttempt();
    attempt.recordStarted({ input: [output] });
  });
  assertEquals(errors.map((error) => error.split(":")[0]), [
    'Cannot record "inference_started"',
  ]);
});
