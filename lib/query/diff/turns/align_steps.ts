/**
 * The steps of two turns, aligned.
 *
 * @module
 */

import { align, type CommonRun } from "../align.ts";
import { textDifference } from "../text_difference.ts";
import type { ReadStep } from "./turn_steps.ts";
import type { StepCounts, StepRow } from "./turns_answer.ts";

/** Characters of a text that differs which are in the answer. */
const WINDOW = { max: 400, before: 80 };

/** The steps of one session, and whether there may have been more. */
export interface StepSide {
  readonly steps: readonly ReadStep[];
  readonly mayLackSteps: boolean;
}

export interface AlignedSteps {
  readonly rows: readonly StepRow[];
  readonly counts: StepCounts;
}

/** Returns the steps of both, in order. */
export function alignSteps(a: StepSide, b: StepSide): AlignedSteps {
  const rows = new Rows(a, b);
  const runs = alignInParts(keysOf(a), keysOf(b));
  let [atA, atB] = [0, 0];
  const end = { a: a.steps.length, b: b.steps.length, length: 0 };
  for (const run of [...runs, end]) {
    rows.addGap(atA, run.a, atB, run.b);
    for (let at = 0; at < run.length; at++) {
      rows.addPair(run.a + at, run.b + at);
    }
    atA = run.a + run.length;
    atB = run.b + run.length;
  }
  return rows;
}

function keysOf({ steps }: StepSide): string[] {
  return steps.map(({ key }) => key);
}

/**
 * Aligns two lists at the elements that each has once, and between these by the fewest edits, so
 * that the time does not grow with the square of their lengths. Where there are too many edits,
 * only the beginning and the end of what is between are aligned.
 */
export function alignInParts(
  a: readonly string[],
  b: readonly string[],
): CommonRun[] {
  const runs: CommonRun[] = [];
  let [atA, atB] = [0, 0];
  const end = { a: a.length, b: b.length };
  for (const anchor of [...anchorsOf(a, b), end]) {
    const part = align(a.slice(atA, anchor.a), b.slice(atB, anchor.b));
    for (const run of part.runs) {
      runs.push({ ...run, a: run.a + atA, b: run.b + atB });
    }
    if (anchor !== end) runs.push({ ...anchor, length: 1 });
    atA = anchor.a + 1;
    atB = anchor.b + 1;
  }
  return runs;
}

interface Anchor {
  readonly a: number;
  readonly b: number;
}

/** The most elements that each list has once, in the same order in both. */
function anchorsOf(a: readonly string[], b: readonly string[]): Anchor[] {
  const inA = placesOfUnique(a);
  const inB = placesOfUnique(b);
  const pairs = Array.from(inA).flatMap(([key, at]) => {
    const other = inB.get(key);
    return other === undefined ? [] : [{ a: at, b: other }];
  });
  return increasing(pairs);
}

function placesOfUnique(keys: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  const repeated = new Set<string>();
  for (const [at, key] of keys.entries()) {
    if (places.has(key)) repeated.add(key);
    places.set(key, at);
  }
  for (const key of repeated) places.delete(key);
  return places;
}

/** The longest part of pairs in the order of `a` that is in the order of `b`, too. */
function increasing(pairs: readonly Anchor[]): Anchor[] {
  /** For each length, the pair that ends the best sequence of that length. */
  const ends: number[] = [];
  const before: number[] = [];
  for (const [index, { b }] of pairs.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] ?? -1]?.b ?? 0) < b) low = middle + 1;
      else high = middle;
    }
    before.push(ends[low - 1] ?? -1);
    ends[low] = index;
  }
  const found: Anchor[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) {
    const pair = pairs[at];
    if (pair !== undefined) found.push(pair);
  }
  return found.reverse();
}

/** No step of any sort. */
export const NO_STEPS: StepCounts = {
  same: 0,
  similar: 0,
  unknown: 0,
  changed: 0,
  only_a: 0,
  only_b: 0,
  not_aligned_a: 0,
  not_aligned_b: 0,
};

/** Collects rows; steps that are equal one after the other are one row. */
class Rows implements AlignedSteps {
  readonly rows: StepRow[] = [];
  readonly counts: Record<keyof StepCounts, number> = { ...NO_STEPS };
  readonly #a: StepSide;
  readonly #b: StepSide;

  constructor(a: StepSide, b: StepSide) {
    this.#a = a;
    this.#b = b;
  }

  /** Adds two steps at the same place. */
  addPair(atA: number, atB: number): void {
    const a = this.#a.steps[atA];
    const b = this.#b.steps[atB];
    if (a === undefined || b === undefined) return;
    const change = changeOf(a, b);
    this.counts[change]++;
    if (change === "changed") {
      const difference = textDifference(
        { a: a.text(), b: b.text() },
        { a: a.normalized(), b: b.normalized() },
        WINDOW,
      );
      this.rows.push({ change, a: a.step(), b: b.step(), difference });
      return;
    }
    const last = this.rows.at(-1);
    const ends = { last_a: a.object, last_b: b.object };
    if (last?.change === change) {
      const length = last.length + 1;
      this.rows[this.rows.length - 1] = { ...last, ...ends, length };
      return;
    }
    this.rows.push({ change, length: 1, a: a.step(), b: b.step(), ...ends });
  }

  /** Adds the steps between common ones: those of the same sort are paired, in order. */
  addGap(fromA: number, toA: number, fromB: number, toB: number): void {
    const slots = ({ steps }: StepSide, from: number, to: number) =>
      steps.slice(from, to).map(({ slot }) => slot);
    const paired = align(
      slots(this.#a, fromA, toA),
      slots(this.#b, fromB, toB),
    );
    if (paired.truncated) return this.#addNotAligned(fromA, toA, fromB, toB);
    let [atA, atB] = [fromA, fromB];
    const end = { a: toA - fromA, b: toB - fromB, length: 0 };
    for (const { a, b, length } of [...paired.runs, end]) {
      this.#addOnly(atA, fromA + a, atB, fromB + b);
      for (let at = 0; at < length; at++) {
        this.addPair(fromA + a + at, fromB + b + at);
      }
      atA = fromA + a + length;
      atB = fromB + b + length;
    }
  }

  #addOnly(fromA: number, toA: number, fromB: number, toB: number): void {
    for (const { step } of this.#a.steps.slice(fromA, toA)) {
      this.counts.only_a++;
      const is_certain = !this.#b.mayLackSteps;
      this.rows.push({ change: "only_a", a: step(), is_certain });
    }
    for (const { step } of this.#b.steps.slice(fromB, toB)) {
      this.counts.only_b++;
      const is_certain = !this.#a.mayLackSteps;
      this.rows.push({ change: "only_b", b: step(), is_certain });
    }
  }

  #addNotAligned(fromA: number, toA: number, fromB: number, toB: number): void {
    const a = this.#a.steps[fromA];
    const b = this.#b.steps[fromB];
    if (a === undefined || b === undefined) {
      return this.#addOnly(fromA, toA, fromB, toB);
    }
    const [length_a, length_b] = [toA - fromA, toB - fromB];
    this.counts.not_aligned_a += length_a;
    this.counts.not_aligned_b += length_b;
    this.rows.push({
      change: "not_aligned",
      length_a,
      length_b,
      a: a.step(),
      b: b.step(),
    });
  }
}

/** How two steps at the same place differ. Content that is not known is never equal. */
function changeOf(
  a: ReadStep,
  b: ReadStep,
): "same" | "similar" | "unknown" | "changed" {
  const levels = [a.knowledge, b.knowledge];
  if (levels.includes("partial")) return "unknown";
  if (a.key !== b.key) return "changed";
  if (levels.includes("encrypted")) return "unknown";
  return a.exactKey === b.exactKey ? "same" : "similar";
}
