import { assertEquals } from "@std/assert";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import { ROOT_ID } from "../support/bundles/host/scripted_host.ts";
import {
  inOrder,
  logOf,
  startRecording,
  typesOf,
} from "../support/bundles/host/recording.ts";

Deno.test("a code cell records its source and both its responses", () => {
  const { thread, store } = startRecording(1);
  const cell = thread.startCodeCell("turn", "1", "call", "text(1)");
  const output = {
    cell_id: "1",
    content_items: [],
    code_mode_host_duration: 1,
  };
  cell.recordInitialResponse({ Yielded: output });
  const result = { Result: { ...output, error_text: null } };
  thread.codeCell("turn", "1").recordEnded(result);
  const log = logOf(store);
  assertEquals(
    log.map(({ thread, turn }) => [thread, turn]),
    log.map(() => [ROOT_ID, "turn"]),
  );
  assertEquals(
    log.map(({ event }) => inOrder(event)),
    [
      inOrder({
        type: "code_cell_started",
        runtime_cell_id: "1",
        model_visible_call_id: "call",
        source_js: "text(1)",
      }),
      inOrder({
        type: "code_cell_initial_response",
        runtime_cell_id: "1",
        status: "yielded",
        response_payload: {
          kind: { type: "tool_result" },
          body: { response: { Yielded: output } },
        },
      }),
      inOrder({
        type: "code_cell_ended",
        runtime_cell_id: "1",
        status: "completed",
        response_payload: {
          kind: { type: "tool_result" },
          body: { response: result },
        },
      }),
    ],
  );
});

Deno.test("the status of a cell follows from its response", () => {
  const { thread, store } = startRecording();
  const cell = thread.codeCell("turn", "1");
  const output = { cell_id: "1", content_items: [] };
  cell.recordEnded({ Result: { ...output, error_text: "boom" } });
  cell.recordEnded({ Result: output });
  cell.recordEnded({ Terminated: output });
  cell.recordEnded({ Yielded: output });
  assertEquals(logOf(store).map(({ event }) => event["status"]), [
    "failed",
    "completed",
    "terminated",
    "yielded",
  ]);
});

Deno.test("a compaction records its requests and what it installed", () => {
  const { thread, store } = startRecording(1);
  const compaction = thread.compaction("turn", "cmp", "model", "provider");
  compaction.startAttempt({ input: [1] }).recordFailed("busy");
  compaction.startAttempt({ input: [2] }).recordCompleted([{ type: "x" }]);
  compaction.recordInstalled({ replacement_history: [3], input_history: [2] });
  const log = logOf(store);
  assertEquals(
    log.map(({ thread, turn }) => [thread, turn]),
    log.map(() => [ROOT_ID, "turn"]),
  );
  assertEquals(log.map(({ event }) => inOrder(event)), [
    inOrder({
      type: "compaction_request_started",
      compaction_id: "cmp",
      compaction_request_id: "compaction_request:1",
      thread_id: ROOT_ID,
      codex_turn_id: "turn",
      model: "model",
      provider_name: "provider",
      request_payload: {
        kind: { type: "compaction_request" },
        body: { input: [1] },
      },
    }),
    inOrder({
      type: "compaction_request_failed",
      compaction_id: "cmp",
      compaction_request_id: "compaction_request:1",
      error: "busy",
    }),
    inOrder({
      type: "compaction_request_started",
      compaction_id: "cmp",
      compaction_request_id: "compaction_request:2",
      thread_id: ROOT_ID,
      codex_turn_id: "turn",
      model: "model",
      provider_name: "provider",
      request_payload: {
        kind: { type: "compaction_request" },
        body: { input: [2] },
      },
    }),
    inOrder({
      type: "compaction_request_completed",
      compaction_id: "cmp",
      compaction_request_id: "compaction_request:2",
      response_payload: {
        kind: { type: "compaction_response" },
        body: { output_items: [{ type: "x" }] },
      },
    }),
    inOrder({
      type: "compaction_installed",
      compaction_id: "cmp",
      checkpoint_payload: {
        kind: { type: "compaction_checkpoint" },
        body: { input_history: [2], replacement_history: [3] },
      },
    }),
  ]);
});

Deno.test("only the first end of a request for a summary counts", () => {
  const { thread, store } = startRecording();
  const attempt = thread.compaction("turn", "cmp", "m", "p").startAttempt({});
  attempt.recordFailed("busy");
  attempt.recordCompleted([]);
  assertEquals(typesOf(store), [
    "compaction_request_started",
    "compaction_request_failed",
  ]);
});

Deno.test("recordCodeCellWaitTarget() names the cell that a call waits for, where the schema can", () => {
  for (const { version, write } of SCHEMAS) {
    const { thread, store, errors } = startRecording(version);
    thread.recordCodeCellWaitTarget("turn", "call", "1");
    const lines = logOf(store).map(({ thread, turn, event }) => ({
      thread,
      turn,
      event: inOrder(event),
    }));
    const event = inOrder({
      type: "code_cell_wait_target_resolved",
      tool_call_id: "call",
      runtime_cell_id: "1",
    });
    assertEquals(
      lines,
      write.unknownEvents.has("code_cell_wait_target_resolved")
        ? []
        : [{ thread: ROOT_ID, turn: "turn", event }],
    );
    assertEquals(errors, []);
  }
});
