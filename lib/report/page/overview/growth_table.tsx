/**
 * The sizes of prompts as a table, for those who would rather read or hear them.
 *
 * @module
 */

import { useState } from "preact/hooks";
import type { GrowthRow } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import type { Go } from "../state/use_place.ts";
import { bytesOf, countOf } from "../ui/figures.ts";
import { sourceName } from "./stack.ts";

/** How many rows are shown before somebody asks for all. */
const SEEN = 50;

/** What the table is given. */
export interface GrowthTableProps {
  readonly model: Model;
  readonly points: readonly GrowthRow[];
  readonly go: Go;
}

/** A table: a request a row, a source a column. */
export function GrowthTable({ model, points, go }: GrowthTableProps) {
  const [all, setAll] = useState(false);
  const { sources } = model.data;
  const columns = sources.map((_, i) => i).filter((i) =>
    points.some(({ by_source: sizes }) => (sizes[i] ?? 0) > 0)
  );
  const seen = all ? points : points.slice(0, SEEN);
  return (
    <div class="table-scroll">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">request</th>
            <th scope="col" class="num">bytes</th>
            <th scope="col" class="num">new</th>
            <th scope="col" class="num">items</th>
            <th scope="col" class="num">tokens in</th>
            {columns.map((i) => (
              <th scope="col" class="num" key={i}>
                {sourceName(sources[i] ?? "")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {seen.map((point) => (
            <tr key={point.call_id}>
              <td>
                <button
                  type="button"
                  class="link handle"
                  onClick={() => go({ view: "transcript", at: point.call_id })}
                >
                  {model.handle(["inference_call", point.call_id])}
                </button>
                {point.compaction_ids.length > 0 ? " after compaction" : ""}
              </td>
              <td class="num">{countOf(point.bytes)}</td>
              <td class="num">{countOf(point.new_bytes)}</td>
              <td class="num">{countOf(point.items)}</td>
              <td class="num">{countOf(point.input_tokens)}</td>
              {columns.map((i) => (
                <td class="num" key={i}>{bytesOf(point.by_source[i] ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {seen.length < points.length
        ? (
          <button type="button" class="link" onClick={() => setAll(true)}>
            show all {countOf(points.length)} requests
          </button>
        )
        : null}
    </div>
  );
}
