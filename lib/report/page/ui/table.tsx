/**
 * A table: numbers are aligned to the right, and long tables show their first rows.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import { useContext, useState } from "preact/hooks";
import { countOf } from "./figures.ts";
import { Printing } from "./printing.ts";
import { SidewaysBox } from "./sideways_box.tsx";

export interface Column {
  readonly name: string;
  /** Whether it holds numbers. */
  readonly isNumber?: boolean;
}

/** Properties of a table. */
export interface TableProps {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly ComponentChildren[])[];
  /** Text where there are no rows. */
  readonly none: string;
  /** Number of rows shown before the reader expands the table; by default, all. */
  readonly max?: number;
}

/** A column of names and columns of numbers. */
export function namedNumbers(
  name: string,
  ...numbers: readonly string[]
): Column[] {
  return [
    { name },
    ...numbers.map((each): Column => ({ name: each, isNumber: true })),
  ];
}

/** A table that scrolls sideways where it is too wide. */
export function Table({ columns, rows, none, max = Infinity }: TableProps) {
  const [all, setAll] = useState(false);
  const printing = useContext(Printing);
  if (rows.length === 0) return <p class="faint">{none}</p>;
  const seen = all || printing ? rows : rows.slice(0, max);
  const kind = (i: number) => columns[i]?.isNumber === true ? "num" : "";
  return (
    <SidewaysBox label="Table">
      <table class="table">
        <thead>
          <tr>
            {columns.map(({ name }, i) => (
              <th scope="col" key={name} class={kind(i)}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {seen.map((row, i) => (
            <tr key={i}>
              {row.map((cell, at) => <td key={at} class={kind(at)}>{cell}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
      {seen.length < rows.length
        ? (
          <button type="button" class="link" onClick={() => setAll(true)}>
            show all {countOf(rows.length)}
          </button>
        )
        : null}
    </SidewaysBox>
  );
}
