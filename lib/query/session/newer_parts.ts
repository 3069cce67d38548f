/**
 * What in a bundle is newer than this program: its schema, and types of events.
 *
 * Nothing is wrong with either, so that they are reported together, by count and by name.
 *
 * @module
 */

import type { Diagnostic } from "../../errors.ts";
import { counted, countOf } from "../../text/figures.ts";
import type { SessionDiagnostic } from "./session_diagnostics.ts";

/** A type of events that the schema does not have. */
export interface UnknownEventType {
  /** The type. */
  readonly event_type: string;
  /** How many events have it. */
  readonly count: number;
}

/** The losses of a reduction, those apart that a newer program would not have. */
export interface SplitLosses {
  /** The diagnostic that the schema is newer; null when it is known. */
  readonly newer_schema: Diagnostic | null;
  /** Types of skipped events, in the order of the log. */
  readonly unknown_event_types: readonly UnknownEventType[];
  /** All other losses. */
  readonly others: readonly SessionDiagnostic[];
}

/** Splits what a reduction lost. */
export function splitLosses(
  diagnostics: readonly SessionDiagnostic[],
): SplitLosses {
  const losses = diagnostics.filter(({ severity }) => severity === "loss");
  const counts = new Map<string, number>();
  for (const { code, event_type: type, more_lines: more = 0 } of losses) {
    if (code !== "unknown_event_type") continue;
    const name = type ?? "?";
    counts.set(name, (counts.get(name) ?? 0) + 1 + more);
  }
  return {
    newer_schema: losses.find(({ code }) => code === "newer_schema") ?? null,
    unknown_event_types: Array.from(
      counts,
      ([event_type, count]) => ({ event_type, count }),
    ),
    others: losses.filter(({ code }) =>
      code !== "newer_schema" && code !== "unknown_event_type"
    ),
  };
}

/** More types are counted only. */
const MAX_TYPES = 8;

/** One sentence about what is newer; null when nothing is. */
export function newerText(
  { newer_schema: newer, unknown_event_types: types }: SplitLosses,
): string | null {
  if (newer === null && types.length === 0) return null;
  const skipped = skippedText(types);
  if (newer === null) return skipped;
  return `${newer.message}; ${
    types.length === 0 ? "what is new in it is not in this answer" : skipped
  }`;
}

function skippedText(types: readonly UnknownEventType[]): string {
  const total = types.reduce((sum, { count }) => sum + count, 0);
  const names = types.slice(0, MAX_TYPES).map(({ event_type, count }) =>
    count === total ? event_type : `${event_type} (${countOf(count)})`
  );
  const more = types.length - names.length;
  if (more > 0) names.push(counted(more, "more type"));
  const of = types.length === 1 ? "an unknown type" : "unknown types";
  const verb = total === 1 ? "was" : "were";
  return `${counted(total, "event")} of ${of} ${verb} skipped: ${
    names.join(", ")
  }`;
}
