/**
 * One bundle, several programs that take turns.
 *
 * @module
 */

import {
  type CommandLine,
  type Cost,
  medianCost,
  type Meter,
} from "./measure.ts";

/** A program that takes part. */
export interface Contender {
  readonly name: string;
  readonly command: CommandLine;
  /** It is not run again once its runs took so long together. */
  readonly seconds: number;
}

/** How a contender did. */
export interface Result {
  readonly name: string;
  readonly runs: number;
  /** The medians. */
  readonly cost: Cost;
}

/**
 * Lets the contenders run in turns, so that other load affects all of them equally.
 *
 * @param runs How often each one runs at most.
 */
export function compete(
  meter: Meter,
  contenders: readonly Contender[],
  runs: number,
): Result[] {
  const costs = contenders.map((): Cost[] => []);
  for (let round = 0; round < runs; round++) {
    contenders.forEach((contender, i) => {
      const own = costs[i] ?? [];
      const spent = own.reduce((sum, cost) => sum + cost.wallMs, 0);
      if (spent > 1000 * contender.seconds) return;
      own.push(meter.measure(contender.command));
    });
  }
  return contenders.map(({ name }, i) => {
    const own = costs[i] ?? [];
    return { name, runs: own.length, cost: medianCost(own) };
  });
}
