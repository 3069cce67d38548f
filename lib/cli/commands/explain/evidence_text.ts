/**
 * Evidence on one line: events by number, payloads by name.
 *
 * @module
 */

import type { Evidence } from "../../../query/evidence/links/evidence.ts";
import { oneLine } from "../../text/fit.ts";
import type { Style } from "../../text/style.ts";

/** Columns of a name; ids that are no handles may be of any length. */
export const MAX_NAME = 40;

/**
 * `seq 15, payload:9; …`; the empty text where there is none. The line of an event is printed
 * where it is not the number of the event.
 */
export function evidenceWords(
  evidence: readonly Evidence[],
  style: Style,
): string {
  return evidence.map(({ seq, line, payloads }) => {
    const at = line === null || String(line) === String(seq)
      ? `seq ${seq}`
      : `seq ${seq} (line ${line})`;
    const names = payloads.map(({ handle }) =>
      style.id(oneLine(handle, MAX_NAME))
    );
    return [at, ...names].join(", ");
  }).join("; ");
}
