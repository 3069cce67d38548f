/**
 * A table: names above columns, numbers to the right; long ones show their beginning.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { countOf } from "./figures.ts";

/** A column. */
export interface Column {
  readonly name: string;
  /** Whether it holds numbers. */
  readonly isNumber?: boolean;
}

/** What a table is given. */
export interface TableProps {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly ComponentChildren[])[];
  /** Said where there are no rows. */
  readonly none: string;
  /** Rows that are shown before somebody asks for all; by default, all. */
  readonly most?: number;
}

/** Columns of numbers, after a first one of names. */
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
export function Table({ columns, rows, none, most = Infinity }: TableProps) {
  const [all, setAll] = useState(false);
  if (rows.length === 0) return <p class="faint">{none}</p>;
  const seen = all ? rows : rows.slice(0, most);
  const kind = (i: number) => columns[i]?.isNumber === true ? "num" : "";
  return (
    <div class="table-scroll">
      <table class="table">
        <thead>
          <tr>
            {columns.map(({ name }, i) => <th scope="col" key={name} class={kind(i)}>{name}</th>)}
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
    </div>
  );
}
