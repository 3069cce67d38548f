/**
 * The context size of each LLM request: a chart, its legend, and the same figures as a table.
 *
 * @module
 */

import type { RefObject } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { GrowthRow } from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";
import type { Go } from "../../state/use_route.ts";
import { bytesOf, counted, countOf } from "../../ui/figures.ts";
import { escapeLine } from "../../ui/escape.ts";
import type { Filters } from "../../view.ts";
import { drawChart } from "./draw_chart.ts";
import { type Layer, sourceName, stacked } from "./chart_layers.ts";
import { namedNumbers, Table } from "../../ui/table.tsx";

/** Properties of the chart. */
export interface ContextChartProps {
  readonly model: Model;
  readonly filters: Filters;
  readonly go: Go;
}

/** The chart of one thread. */
export function ContextChart({ model, filters, go }: ContextChartProps) {
  const threads = model.rows.threads.filter(({ id }) =>
    model.rows.growth.some(({ thread_id: thread }) => thread === id)
  );
  const [chosen, setChosen] = useState<string | null>(null);
  // A table that is not seen yet would take longer to make than the rest of the view.
  const [isTableSeen, setTableSeen] = useState(false);
  const thread = [chosen, filters.thread, model.data.session.root_thread_id]
    .find((id) => threads.some((each) => each.id === id)) ?? threads[0]?.id;
  const points = useMemo(
    () => model.rows.growth.filter((point) => point.thread_id === thread),
    [model, thread],
  );
  if (points.length === 0) return <NoChart model={model} />;
  const unknown = model.rows.calls
    .filter(({ thread_id: of }) => of === thread).length - points.length;
  return (
    <section class="panel panel-chart">
      <div class="panel-head">
        <h2>Context size by LLM request</h2>
        {threads.length > 1
          ? (
            <select
              aria-label="Thread of the chart"
              value={thread}
              onChange={(event) => setChosen(event.currentTarget.value)}
            >
              {threads.map(({ id, agent_path: path }) => (
                <option key={id} value={id}>{escapeLine(path, 60)}</option>
              ))}
            </select>
          )
          : null}
      </div>
      <Chart key={thread} model={model} points={points} go={go} />
      {unknown === 0 ? null : (
        <p class="faint">
          Size unknown of {counted(unknown, "other LLM request")}{" "}
          of the thread: not recorded, or lost.
        </p>
      )}
      <details onToggle={() => setTableSeen(true)}>
        <summary>Show as a table</summary>
        {isTableSeen
          ? <GrowthTable model={model} points={points} go={go} />
          : null}
      </details>
    </section>
  );
}

function NoChart({ model }: { model: Model }) {
  return (
    <section class="panel">
      <h2>Context size by LLM request</h2>
      <p class="faint">
        {model.isSessionLog
          ? "Unknown: a session log has no LLM requests."
          : model.rows.calls.length === 0
          ? "No LLM request was recorded."
          : "The request payloads are not available, so their sizes are unknown."}
      </p>
    </section>
  );
}

interface ChartProps {
  readonly model: Model;
  readonly points: readonly GrowthRow[];
  readonly go: Go;
}

function Chart({ model, points, go }: ChartProps) {
  const layers = useMemo(
    () => stacked(points, model.data.sources),
    [points, model],
  );
  const [host, hovered] = useChart(layers, points);
  const at = hovered ?? points.length - 1;
  const point = points[at];
  const label =
    `Size of ${counted(points.length, "LLM request")}, stacked by ` +
    "source; the table below lists the numbers";
  return (
    <>
      <div
        ref={host}
        class="chart"
        role="img"
        aria-label={label}
        onClick={() => {
          if (hovered !== null && point !== undefined) {
            go({ view: "transcript", at: point.call_id, selection: null });
          }
        }}
      />
      {point === undefined
        ? null
        : <Legend model={model} layers={layers} at={at} point={point} />}
    </>
  );
}

/** A chart in an element, and the request under the pointer. */
function useChart(
  layers: readonly Layer[],
  points: readonly GrowthRow[],
): readonly [RefObject<HTMLDivElement | null>, number | null] {
  const host = useRef<HTMLDivElement>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  useLayoutEffect(() => {
    if (host.current === null) return;
    return drawChart(host.current, {
      layers,
      compacted: points.flatMap(({ compaction_ids: ids }, i) =>
        ids.length > 0 ? [i] : []
      ),
      onHover: setHovered,
    });
  }, [layers, points]);
  return [host, hovered];
}

/** How many items of a request were not recorded; empty where all were. */
function lostItems(model: Model, { call_id: call }: GrowthRow): string {
  const lost = model.call(call)?.unrecorded_request_items ?? 0;
  return lost === 0 ? "" : ` and ${countOf(lost)} not recorded`;
}

/** Names of the layers, the uppermost first, with the sizes of one request. */
function Legend(
  { model, layers, at, point }: {
    model: Model;
    layers: readonly Layer[];
    at: number;
    point: GrowthRow;
  },
) {
  return (
    <div class="legend">
      <p>
        <strong>{model.handle(["inference_call", point.call_id])}</strong>:{" "}
        {bytesOf(point.bytes)} in {counted(point.items, "item")}
        {lostItems(model, point)}, {bytesOf(point.new_bytes)}
        {point.new_bytes === null ? " new size" : " new"};{" "}
        {point.input_tokens === null
          ? "tokens unknown"
          : `${countOf(point.input_tokens)} tokens in, ${
            countOf(point.cached_input_tokens)
          } cached`}
      </p>
      <ul>
        {layers.toReversed().map(({ source, place, bytes }) => (
          <li key={source}>
            <span class={`swatch src-${place}`} />
            {sourceName(source)}
            <span class="num faint">{bytesOf(bytes[at] ?? 0)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Number of rows shown before the reader expands the table. */
const SEEN = 50;

/** Properties of the table. */
export interface GrowthTableProps {
  readonly model: Model;
  readonly points: readonly GrowthRow[];
  readonly go: Go;
}

/** A table: a request a row, a source a column. */
function GrowthTable({ model, points, go }: GrowthTableProps) {
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
      max={SEEN}
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
      {lostItems(model, point)}
    </>
  );
}
