/**
 * How things ended, in the colour of what it means.
 *
 * @module
 */

import type {
  ExecutionStatus,
  RolloutStatus,
} from "../../../format/vocabulary.ts";
import type { Style } from "../../text/style.ts";

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
