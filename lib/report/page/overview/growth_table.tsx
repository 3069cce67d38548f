/**
 * The sizes of prompts as a table, for those who would rather read or hear them.
 *
 * @module
 */

import type { GrowthRow } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import type { Go } from "../state/use_place.ts";
import { bytesOf, countOf } from "../ui/figures.ts";
import { namedNumbers, Table } from "../ui/table.tsx";
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
  const { sources } = model.data;
  const present = sources.map((_, i) => i).filter((i) =>
    points.some(({ by_source: sizes }) => (sizes[i] ?? 0) > 0)
  );
  return (
    <Table
      columns={namedNumbers(
        "LLM request",
        "bytes",
        "new",
        "items",
        "tokens in",
        ...present.map((i) => sourceName(sources[i] ?? "")),
      )}
      rows={points.map((point) => [
        <RequestCell key="request" model={model} point={point} go={go} />,
        countOf(point.bytes),
        countOf(point.new_bytes),
        countOf(point.items),
        countOf(point.input_tokens),
        ...present.map((i) => bytesOf(point.by_source[i] ?? 0)),
      ])}
      none="No LLM request was recorded."
      most={SEEN}
    />
  );
}

function RequestCell(
  { model, point, go }: { model: Model; point: GrowthRow; go: Go },
) {
  const { call_id: call, compaction_ids: compactions } = point;
  return (
    <>
      <button
        type="button"
        class="link handle"
        onClick={() => go({ view: "transcript", at: call })}
      >
        {model.handle(["inference_call", call])}
      </button>
      {compactions.length > 0 ? " after compaction" : ""}
    </>
  );
}
