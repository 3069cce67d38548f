/**
 * What ran in a session, as drafts of a timeline: threads, turns, requests, tools and cells.
 *
 * @module
 */

import { exitCodeOfOperation } from "../evidence/command_end.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import type { AgentThread } from "../../graph/session.ts";
import type {
  CodeCell,
  TerminalOperation,
  ToolCall,
} from "../../graph/runtime.ts";
import {
  responseCapture,
  summaryRequestCapture,
} from "../evidence/recorded/captures.ts";
import { requestCapture } from "../evidence/recorded/effective_request.ts";
import { toolTimes } from "../evidence/clock/tool_times.ts";
import { toolWait } from "../evidence/clock/tool_wait.ts";
import { isStartLost } from "../evidence/recorded/losses.ts";
import { WaitTargets } from "../evidence/recorded/wait_target.ts";
import { knownCount, lostEvidence } from "../evidence/known_count.ts";
import type { TraceSession } from "../session/session.ts";
import { type EntryInput, type Owner, runOf } from "./entry_input.ts";
import { firstOfRepeated } from "../evidence/links/repeated_calls.ts";
import { excerpt, firstLineOf, requestExcerpt } from "../evidence/excerpt.ts";
import { toolPreview } from "../evidence/tool_preview.ts";
import { toolLabels } from "../session/names/tool_name.ts";

/** Figures above an output are never more. */
const LONGEST_HEAD = 500;

/** Threads and turns. */
export function threadEntries(session: TraceSession): EntryInput[] {
  const { trace } = session;
  const { events: isLossy } = lostEvidence(session);
  const threads = Array.from(
    trace.threads.values(),
    (thread): EntryInput => ({
      ...threadDraft(trace, thread),
      isStartLost: isStartLost(session, "thread", thread.execution),
    }),
  );
  const calls = countBy(
    trace.inference_calls.values(),
    (call) => call.codex_turn_id,
  );
  const tools = countBy(
    trace.tool_calls.values(),
    (tool) => tool.started_by_codex_turn_id,
  );
  const turns = Array.from(trace.codex_turns.values(), (turn): EntryInput => ({
    ...runOf(turn.execution),
    isStartLost: isStartLost(session, "turn", turn.execution),
    object: { kind: "turn", id: turn.codex_turn_id },
    thread: turn.thread_id,
    turn: turn.codex_turn_id,
    within: [{ kind: "thread", id: turn.thread_id }],
    detail: {
      type: "turn",
      calls: knownCount(calls.get(turn.codex_turn_id) ?? 0, isLossy),
      tool_calls: knownCount(tools.get(turn.codex_turn_id) ?? 0, isLossy),
    },
  }));
  return [...threads, ...turns];
}

/** Requests to models, for answers and for summaries. */
export function requestEntries(session: TraceSession): EntryInput[] {
  const { trace, names } = session;
  const calls = Array.from(
    trace.inference_calls.values(),
    (call): EntryInput => ({
      ...runOf(call.execution),
      object: { kind: "inference_call", id: call.inference_call_id },
      ...inTurn(call.thread_id, call.codex_turn_id),
      detail: {
        type: "inference_call",
        model: call.model,
        usage: call.usage,
        request_capture: requestCapture(session, call),
        response_capture: responseCapture(session, call),
      },
    }),
  );
  const summaries = Array.from(
    trace.compaction_requests.values(),
    (request): EntryInput => ({
      ...runOf(request.execution),
      object: { kind: "compaction_request", id: request.compaction_request_id },
      ...inTurn(request.thread_id, request.codex_turn_id),
      detail: {
        type: "compaction_request",
        model: request.model,
        compaction: names.ref("compaction", request.compaction_id),
        request_capture: summaryRequestCapture(session, request),
        response_capture: responseCapture(session, request),
      },
    }),
  );
  return [...calls, ...summaries];
}

/** Tool calls, code cells, and what was done to terminals. */
export function toolEntries(session: TraceSession): EntryInput[] {
  const { trace } = session;
  const { events } = lostEvidence(session);
  const starters = new Map<string, string>();
  const waits = new WaitTargets(session);
  const repeated = firstOfRepeated(session);
  for (const tool of trace.tool_calls.values()) {
    const { started_code_cell_id: cell, tool_call_id: id } = tool;
    if (cell !== undefined) starters.set(cell, id);
  }
  return [
    ...Array.from(
      trace.tool_calls.values(),
      (tool) => toolDraft(session, tool, waits, repeated.get(tool)),
    ),
    ...Array.from(
      trace.code_cells.values(),
      (cell) =>
        cellDraft(cell, starters.get(cell.code_cell_id) ?? null, events),
    ),
    ...Array.from(
      trace.terminal_operations.values(),
      (operation) => operationDraft(session, operation),
    ),
  ];
}

/** Where something of a turn belongs, and what it is in. */
export function inTurn(
  thread: string,
  turn: string | null,
): Pick<EntryInput, "thread" | "turn" | "within"> {
  const within: Owner[] = [
    { kind: "turn", id: turn },
    { kind: "thread", id: thread },
  ];
  return { thread, turn, within };
}

function countBy<T>(
  things: Iterable<T>,
  keyOf: (thing: T) => string | null,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const thing of things) {
    const key = keyOf(thing);
    if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function threadDraft(trace: RolloutTrace, thread: AgentThread): EntryInput {
  const { thread_id: id, origin } = thread;
  const spawned = origin.type === "spawned" ? origin : null;
  const source = trace.interaction_edges.get(spawned?.spawn_edge_id ?? "")
    ?.source;
  const tool = source?.type === "tool_call" ? source.tool_call_id : null;
  return {
    ...runOf(thread.execution),
    object: { kind: "thread", id },
    thread: id,
    turn: null,
    within: [
      { kind: "tool_call", id: tool },
      { kind: "thread", id: spawned?.parent_thread_id ?? null },
    ],
    detail: {
      type: "thread",
      agent_path: thread.agent_path,
      nickname: thread.nickname,
      model: thread.default_model,
      task: spawned?.task_name ?? null,
    },
  };
}

function toolDraft(
  session: TraceSession,
  tool: ToolCall,
  waits: WaitTargets,
  repeated: ToolCall | undefined,
): EntryInput {
  const { thread_id: thread, started_by_codex_turn_id: turn } = tool;
  const { requester } = tool;
  const place = inTurn(thread, turn);
  const cell = requester.type === "code_cell" ? requester.code_cell_id : null;
  return {
    ...runOf(tool.execution),
    object: { kind: "tool_call", id: tool.tool_call_id },
    ...place,
    within: [{ kind: "code_cell", id: cell }, ...place.within],
    detail: {
      type: "tool_call",
      ...toolLabels(tool),
      requester: requester.type,
      preview: toolPreview(session.trace, tool),
      repeats: repeated === undefined
        ? null
        : session.names.ref("tool_call", repeated.tool_call_id),
      waits_for: waits.of(tool),
      wait: toolWait(session, tool, waits),
      ...toolTimes(session, tool),
    },
  };
}

function cellDraft(
  cell: CodeCell,
  starter: string | null,
  areEventsLost: boolean,
): EntryInput {
  const place = inTurn(cell.thread_id, cell.codex_turn_id);
  return {
    ...runOf(cell.execution),
    object: { kind: "code_cell", id: cell.code_cell_id },
    ...place,
    within: [{ kind: "tool_call", id: starter }, ...place.within],
    detail: {
      type: "code_cell",
      source: firstLineOf(cell.source_js),
      runtime_status: cell.runtime_status,
      nested_tool_calls: knownCount(
        cell.nested_tool_call_ids.length,
        areEventsLost,
      ),
    },
  };
}

function operationDraft(
  session: TraceSession,
  operation: TerminalOperation,
): EntryInput {
  const { trace, names } = session;
  const { request, terminal_id: terminal, tool_call_id: toolId } = operation;
  const tool = trace.tool_calls.get(toolId);
  return {
    ...runOf(operation.execution),
    object: { kind: "terminal_operation", id: operation.operation_id },
    thread: tool?.thread_id ?? null,
    turn: tool?.started_by_codex_turn_id ?? null,
    within: [{ kind: "tool_call", id: toolId }],
    detail: {
      type: "terminal_operation",
      operation: operation.kind,
      text: requestExcerpt(request),
      output: outputOf(operation),
      exit_code: exitCodeOfOperation(session, operation),
      terminal: terminal === null
        ? null
        : names.ref("terminal_session", terminal),
    },
  };
}

function outputOf({ result }: TerminalOperation): string | null {
  if (result === null) return null;
  const { stdout, stderr } = result;
  return excerpt(withoutHead(stdout.trim() === "" ? stderr : stdout));
}

/** The output alone, where it was made up for the model with figures above it. */
function withoutHead(output: string): string {
  const start = output.slice(0, LONGEST_HEAD);
  if (!/^(?:Chunk ID|Wall time|Exit code): /.test(start)) return output;
  const head = "\nOutput:\n";
  const at = start.indexOf(head);
  return at === -1 ? output : output.slice(at + head.length);
}
