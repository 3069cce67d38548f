/**
 * Numbers the lines of several logs together, in the order in which they were written.
 *
 * @module
 */

import type { Integer } from "../../../../format/vocabulary.ts";
import type { SessionLog } from "../session_log.ts";

/** The numbers of lines. */
export class LineOrder {
  /** The line before the first of each log, if the lines of all were counted log by log. */
  readonly #starts: readonly number[];
  readonly #seqs: Uint32Array;

  /**
   * Orders the lines. Those of one log stay in their order; of two at the same moment, the one of the
   * log that is listed first precedes.
   */
  constructor(logs: readonly SessionLog[]) {
    const starts: number[] = [];
    let count = 0;
    for (const { lineTimes } of logs) {
      starts.push(count);
      count += lineTimes.length;
    }
    const times = new Float64Array(count);
    let at = 0;
    for (const { lineTimes, trace } of logs) {
      // A thread starts before its first line is written.
      let latest = Number(trace.started_at_unix_ms);
      for (const [index, time] of lineTimes.entries()) {
        const first = index === 0 ? Math.min(latest, Number(time)) : latest;
        latest = index === 0 ? first : Math.max(latest, Number(time));
        times[at++] = latest;
      }
    }
    const lines = new Uint32Array(count).map((_, index) => index)
      .sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
    this.#starts = starts;
    this.#seqs = new Uint32Array(count);
    for (const [index, line] of lines.entries()) this.#seqs[line] = index + 1;
  }

  /** The number of a line among those of all logs, from 1. */
  seqOf(log: number, line: Integer): number {
    const start = this.#starts[log] ?? 0;
    return this.#seqs[start + Number(line) - 1] ?? Number(line);
  }
}
