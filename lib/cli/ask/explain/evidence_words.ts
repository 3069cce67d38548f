/**
 * Evidence on one line: events by number and line, payloads by name.
 *
 * @module
 */

import type { Evidence } from "../../../query/links/evidence.ts";
import type { Paint } from "../../text/paint.ts";

/** `seq 15 (line 15), payload:9; …`; the empty text where there is none. */
export function evidenceWords(
  evidence: readonly Evidence[],
  paint: Paint,
): string {
  return evidence.map(({ seq, line, payloads }) => {
    const at = line === null ? `seq ${seq}` : `seq ${seq} (line ${line})`;
    const names = payloads.map(({ handle }) => paint.name(handle));
    return [at, ...names].join(", ");
  }).join("; ");
}
