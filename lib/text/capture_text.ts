/**
 * Texts about payloads that the recorder's limits truncated or omitted.
 *
 * @module
 */

import { type Count, counted, countOf } from "./figures.ts";

/** How much of a payload was kept, when not all of it was; `lost` if it cannot be used since. */
export type CaptureFigures =
  | {
    readonly status: "truncated";
    readonly original_bytes: Count;
    readonly retained_bytes: Count;
  }
  | { readonly status: "omitted"; readonly original_bytes: Count }
  | { readonly status: "lost" };

/** How many payloads the recorder's limits changed. */
export interface LimitedCounts {
  /** Payloads of which only the start was kept. */
  readonly truncated_payloads: number;
  /** Payloads of which nothing was kept. */
  readonly omitted_payloads: number;
}

const LOST = "lost: the payload is missing or cannot be read";

/** `truncated: 15 of 900 bytes kept`, `omitted: 40,459 bytes over the limit`. */
export function captureText(capture: CaptureFigures): string {
  if (capture.status === "lost") return LOST;
  return capture.status === "truncated"
    ? `truncated: ${keptText(capture)}`
    : `omitted: ${overText(capture)}`;
}

/** Why something is unknown: `not recorded: 40,459 bytes over the limit`. */
export function unrecordedText(capture: CaptureFigures): string {
  if (capture.status === "lost") return LOST;
  return capture.status === "truncated"
    ? `not recorded: truncated, ${keptText(capture)}`
    : `not recorded: ${overText(capture)}`;
}

/** What the limits changed in a recording; null when they changed nothing. */
export function limitsText(
  { truncated_payloads: truncated, omitted_payloads: omitted }: LimitedCounts,
): string | null {
  const last = truncated > 0 ? truncated : omitted;
  if (last === 0) return null;
  const first = omitted > 0 ? omitted : truncated;
  const verb = first === 1 ? "was" : "were";
  const done = [
    ...omitted > 0 ? ["omitted"] : [],
    ...truncated > 0
      ? [omitted > 0 ? `${countOf(truncated)} truncated` : "truncated"]
      : [],
  ].join(" and ");
  return `${
    counted(first, "payload")
  } ${verb} ${done} by the recorder's limits`;
}

function keptText(
  { original_bytes: original, retained_bytes: retained }: Extract<
    CaptureFigures,
    { status: "truncated" }
  >,
): string {
  return `${countOf(retained)} of ${counted(original, "byte")} kept`;
}

function overText(
  { original_bytes: original }: Extract<CaptureFigures, { status: "omitted" }>,
): string {
  return `${counted(original, "byte")} over the limit`;
}
