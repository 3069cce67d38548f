/**
 * Compared figures one by one.
 *
 * @module
 */

import type {
  ComparedFigure,
  ComparedRow,
  StatsFigure,
} from "../../../query/stats/comparison.ts";

/** A compared figure with its group. */
export type FigureOfGroup =
  & Omit<ComparedRow, "figures">
  & ComparedFigure;

/** The wanted figures of every row, in the order wanted. */
export function comparedFigures(
  rows: readonly ComparedRow[],
  wanted: readonly StatsFigure[],
): FigureOfGroup[] {
  return rows.flatMap(({ figures, ...group }) =>
    wanted.flatMap((name) =>
      figures.filter(({ figure }) => figure === name)
        .map((figure) => ({ ...group, ...figure }))
    )
  );
}
