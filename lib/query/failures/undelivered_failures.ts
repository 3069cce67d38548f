/**
 * Results of agents that no model was ever shown, as warnings.
 *
 * @module
 */

import { getUndeliveredResults } from "../evidence/links/undelivered.ts";
import type { Session } from "../session/session.ts";
import { type Failure, failure } from "./failure.ts";

/** A warning for each result that never reached the agent it was for, about that agent's child. */
export function undeliveredFailures(session: Session): Failure[] {
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
