/**
 * Everything that went wrong in a session, in order, and where to begin.
 *
 * @module
 */

import type { Session } from "../session/session.ts";
import { turnFailures, unended, wholeFailures } from "./ending_failures.ts";
import type { Failure } from "./failure.ts";
import { protocolFailures } from "./protocol_failures.ts";
import { compactionFailures, inferenceFailures } from "./request_failures.ts";
import { substitutions } from "./substituted.ts";
import { undeliveredFailures } from "./undelivered_failures.ts";
import { cellFailures, toolFailures } from "./tool_failures.ts";

/**
 * Everything that went wrong, in the order of the log.
 *
 * One entry a fault: a request that failed and the turn that failed with it are two, and the
 * turn's entry names the request in `caused_by`. What a later request of the same turn made good
 * names that request in `retried_by`. From a `state.json` alone, the recorder's words and what
 * Codex told its user are missing.
 */
export function getFailures(session: Session): Failure[] {
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
    ...wholeFailures(session),
    ...unended(session, tools),
    ...substitutions(session),
    ...undeliveredFailures(session),
  ].sort(inOrder);
}

/**
 * The fault to look at first; null where there is none but warnings.
 *
 * The earliest error that has no other error as its reason and was not made good; a tool call
 * that failed comes after all others, since models go on from there. Then errors that were made
 * good.
 */
export function getFirstError(failures: readonly Failure[]): Failure | null {
  const errors = failures.filter(({ severity }) => severity === "error");
  const lasting = errors.filter(({ caused_by, retried_by }) =>
    caused_by === null && retried_by === null
  );
  return lasting.find(({ kind }) => kind !== "tool" && kind !== "code_cell") ??
    lasting[0] ?? errors[0] ?? null;
}

/** What a turn's interruption stopped has the turn as its reason. */
function interruptedWithTurn({ trace }: Session, each: Failure): Failure {
  const { about, turn, caused_by: cause } = each;
  if (turn === null || about === null || cause !== null) return each;
  const whole = trace.codex_turns.get(turn.id)?.execution;
  if (whole?.status !== "cancelled" && whole?.status !== "aborted") return each;
  return stoppedByInterruption(trace, each)
    ? { ...each, caused_by: turn }
    : each;
}

/** Whether it is a request given up, or something that ended without its own end. */
function stoppedByInterruption(
  trace: Session["trace"],
  { about, kind }: Failure,
): boolean {
  const id = about?.id ?? "";
  switch (kind) {
    case "inference":
      return trace.inference_calls.get(id)?.execution.status !== "failed";
    case "tool":
      // Of a process that outlived its call, nothing tells what stopped it.
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
