/**
 * A scripted session that uses every context method and every event type.
 *
 * @module
 */

import type { BundleStore } from "../../../../lib/bundle/write/store.ts";
import type { ThreadStartedTraceMetadata } from "../../../../lib/record/thread_events.ts";
import type { RootTraceOptions } from "../../../../lib/record/root.ts";
import { ThreadTraceContext } from "../../../../lib/record/thread.ts";
import {
  NEWEST_SCHEMA,
  schemaNumbered,
} from "../../../../lib/schema/registry.ts";
import { playAgents } from "./agents.ts";
import { playCodeCells } from "./cells.ts";
import {
  assistantMessage,
  customCall,
  functionCall,
  outputOf,
  pictureMessage,
  reasoning,
  userMessage,
} from "./items.ts";
import { FakeThread, MODEL, PROVIDER } from "./thread.ts";

/** Id of the root thread. */
export const ROOT_ID = "019f0000-0000-7000-8000-0000000000aa";

/** Metadata of the root thread. */
export const ROOT_METADATA: ThreadStartedTraceMetadata = {
  thread_id: ROOT_ID,
  agent_path: "/root",
  session_source: "exec",
  cwd: "/workspace",
  rollout_path: "/home/sessions/rollout.jsonl",
  model: MODEL,
  provider_name: PROVIDER,
  approval_policy: "never",
  sandbox_policy: "DangerFullAccess",
};

/** A clock and ids that are the same in every run. */
export function deterministic(): Required<
  Pick<RootTraceOptions, "now" | "newId">
> {
  let time = 1_700_000_000_000;
  let id = 0;
  return {
    now: () => time++,
    newId: () =>
      `00000000-0000-4000-8000-${(++id).toString(16).padStart(12, "0")}`,
  };
}

/** Whether the events of a schema can record that a request continues a warm-up. */
export function recordsWarmUps(schemaVersion?: number): boolean {
  const schema = schemaNumbered(schemaVersion ?? NEWEST_SCHEMA.version);
  return schema?.write.preparesPrompts === true;
}

/**
 * Plays the complete session.
 *
 * @param target A root context, or where to record one: a folder for bundles or a store.
 * @returns The root context.
 */
export function playSession(
  target: ThreadTraceContext | string | BundleStore,
  schemaVersion?: number,
  options: RootTraceOptions = {},
): ThreadTraceContext {
  const trace = target instanceof ThreadTraceContext
    ? target
    : ThreadTraceContext.startRootOrDisabled(ROOT_METADATA, {
      ...deterministic(),
      ...schemaVersion === undefined ? {} : { schemaVersion },
      ...options,
      root: target,
    });
  const root = new FakeThread(trace, ROOT_ID);
  trace.recordProtocolEvent({
    type: "session_configured",
    session_id: ROOT_ID,
  });
  trace.recordProtocolEvent({ type: "warning", message: "only a warning" });
  trace.recordProtocolEvent({ type: "token_count", info: null });
  playTools(root);
  playFailures(root);
  playCodeCells(root);
  playCompaction(root);
  // Other schemas cannot record what such a request continues, and their reducers refuse it.
  if (recordsWarmUps(schemaVersion)) playWarmUp(root);
  playAgents(root);
  playInterruption(root);
  trace.recordProtocolEvent({ type: "shutdown_complete" });
  trace.recordEnded("completed");
  return trace;
}

/** Processes, input to them, an MCP server, a patch, and calls of every payload type. */
function playTools(host: FakeThread): void {
  host.startTurn("turn-tools", true);
  host.accept(userMessage("msg_user_1", "run some tools"));
  const open = functionCall("call_open", "exec_command", { cmd: "cat" });
  host.ask("full", reasoning("rs_1"), open);
  const opening = host.dispatch(open);
  host.execBegin("call_open", "100", "cat");
  host.answer(opening, open, "running with session 100");
  const typed = functionCall("call_stdin", "write_stdin", {
    session_id: 100,
    chars: "hé\n",
  });
  host.ask("incremental", typed);
  const typing = host.dispatch(typed);
  host.trace.recordStdinTarget(host.turn, "call_stdin", "call_open");
  host.answer(typing, typed, "hé");
  host.execEnd("call_open", "100", "cat", 3);
  playMcpAndPatch(host);
  playOtherPayloads(host);
  host.runtime("exec_command_begin", "not-a-call", { source: "user_shell" });
  host.endTurn({ type: "task_complete", turn_id: host.turn });
}

function playMcpAndPatch(host: FakeThread): void {
  const echo = functionCall("call_echo", "echo", { text: "x" });
  const patch = customCall("call_patch", "apply_patch", "*** Begin Patch");
  // An MCP tool may have the name of a tool of another kind.
  const named = functionCall("call_named", "send_message", {});
  host.ask("incremental", echo, patch, named);
  for (const call of [echo, named]) {
    const id = String(call["call_id"]);
    const tool = host.dispatch(call, "mcp__lab");
    const invocation = { server: "lab", tool: call["name"], arguments: {} };
    host.runtime("mcp_tool_call_begin", id, { turn_id: host.turn, invocation });
    host.trace.startMcpCall(id).addRequestMeta({ progress: 1 });
    host.runtime("mcp_tool_call_end", id, {
      turn_id: host.turn,
      invocation,
      duration: { secs: 0, nanos: 5 },
      result: call === echo ? { Ok: { content: [] } } : { Err: "no" },
    });
    host.answer(tool, call, "from the server");
  }
  const patching = host.dispatch(patch);
  const changes = { "/workspace/a": { add: { content: "a" } } };
  host.runtime("patch_apply_begin", "call_patch", {
    turn_id: host.turn,
    auto_approved: true,
    changes,
  });
  host.runtime("patch_apply_end", "call_patch", {
    turn_id: host.turn,
    stdout: "",
    stderr: "",
    success: false,
    changes,
    status: "declined",
  });
  host.answer(patching, patch, "declined");
}

function playOtherPayloads(host: FakeThread): void {
  const shell = host.start("call_shell", "local_shell", {
    type: "local_shell",
    command: ["ls", "-l"],
    workdir: "/workspace",
  }, { type: "model", model_visible_call_id: "call_shell" });
  shell.recordFailed("not allowed");
  const search = host.start("call_search", "tool_search", {
    type: "tool_search",
    arguments: { query: "é".repeat(200), limit: 3 },
  }, { type: "model", model_visible_call_id: "call_search" });
  search.recordCompleted("failed", {
    type: "direct_response",
    response_item: { type: "tool_search_output", call_id: "call_search" },
  });
  host.trace.startToolDispatch(() => undefined);
}

/** Requests that fail, are given up, and are tried again. */
function playFailures(host: FakeThread): void {
  host.startTurn("turn-failures", false);
  host.accept(userMessage("msg_user_2", "try hard"));
  const half = assistantMessage("msg_half", "half");
  host.request("full").recordFailed("stream disconnected", "req_f", [half]);
  host.request("full").recordFailed("429", null, []);
  const given = host.request("full");
  given.recordCancelled("dropped", null, [
    assistantMessage("msg_late", "late"),
  ]);
  given.recordCompleted("resp_late", null, null, []);
  host.ask("full", assistantMessage("msg_ok", "done"));
  host.trace.recordProtocolEvent({ type: "error", message: "it was hard" });
  host.endTurn({
    type: "task_complete",
    turn_id: host.turn,
    error: { message: "it was hard" },
  });
}

/** A compaction that needs two requests, and a turn on what it left. */
function playCompaction(host: FakeThread): void {
  host.startTurn("turn-compact", false);
  const compaction = host.trace.compaction(host.turn, "cmp-1", MODEL, PROVIDER);
  const request = { model: MODEL, input: host.history };
  compaction.startAttempt(request).recordFailed("overloaded");
  const second = compaction.startAttempt(request);
  const summary = { type: "compaction", id: "cmp_1", encrypted_content: "enc" };
  second.recordCompleted([summary]);
  second.recordFailed("too late to count");
  compaction.recordInstalled({
    input_history: host.history,
    replacement_history: [summary],
  });
  host.history = [summary];
  host.accept(userMessage("msg_user_4", "continue"));
  host.ask("full", assistantMessage("msg_after", "continuing"));
  host.endTurn({ type: "task_complete", turn_id: host.turn });
}

/** A turn after a warm-up, with a picture and with outputs whose ids are not sent. */
function playWarmUp(host: FakeThread): void {
  host.startTurn("turn-warm", true);
  host.accept(pictureMessage("msg_user_6", "describe this"));
  const call = functionCall("call_unsent", "exec_command", { cmd: "ls" });
  host.ask("after warm-up", call);
  const tool = host.dispatch(call);
  tool.recordCompleted("completed", {
    type: "direct_response",
    response_item: { type: "function_call_output", call_id: "call_unsent" },
  });
  host.accept({ ...outputOf(call, "a".repeat(300)), id: "unsent-output" });
  host.ask("incremental", assistantMessage("msg_warm", "seen"));
  host.accept(userMessage("msg_user_7", "once more"));
  host.ask("after warm-up", assistantMessage("msg_again", "again"));
  host.ask("full", assistantMessage("msg_complete", "and complete"));
  host.endTurn({ type: "task_complete", turn_id: host.turn });
}

/** A turn that the user stops while a request and a cell run. */
function playInterruption(host: FakeThread): void {
  host.startTurn("turn-stopped", true);
  host.accept(userMessage("msg_user_9", "never mind"));
  const call = customCall("call_stopped", "exec", "while (true);");
  host.ask("full", call);
  host.dispatch(call);
  host.trace.startCodeCell(host.turn, "9", "call_stopped", "while (true);");
  host.request("incremental");
  host.trace.recordProtocolEvent({ type: "thread_rolled_back", num_turns: 1 });
  host.endTurn({ type: "turn_aborted", reason: "interrupted" });
}
