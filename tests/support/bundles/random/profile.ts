/**
 * How one session is tuned. Each seed gets its own mixture, so that some sessions are deep in
 * one corner (all terminals, all compaction) and others broad.
 *
 * @module
 */

import type { Prng } from "./prng.ts";

/** Groups of steps that share a weight. */
export const FAMILIES = [
  "lifecycle",
  "conversation",
  "compaction",
  "tool",
  "terminal",
  "agent",
  "cell",
  "acceptance",
] as const;

/** A group of steps. */
export type Family = typeof FAMILIES[number];

/** The tuning of one session. */
export interface Profile {
  /** How many events to make. */
  events: number;
  /** Most items of its history that a request repeats. */
  history: number;
  /** Probability, at each choice, of doing what ought to be refused. */
  oddness: number;
  /** Weight of each group of steps. */
  weights: Readonly<Record<Family, number>>;
  /** Probability that an item carries a Responses id. */
  ids: number;
  /** Probability that a resent item is spelled otherwise. */
  respell: number;
  /** Probability that a request changes the history it repeats. */
  mutateHistory: number;
  /** Probability that the clock does not advance. */
  sameTime: number;
  /** Most threads of the session. */
  threads: number;
  /** True to leave out absent optional keys instead of writing null. */
  omitNulls: boolean;
  /** True to use integers at the ends of their ranges. */
  extremes: boolean;
  /** Probability that a text part is long and holds wide characters. */
  wide: boolean;
}

const DEFAULT_WEIGHTS: Readonly<Record<Family, number>> = {
  lifecycle: 2,
  conversation: 10,
  compaction: 2,
  tool: 6,
  terminal: 4,
  agent: 4,
  cell: 4,
  acceptance: 6,
};

/** Draws the tuning of a session. */
export function randomProfile(prng: Prng): Profile {
  const weights = { ...DEFAULT_WEIGHTS };
  for (const family of FAMILIES) {
    weights[family] *= prng.weighted([[4, 5], [3, 0], [9, 1]]);
  }
  const long = prng.chance(0.08);
  return {
    events: long
      ? prng.between(60, 140)
      : prng.chance(0.4)
      ? prng.between(6, 20)
      : prng.between(15, 60),
    history: long ? 40 : 12,
    oddness: prng.weighted([[7, 0], [2, 0.01], [1, 0.05]]),
    weights,
    ids: prng.pick([0, 0.3, 0.7, 1]),
    respell: prng.pick([0, 0.05, 0.3]),
    mutateHistory: prng.pick([0, 0.1, 0.4]),
    sameTime: prng.pick([0, 0.5, 0.95]),
    threads: prng.pick([1, 2, 2, 3, 4]),
    omitNulls: prng.chance(0.2),
    extremes: prng.chance(0.05),
    wide: prng.chance(0.3),
  };
}
