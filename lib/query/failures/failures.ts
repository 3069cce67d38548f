/**
 * Everything that went wrong in a session, in order, and where to begin.
 *
 * @module
 */

import { payloadObject } from "../evidence/recorded/payload_fields.ts";
import type { TraceSession } from "../session/session.ts";
import {
  incompleteFailures,
  outerFailures,
  turnFailures,
} from "./execution_failures.ts";
import { type Failure, failure } from "./failure.ts";
import { protocolFailures } from "./protocol_failures.ts";
import { compactionFailures, inferenceFailures } from "./request_failures.ts";
import { cellFailures, toolFailures } from "./tool_failures.ts";
import type {
  PlainToolCallKind,
  ToolCallKind,
} from "../../format/vocabulary.ts";
import type { ToolCall } from "../../graph/runtime.ts";
import { getUndeliveredResults } from "../evidence/links/undelivered.ts";

/**
 * Everything that went wrong, in the order of the log.
 *
 * One entry a fault: a request that failed and the turn that failed with it are two, and the
 * turn's entry names the request in `caused_by`. What a later request of the same turn made good
 * names that request in `retried_by`. From a `state.json` alone, the recorder's words and what
 * Codex reported to its user are missing.
 */
export function getFailures(session: TraceSession): readonly Failure[] {
  const known = KNOWN.get(session);
  if (known !== undefined) return known;
  const found = findFailures(session);
  KNOWN.set(session, found);
  return found;
}

/** The failures of each session: several parts of one report need them. */
const KNOWN: WeakMap<TraceSession, readonly Failure[]> = new WeakMap();

function findFailures(session: TraceSession): Failure[] {
  const requests = [
    ...inferenceFailures(session),
    ...compactionFailures(session),
  ].map((each) => interruptedWithTurn(session, each));
  requests.sort(inOrder);
  const tools = toolFailures(session)
    .map((each) => interruptedWithTurn(session, each));
  return [
    ...requests,
    ...tools,
    ...cellFailures(session).map((each) => interruptedWithTurn(session, each)),
    ...protocolFailures(session, requests),
    ...turnFailures(session, requests),
    ...outerFailures(session),
    ...incompleteFailures(session, tools),
    ...substitutions(session),
    ...undeliveredFailures(session),
  ].sort(inOrder);
}

/**
 * The failure to inspect first; null where there are only warnings.
 *
 * The earliest error that has no other error as its reason and was not made good; a tool call
 * that failed is after all others, since models continue after it, and a command that merely
 * ended with another code than 0 is after that. Then errors that were made good, before such
 * commands.
 */
export function getFirstError(failures: readonly Failure[]): Failure | null {
  const errors = failures.filter(({ severity }) => severity === "error");
  const lasting = errors.filter(({ caused_by, retried_by }) =>
    caused_by === null && retried_by === null
  );
  const isReal = ({ kind }: Failure) => kind !== "exit_code";
  return lasting.find((each) =>
    isReal(each) && each.kind !== "tool" && each.kind !== "code_cell"
  ) ?? lasting.find(isReal) ?? errors.find(isReal) ?? errors[0] ?? null;
}

/** What a turn's interruption stopped has the turn as its reason. */
function interruptedWithTurn({ trace }: TraceSession, each: Failure): Failure {
  const { about, turn, caused_by: cause } = each;
  if (turn === null || about === null || cause !== null) return each;
  const execution = trace.codex_turns.get(turn.id)?.execution;
  if (execution?.status !== "cancelled" && execution?.status !== "aborted") {
    return each;
  }
  return stoppedByInterruption(trace, each)
    ? { ...each, caused_by: turn }
    : each;
}

/** Whether it is a request given up, or something that ended without its own end. */
function stoppedByInterruption(
  trace: TraceSession["trace"],
  { about, kind }: Failure,
): boolean {
  const id = about?.id ?? "";
  switch (kind) {
    case "inference":
      return trace.inference_calls.get(id)?.execution.status !== "failed";
    case "tool":
    case "exit_code":
      // It is unknown what stopped a process that outlived its call.
      if (about?.kind !== "tool_call") return false;
      return trace.tool_calls.get(id)?.execution.status !== "completed" &&
        trace.tool_calls.get(id)?.execution.status !== "failed";
    case "code_cell":
      return trace.code_cells.get(id)?.execution.status !== "failed";
    default:
      return false;
  }
}

function inOrder(a: Failure, b: Failure): number {
  // Sequence numbers may be beyond what a subtraction keeps exact.
  if (a.seq !== null && b.seq !== null && a.seq !== b.seq) {
    return a.seq < b.seq ? -1 : 1;
  }
  return a.seq === null && b.seq !== null
    ? 1
    : a.seq !== null && b.seq === null
    ? -1
    : 0;
}

/** Calls whose runtime was that of another tool. */
function substitutions(session: TraceSession): Failure[] {
  const { trace, names } = session;
  const found: Failure[] = [];
  for (const [id, tool] of trace.tool_calls) {
    const kinds = kindsOf(session, tool);
    if (kinds === null) continue;
    const { execution, started_by_codex_turn_id: turn } = tool;
    const [called, ran] = kinds;
    found.push(failure({
      severity: "warning",
      kind: "tool_mismatch",
      about: names.ref("tool_call", id),
      seq: execution.started_seq,
      at_unix_ms: execution.started_at_unix_ms,
      thread: names.ref("thread", tool.thread_id),
      turn: turn === null ? null : names.ref("turn", turn),
      text: `called as ${called}, ran as ${ran}: no command was run`,
      evidence: tool.raw_runtime_payload_ids.map((each) =>
        names.ref("payload", each)
      ),
      reported_in: tool.model_visible_output_item_ids.map((each) =>
        names.ref("item", each)
      ),
    }));
  }
  return found;
}

/** The tool that was called and the one that ran; null where they are one. */
function kindsOf(
  session: TraceSession,
  tool: ToolCall,
): readonly [PlainToolCallKind, PlainToolCallKind] | null {
  if (tool.terminal_operation_id !== null) return null;
  let called: ToolCallKind | undefined;
  let ran: ToolCallKind | null | undefined;
  for (
    const { event } of session.log?.about("tool_call", tool.tool_call_id) ?? []
  ) {
    const { payload } = event;
    if (payload.type === "tool_call_started") called = payload.kind;
    if (payload.type === "tool_call_runtime_started") ran = payload.kind;
  }
  if (called?.type !== "exec_command" || ran === undefined) return null;
  return (ran === null ? isPatch(session, tool) : ran.type === "apply_patch")
    ? ["exec_command", "apply_patch"]
    : null;
}

/** Schema 1 does not name the tool that ran; only a patch reports changes. */
function isPatch(session: TraceSession, tool: ToolCall): boolean {
  const [first] = tool.raw_runtime_payload_ids;
  return payloadObject(session, first)?.["changes"] !== undefined;
}

/** A warning for each result that never reached the agent it was for, about that agent's child. */
function undeliveredFailures(session: TraceSession): Failure[] {
  return getUndeliveredResults(session).map((result) => {
    const path = session.trace.threads.get(result.child.id)?.agent_path;
    const parent = result.parent_path ?? result.parent.handle;
    return failure({
      severity: "warning",
      kind: "undelivered",
      about: result.child_turn,
      seq: result.seq,
      at_unix_ms: result.at_unix_ms,
      thread: result.child,
      turn: result.child_turn,
      text: `result of ${path ?? result.child.handle} never delivered: ` +
        `no later request of ${parent}`,
      evidence: result.payload === null ? [] : [result.payload],
    });
  });
}
