/**
 * The definition of an outcome: what became of a session, a thread, a turn, a request or a tool call.
 *
 * It is not the recorder's status, which may be `completed` for a turn whose last request failed.
 *
 * @module
 */

import type {
  ExecutionStatus,
  RolloutStatus,
} from "../../../format/vocabulary.ts";

/**
 * What became of something: it did what it was for, it failed, someone stopped it (an interrupt, a
 * denial of approval, a message that replaced a response), or no end of it was recorded.
 */
export type Outcome = "ok" | "failed" | "interrupted" | "incomplete";

/** The outcome that a recorded status names. */
export function outcomeOfStatus(
  status: ExecutionStatus | RolloutStatus,
): Outcome {
  switch (status) {
    case "completed":
      return "ok";
    case "failed":
      return "failed";
    case "cancelled":
    case "aborted":
      return "interrupted";
    case "running":
      return "incomplete";
  }
}

/**
 * The outcome of a turn: that of its recorded end; where this is `completed`, that of its last
 * request.
 *
 * @param last Outcome of the last request, for an answer or for a compaction, in the order of
 * their ends; undefined without any.
 */
export function outcomeOfTurn(
  status: ExecutionStatus,
  last: Outcome | null | undefined,
): Outcome | null {
  const recorded = outcomeOfStatus(status);
  if (recorded !== "ok" || last === undefined) return recorded;
  // A turn that ended has no request that still runs: its end was lost.
  return last === "incomplete" ? null : last;
}

/**
 * The outcome of a thread, or of a session by its root: that of its last turn, unless its own end
 * is worse.
 *
 * @param last Outcome of its last turn; undefined without any.
 * @param isEndExpected Whether it is incomplete without an end of its own, as a session is. The end
 * of an agent's thread is not always recorded.
 */
export function outcomeOfThread(
  status: ExecutionStatus | RolloutStatus,
  last: Outcome | null | undefined,
  isEndExpected: boolean,
): Outcome | null {
  const own = outcomeOfStatus(status);
  if (own === "failed" || own === "interrupted") return own;
  if (last === undefined) return own;
  if (own === "incomplete" && isEndExpected && last === "ok") return own;
  return last;
}
