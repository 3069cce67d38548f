/**
 * What each thread did, in numbers. Sums are exact however large the numbers of a bundle are.
 *
 * @module
 */

import type { Whole } from "../../report_data.ts";
import type { Model } from "../model/model.ts";

/** Numbers of a thread. */
export interface ThreadTotals {
  readonly turns: number;
  readonly calls: number;
  readonly tools: number;
  /** Of requests, tool calls and cells, those that failed. */
  readonly failed: number;
  /** Tokens that requests sent, cached ones among them; null when no usage was told. */
  readonly input: Whole | null;
  /** Tokens that came back, those of reasoning among them. */
  readonly output: Whole | null;
}

interface Sum {
  turns: number;
  calls: number;
  tools: number;
  failed: number;
  input: bigint | null;
  output: bigint | null;
}

/** Numbers of every thread, by its id. */
export function totalsOf({ rows }: Model): ReadonlyMap<string, ThreadTotals> {
  const sums = new Map<string, Sum>();
  const sum = (thread: string): Sum => {
    let found = sums.get(thread);
    if (found === undefined) {
      found = {
        turns: 0,
        calls: 0,
        tools: 0,
        failed: 0,
        input: null,
        output: null,
      };
      sums.set(thread, found);
    }
    return found;
  };
  for (const thread of rows.threads) sum(thread.id);
  for (const turn of rows.turns) sum(turn.thread_id).turns++;
  for (const call of rows.calls) {
    const of = sum(call.thread_id);
    of.calls++;
    if (call.usage === null) continue;
    of.input = (of.input ?? 0n) + BigInt(call.usage.input_tokens);
    of.output = (of.output ?? 0n) + BigInt(call.usage.output_tokens);
  }
  for (const tool of rows.tools) sum(tool.thread_id).tools++;
  for (const row of [...rows.calls, ...rows.tools, ...rows.cells]) {
    if (row.status === "failed") sum(row.thread_id).failed++;
  }
  return new Map([...sums].map(([thread, { input, output, ...rest }]) => [
    thread,
    { ...rest, input: wholeOf(input), output: wholeOf(output) },
  ]));
}

function wholeOf(sum: bigint | null): Whole | null {
  return sum === null ? null : String(sum);
}
