/**
 * The figures of one bundle, in words and columns.
 *
 * @module
 */

import type { PayloadCounters } from "../../../lib/bundle/payloads/bundle_payloads.ts";
import type { BenchFacts } from "../../support/bundles/long/long_bundle.ts";
import type { Result } from "./contest.ts";
import type { Goals } from "./goals.ts";

/** Everything found out about one bundle. */
export interface Findings {
  readonly title: string;
  readonly calls: number;
  readonly facts: BenchFacts;
  readonly counters: PayloadCounters;
  readonly results: readonly Result[];
  readonly ours: Result;
  readonly reading: Result;
  readonly reference: Result | undefined;
  /** How our state compares with the reference's, in words. */
  readonly state: string;
  readonly goals: Goals;
}

const UNKNOWN = "-";

/** The report as lines. */
export function reportLines(found: Findings): string[] {
  const { facts, counters } = found;
  return [
    `${found.title}: ${megabytes(facts.bytes)} MB, ` +
    `${facts.payloads} payloads, ${facts.events} events`,
    row(["", "wall s", "user s", "sys s", "peak MB", "runs"]),
    ...found.results.map(resultLine),
    `  read ${megabytes(counters.bytesRead)} MB in ${counters.files} files, ` +
    `parsed ${megabytes(counters.charactersParsed)} M characters as JSON`,
    `  parsed ${counters.elementsParsed} request elements; ` +
    `requests sent ${facts.requestElements} different ones`,
    ...goalLines(found),
    `  state: ${found.state}`,
  ];
}

function resultLine({ name, runs, cost }: Result): string {
  return row([
    name,
    seconds(cost.wallMs),
    seconds(cost.userMs),
    seconds(cost.systemMs),
    cost.peakMb?.toFixed(0) ?? UNKNOWN,
    String(runs),
  ]);
}

function row([name = "", ...figures]: readonly string[]): string {
  return `  ${name.padEnd(20)}${figures.map((f) => f.padStart(9)).join("")}`;
}

function goalLines(found: Findings): string[] {
  const { goals, ours, reading, reference } = found;
  const user = reference?.cost.userMs;
  const cpu = sum(ours.cost.userMs, ours.cost.systemMs);
  const parsed = found.counters.charactersParsed / 1000 / found.calls;
  const wall = reference?.cost.wallMs;
  return [
    atLeast(
      "reference's wall / ours",
      ratio(wall, ours.cost.wallMs),
      goals.wallRatio,
    ),
    atLeast("reference's user / our CPU", ratio(user, cpu), goals.cpuRatio),
    atMost(
      "wall / reading all bytes",
      ratio(ours.cost.wallMs, reading.cost.wallMs),
      goals.perReading,
    ),
    atMost("peak memory, MB", ours.cost.peakMb, goals.peakMb),
    atMost("parsed as JSON, K/call", parsed, goals.parsedKbPerCall),
  ].filter((line) => line !== undefined);
}

function atLeast(what: string, figure: number | undefined, goal?: number) {
  return goalLine(what, figure, goal, ">=", (value, limit) => value >= limit);
}

function atMost(what: string, figure: number | undefined, goal?: number) {
  return goalLine(what, figure, goal, "<=", (value, limit) => value <= limit);
}

function goalLine(
  what: string,
  figure: number | undefined,
  goal: number | undefined,
  sign: string,
  met: (value: number, limit: number) => boolean,
): string | undefined {
  if (figure === undefined) return undefined;
  const verdict = goal === undefined
    ? ""
    : `   goal ${sign} ${goal}: ${met(figure, goal) ? "met" : "MISSED"}`;
  return `  ${what.padEnd(28)}${figure.toFixed(2).padStart(9)}${verdict}`;
}

function ratio(a: number | undefined, b: number | undefined) {
  return a === undefined || b === undefined ? undefined : a / b;
}

function sum(a: number | undefined, b: number | undefined) {
  return a === undefined || b === undefined ? undefined : a + b;
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? UNKNOWN : (ms / 1000).toFixed(3);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
