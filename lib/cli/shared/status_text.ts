/**
 * How things ended, in the colour of what it means.
 *
 * @module
 */

import type {
  ExecutionStatus,
  RolloutStatus,
} from "../../format/vocabulary.ts";
import {
  type Outcome,
  outcomeOfStatus,
} from "../../query/failures/outcome/outcome.ts";
import { UNKNOWN } from "../../text/figures.ts";
import type { Style } from "../text/style.ts";

/** The word for an outcome; where the recorder's status names another, with that status. */
export function paintOutcome(
  style: Style,
  outcome: Outcome | null,
  status: ExecutionStatus | RolloutStatus,
): string {
  const word = paintedWord(style, outcome);
  // "incomplete, recorded as running" adds nothing.
  const isSame = outcome === null || outcomeOfStatus(status) === outcome;
  return isSame ? word : `${word}, recorded as ${status}`;
}

/** The word for an outcome, coloured unless all went well. */
export function paintedWord(style: Style, outcome: Outcome | null): string {
  switch (outcome) {
    case "ok":
      return outcome;
    case "failed":
      return style.error(outcome);
    case "interrupted":
    case "incomplete":
      return style.warning(outcome);
    case null:
      return style.warning(UNKNOWN);
  }
}

/** The word for a status, coloured unless all went well. */
export function paintStatus(
  style: Style,
  status: ExecutionStatus | RolloutStatus,
): string {
  switch (status) {
    case "completed":
      return status;
    case "running":
      return style.warning(status);
    case "failed":
    case "cancelled":
    case "aborted":
      return style.error(status);
  }
}
