import { assertEquals } from "@std/assert";
import { CodeCellTraceContext } from "../../lib/record/code_cell.ts";
import { CompactionTraceContext } from "../../lib/record/compaction.ts";
import { InferenceTraceContext } from "../../lib/record/inference.ts";
import { NOOP_RECORDER } from "../../lib/record/recorder.ts";
import { ThreadTraceContext } from "../../lib/record/thread.ts";
import { ToolDispatchTraceContext } from "../../lib/record/tool/tool_dispatch.ts";
import {
  playSession,
  ROOT_METADATA,
} from "../support/bundles/host/scripted_host.ts";

/** A value that must not be looked into. */
function untouchable<T extends object>(like: T): T {
  const refuse = () => {
    throw new Error("evaluated");
  };
  return new Proxy(like, { get: refuse, has: refuse, ownKeys: refuse });
}

Deno.test({
  name: "a disabled context plays a complete session without any permission",
  permissions: "none",
  fn: () => {
    const thread = playSession(ThreadTraceContext.disabled());
    assertEquals(thread.isEnabled(), false);
    assertEquals(thread.bundleDirectory, undefined);
  },
});

Deno.test("a disabled context looks into nothing it is given", () => {
  const thread = ThreadTraceContext.disabled();
  const event = untouchable({ type: "warning" });
  thread.startChildThread({ ...ROOT_METADATA }).recordEnded("completed");
  thread.recordProtocolEvent(event);
  thread.recordCodexTurnEvent("turn", event);
  thread.recordToolCallEvent("turn", event);
  thread.recordHistoryItemAccepted("turn", "item", untouchable({}));
  thread.recordAgentResultInteraction(
    "turn",
    "parent",
    untouchable({ child_agent_path: "", message: "", status: null }),
  );
  thread.startToolDispatch(() => {
    throw new Error("evaluated");
  });
  thread.recordCodeCellWaitTarget("turn", "call", "1");
  const output = { cell_id: "", content_items: [] };
  const response = untouchable({ Yielded: output });
  thread.startCodeCell("turn", "1", "call", "js").recordEnded(response);
  const attempt = thread.inference("turn", "m", "p").startAttempt();
  assertEquals(attempt.requestHeaders(), {});
  attempt.recordStarted(untouchable({}), untouchable({}));
  attempt.recordCompleted(null, null, null, untouchable([]));
  const compaction = thread.compaction("turn", "c", "m", "p");
  compaction.startAttempt(untouchable({})).recordCompleted(untouchable([]));
  compaction.recordInstalled(
    untouchable({ input_history: [], replacement_history: [] }),
  );
  const meta = untouchable({});
  assertEquals(thread.startMcpCall("call").addRequestMeta(meta) === meta, true);
});

Deno.test("every handle has a disabled form", () => {
  const attempt = InferenceTraceContext.disabled().startAttempt();
  attempt.recordStarted(untouchable({}));
  attempt.recordFailed("", null, untouchable([]));
  CompactionTraceContext.disabled().startAttempt(untouchable({}));
  const output = { cell_id: "", content_items: [] };
  CodeCellTraceContext.disabled()
    .recordInitialResponse(untouchable({ Terminated: output }));
  const tool = ToolDispatchTraceContext.disabled();
  tool.recordFailed("");
  tool.recordAborted();
  assertEquals(tool.isEnabled(), false);
  assertEquals(attempt.requestHeaders(), {});
});

Deno.test("NOOP_RECORDER evaluates nothing and uses up no id", () => {
  const recorded = NOOP_RECORDER.record(() => {
    throw new Error("evaluated");
  });
  assertEquals(recorded, false);
  assertEquals(NOOP_RECORDER.newId(), "");
  assertEquals(NOOP_RECORDER.nextCompactionRequestId(), "");
});
