/**
 * Formats durations, times, sizes and counts for people, in a terminal and on the page.
 *
 * `null` means not recorded: it is printed as unknown, never as 0.
 *
 * @module
 */

import type { Integer } from "../format/vocabulary.ts";
import { dateOf } from "./date.ts";

/** The text for a value that was not recorded. */
export const UNKNOWN = "unknown";

const MINUTE = 60_000;

/** Formats a change, also of a cost: `+1,200`, `-3`, or `0`; `spell` formats its size. */
export function changeOf(
  change: Integer,
  spell: (size: Integer) => string = countOf,
): string {
  if (Number(change) === 0) return "0";
  return change < 0 ? `-${spell(-change)}` : `+${spell(change)}`;
}

/** A count; a string of digits where a number would round it. */
export type Count = Integer | string;

/**
 * Formats a time in UTC, or in the time zone of this computer; `ms` since the Unix epoch. A local
 * time ends with its offset: `2026-07-01T14:03:59.120+02:00`.
 */
export function momentOf(ms: Integer | null, isLocal = false): string {
  if (ms === null) return UNKNOWN;
  const date = dateOf(ms);
  if (date === null) return `${ms} ms`;
  return isLocal
    ? momentAt(date, -date.getTimezoneOffset())
    : date.toISOString();
}

/** Formats a time in a zone that is `offset` minutes ahead of UTC. */
export function momentAt(date: Date, offset: number): string {
  const shifted = new Date(date.getTime() + Math.round(offset * MINUTE));
  if (Number.isNaN(shifted.getTime())) return date.toISOString();
  const minutes = Math.round(Math.abs(offset));
  const zone = `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  return shifted.toISOString().slice(0, -1) + (offset < 0 ? "-" : "+") + zone;
}

/**
 * Formats a duration to the millisecond, however long it is: `<1 ms`, `340 ms`, `5.001 s`,
 * `4 min 05.120 s`, `2 h 03 min 00 s`.
 */
export function durationOf(ms: Integer | null): string {
  if (ms === null) return UNKNOWN;
  const value = Math.round(Number(ms));
  if (value === 0) return "<1 ms";
  const sign = value < 0 ? "-" : "";
  const size = Math.abs(value);
  if (size < 1000) return `${sign}${size} ms`;
  const seconds = ((size % MINUTE) / 1000).toFixed(3);
  if (size < MINUTE) return `${sign}${seconds} s`;
  const minutes = Math.floor(size / MINUTE);
  const rest = `${seconds.padStart(6, "0").replace(".000", "")} s`;
  if (minutes < 60) return `${sign}${minutes} min ${rest}`;
  return `${sign}${Math.floor(minutes / 60)} h ${
    pad(minutes % 60)
  } min ${rest}`;
}

/** Units of an age, each with its size in the unit before it. */
const AGES = [
  [1000, "s"],
  [60, "min"],
  [60, "h"],
  [24, "d"],
  [365, "y"],
] as const;

/** Formats an age in its largest unit: `12 s`, `5 min`, `3 h`, `20 d`, `2 y`. */
export function ageOf(ms: number): string {
  if (ms < 0) return "in future";
  let value = ms;
  let name = "ms";
  for (const [size, unit] of AGES) {
    if (value < size) break;
    value = Math.floor(value / size);
    name = unit;
  }
  return `${value} ${name}`;
}

/** Formats a size: `812 bytes`, `12.5 KiB`. */
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

/** Formats a count with a noun: `1 call`, `1,200 calls`. */
export function counted(count: Count, what: string): string {
  return `${countOf(count)} ${what}${String(count) === "1" ? "" : "s"}`;
}

/** Formats a count with separated thousands: `12,345`. */
export function countOf(count: Count | null): string {
  if (count === null) return UNKNOWN;
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** Formats a share of a total: `12.5 %`; unknown if the total is 0. */
export function shareOf(part: number, total: number): string {
  return total === 0 ? UNKNOWN : `${(100 * part / total).toFixed(1)} %`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

/** An amount of money with as many digits as are significant. */
export function amountText(amount: number): string {
  return amount >= 100
    ? amount.toFixed(2)
    : amount >= 1
    ? amount.toFixed(3)
    : amount.toFixed(6).replace(/(\.\d\d\d*?)0+$/, "$1");
}

/** Of which requests a sum of tokens is; null is unknown. */
export interface TokenRequests {
  readonly calls: number | null;
  readonly calls_with_usage: number | null;
  readonly compaction_requests: number | null;
}

/** Whether the tokens of a sum are not all that was spent: some requests have no usage. */
export function isTokenMinimum(
  { calls, calls_with_usage: reported, compaction_requests: others }:
    TokenRequests,
): boolean {
  return (reported ?? 0) < (calls ?? 0) || (others ?? 0) > 0;
}
