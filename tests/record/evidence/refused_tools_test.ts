/**
 * Tool calls and turns of a host: what readers refuse is left out and reported once, the rest is
 * recorded.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { BEGIN, CALL, END, play, testEvery } from "./strict_recording.ts";

testEvery(
  "what follows a call that the host failed to describe is withheld silently",
  (schema) => {
    const { errors, types } = play(schema, (thread) => {
      thread.startToolDispatch(() => {
        throw new Error("host's own bug");
      });
      thread.recordToolCallEvent("turn", BEGIN);
      thread.recordToolCallEvent("turn", END);
    });
    assertEquals(errors, ["Cannot record: host's own bug"]);
    assertEquals(types, ["thread_ended", "rollout_ended"]);
  },
);

testEvery(
  "an event about a call that was never started is left out",
  (schema) => {
    const { errors, types } = play(schema, (thread) => {
      thread.recordToolCallEvent("turn", BEGIN);
    });
    assertEquals(errors, [
      'Cannot record "tool_call_runtime_started": tool call "call" was never started',
    ]);
    assertEquals(types, ["thread_ended", "rollout_ended"]);
  },
);

testEvery("a second start of a call is left out, with its end", (schema) => {
  const { errors, trace } = play(schema, (thread) => {
    const first = thread.startToolDispatch(() => CALL);
    thread.startToolDispatch(() => CALL).recordFailed("second");
    first.recordCompleted("completed", {
      type: "code_mode_response",
      value: 1,
    });
  });
  assertEquals(errors, [
    'Cannot record "tool_call_started": tool call "call" was started already',
  ]);
  const [call] = trace.tool_calls.values();
  assertEquals(call?.execution.status, "completed");
});

testEvery("a start of a turn that is repeated is no loss", (schema) => {
  const { errors, trace } = play(schema, (thread) => {
    thread.recordCodexTurnEvent("turn", { type: "task_started" });
  });
  assertEquals([errors, trace.codex_turns.size], [[], 1]);
});

testEvery("arguments of the model that mean nothing are recorded", (schema) => {
  const { errors, trace } = play(schema, (thread) => {
    for (const tool_name of ["write_stdin", "wait"]) {
      thread.startToolDispatch(() => ({
        ...CALL,
        tool_name,
        tool_call_id: tool_name,
        requester: { type: "model", model_visible_call_id: tool_name },
      }));
    }
  });
  const invocations = trace.tool_calls.values()
    .map((call) => call.raw_invocation_payload_id);
  assertEquals(errors, []);
  assert([...invocations].every((id) => id !== null));
});

testEvery("a patch under the call of a command is recorded", (schema) => {
  const { errors, trace } = play(schema, (thread) => {
    const dispatch = thread.startToolDispatch(() => CALL);
    const patch = { call_id: "call", changes: {} };
    thread.recordToolCallEvent("turn", { type: "patch_apply_begin", ...patch });
    thread.recordToolCallEvent("turn", { type: "patch_apply_end", ...patch });
    dispatch.recordFailed("declined");
  });
  const [call] = trace.tool_calls.values();
  assertEquals(errors, []);
  assertEquals(call?.raw_runtime_payload_ids.length, 2);
});

testEvery("what runs in a turn of another session is recorded", (schema) => {
  const { errors, types } = play(schema, (thread) => {
    thread.recordToolCallEvent("review", BEGIN);
    thread.recordToolCallEvent("review", END);
  });
  assertEquals(errors, []);
  assertEquals(types.slice(0, 2), [
    "tool_call_runtime_started",
    "tool_call_runtime_ended",
  ]);
});

for (
  const [what, begin] of [
    ["a process id that is a number", { ...BEGIN, process_id: 5 }],
    ["no command", { ...BEGIN, command: undefined }],
    ["nothing of a command", { type: BEGIN.type, call_id: "call" }],
  ] as const
) {
  testEvery(
    `the begin of a command with ${what} is left out, with its end`,
    (schema) => {
      const { errors, trace } = play(schema, (thread) => {
        thread.startToolDispatch(() => CALL);
        thread.recordToolCallEvent("turn", begin);
        thread.recordToolCallEvent("turn", END);
      });
      assertEquals(errors.length, 1);
      assertEquals(
        [trace.tool_calls.size, trace.terminal_operations.size],
        [1, 0],
      );
    },
  );
}
