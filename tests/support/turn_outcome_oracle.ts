/**
 * Outcomes of turns as a log states them, read without any code of the library.
 *
 * @module
 */

import type { RawEvent } from "./log_oracle.ts";

const OF_STATUS: Readonly<Record<string, string>> = {
  completed: "ok",
  failed: "failed",
  cancelled: "interrupted",
  aborted: "interrupted",
};
const ENDS: Readonly<Record<string, string>> = {
  inference_completed: "ok",
  compaction_request_completed: "ok",
  inference_failed: "failed",
  compaction_request_failed: "failed",
  inference_cancelled: "interrupted",
};

/**
 * The outcome of every turn by its id: that of its end; where this is `completed`, that of the
 * request that ended last.
 */
export function rawTurnOutcomes(
  events: readonly RawEvent[],
): Map<string, string> {
  const found = new Map<string, string>();
  const turnOfRequest = new Map<string, string>();
  const lastEnd = new Map<string, string>();
  for (const { payload } of events) {
    const { type } = payload;
    const request = payload.inference_call_id ?? payload.compaction_request_id;
    if (type === "codex_turn_started") {
      found.set(payload.codex_turn_id, "incomplete");
    } else if (type.endsWith("_started") && request !== undefined) {
      turnOfRequest.set(request, payload.codex_turn_id);
    } else if (ENDS[type] !== undefined) {
      lastEnd.set(turnOfRequest.get(request) ?? "", ENDS[type]);
    } else if (type === "codex_turn_ended") {
      const id = payload.codex_turn_id;
      const own = OF_STATUS[payload.status] ?? "incomplete";
      found.set(id, own === "ok" ? lastEnd.get(id) ?? own : own);
    }
  }
  return found;
}
