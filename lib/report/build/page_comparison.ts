/**
 * Two sessions of one page compared, as the page shows it.
 *
 * @module
 */

import type {
  SessionComparison,
  TurnPair,
} from "../../query/diff/diff_answer.ts";
import { compareSessions } from "../../query/diff/session_diff.ts";
import type { TraceSession } from "../../query/session/session.ts";
import type { Plain } from "../report_data.ts";
import { plain } from "./build_report.ts";

/** Rows of steps that a page has of one comparison. */
const MAX_ROWS = 2000;

/** A pair of turns, with how many rows of its steps are not in the page. */
export type PageTurnPair = Plain<TurnPair> & { readonly omitted_rows: number };

/** Two sessions side by side. */
export type PageComparison =
  & Omit<Plain<SessionComparison>, "turns">
  & {
    readonly turns:
      & Omit<Plain<SessionComparison["turns"]>, "threads">
      & {
        readonly threads: readonly (
          & Omit<Plain<SessionComparison["turns"]["threads"][number]>, "turns">
          & { readonly turns: readonly PageTurnPair[] }
        )[];
      };
  };

/** Returns what a page holds of the comparison of two sessions. */
export function pageComparison(
  a: TraceSession,
  b: TraceSession,
): PageComparison {
  const compared = plain(compareSessions(a, b));
  let left = MAX_ROWS;
  const threads = compared.turns.threads.map((thread) => ({
    ...thread,
    turns: thread.turns.map((pair) => {
      const steps = pair.steps.slice(0, left);
      left -= steps.length;
      const omitted_rows = pair.steps.length - steps.length;
      return { ...pair, steps, omitted_rows };
    }),
  }));
  return { ...compared, turns: { ...compared.turns, threads } };
}
