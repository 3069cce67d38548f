/**
 * `--columns A,B`.
 *
 * @module
 */

import { quote } from "../../../errors.ts";
import type { ParsedFlags } from "../../flags.ts";
import { UsageError } from "../../usage_error.ts";

/**
 * The columns that the command line names; null where it names none.
 *
 * @throws {UsageError} If there is no such column.
 */
export function chosenColumns<T extends string>(
  flags: ParsedFlags,
  known: readonly T[],
): readonly T[] | null {
  const given = flags.value("columns");
  if (given === undefined) return null;
  return given.split(",").map((word) => {
    const column = known.find((name) => name === word.trim());
    if (column !== undefined) return column;
    throw new UsageError(
      `there is no column ${quote(word)}`,
      `columns are ${known.join(", ")}`,
    );
  });
}
