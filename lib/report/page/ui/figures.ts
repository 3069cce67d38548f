/**
 * Durations, moments, sizes and counts as people read them; spelled as the commands spell them.
 *
 * @module
 */

import type { Whole } from "../../report_data.ts";

/** What stands where nothing was recorded. */
export const UNKNOWN = "unknown";

/** A stretch of time: `340 ms`, `12.3 s`, `4 min 05 s`, `2 h 03 min`. */
export function durationOf(ms: number | null): string {
  if (ms === null) return UNKNOWN;
  const size = Math.abs(ms);
  if (size < 1000) return `${Math.round(ms)} ms`;
  if (size < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(size / 1000);
  const sign = ms < 0 ? "-" : "";
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${sign}${minutes} min ${pad(seconds % 60)} s`;
  return `${sign}${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** How long something ran; unknown when its end is. */
export function lengthOf(
  { started, ended }: { started: number; ended: number | null },
): string {
  return ended === null ? UNKNOWN : durationOf(ended - started);
}

/** A moment, in UTC. */
export function momentOf(ms: number | null): string {
  if (ms === null) return UNKNOWN;
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}

/** A moment of a session, by how long after its start it was. */
export function offsetOf(ms: number, start: number): string {
  return `+${durationOf(ms - start)}`;
}

/** A size: `812 bytes`, `12.5 KiB`. */
export function bytesOf(bytes: number | null): string {
  if (bytes === null) return UNKNOWN;
  if (bytes < 1024) return counted(bytes, "byte");
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let size = bytes / 1024;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size.toFixed(1)} ${units[unit] ?? ""}`;
}

/** A count and what is counted: `1 call`, `1,200 calls`. */
export function counted(count: Whole, what: string): string {
  return `${countOf(count)} ${what}${String(count) === "1" ? "" : "s"}`;
}

/** A count with its thousands set apart: `12,345`. */
export function countOf(count: Whole | null): string {
  return count === null
    ? UNKNOWN
    : String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** A share of a whole: `12.5 %`; unknown of an empty whole. */
export function shareOf(part: number, whole: number): string {
  return whole === 0 ? UNKNOWN : `${(100 * part / whole).toFixed(1)} %`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
