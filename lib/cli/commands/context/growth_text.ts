/**
 * How prompts grew: a line of bars for all requests, and the requests with the largest changes.
 *
 * @module
 */

import type {
  ContextGrowth,
  GrowthPoint,
} from "../../../query/context/context_answer.ts";
import { bytesOf, counted, countOf, UNKNOWN } from "../../../text/figures.ts";
import { bar, barLine } from "../../text/bars.ts";
import { type Column, columnLines } from "../../text/columns.ts";
import { largest, widthOf } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";

/** The maximum of requests that are printed; of more, those with the largest changes. */
const MAX_ROWS = 24;
const FIRST = 3;
const LAST = 4;
const JUMPS = 8;

/** The lines; `current` is the call that the prompt above is of. */
export function* growthLines(
  { calls, thread }: ContextGrowth,
  current: string,
  render: RenderOptions,
  full: boolean,
): Iterable<string> {
  const { style, width } = render;
  yield `${style.heading("growth")} over ${
    counted(calls.length, "request")
  } of ${style.id(thread.handle)}`;
  const chosen = full || calls.length <= MAX_ROWS
    ? calls
    : outstanding(calls, current);
  if (chosen.length < calls.length) yield* overview(calls, width);
  yield* rowLines(calls, chosen, current, render);
  if (chosen.length < calls.length) {
    yield style.dim(
      `  ${counted(calls.length - chosen.length, "request")} not shown: --full`,
    );
  }
}

function overview(calls: readonly GrowthPoint[], width: number): string[] {
  const sizes = calls.map(({ bytes }) => bytes ?? 0);
  const most = `at most ${bytesOf(largest(sizes))}`;
  return [
    `  ${barLine(sizes, width - 4)}`,
    `  ${calls[0]?.call.handle} … ${calls.at(-1)?.call.handle}, ${most}`,
  ];
}

/** The first and the last, those after a compaction, the largest jumps, and the one asked for. */
function outstanding(
  calls: readonly GrowthPoint[],
  current: string,
): GrowthPoint[] {
  const jumps = new Set(
    calls.toSorted((a, b) => (b.new_bytes ?? 0) - (a.new_bytes ?? 0))
      .slice(0, JUMPS),
  );
  const isAtEnds = (at: number) => at < FIRST || at >= calls.length - LAST;
  const chosen = calls.filter((point, at) =>
    isAtEnds(at) || jumps.has(point) || point.call.id === current
  );
  const compacted = calls.filter(({ compactions }) => compactions.length > 0);
  const kept = new Set([...chosen, ...compacted.slice(-JUMPS)]);
  return calls.filter((point) => kept.has(point));
}

const COLUMNS: readonly Column[] = [
  { title: "request" },
  { title: "bytes", align: "right" },
  { title: "" },
  { title: "items", align: "right" },
  { title: "new", align: "right" },
  { title: "tokens in", align: "right" },
  { title: "cached", align: "right" },
  { title: "", shrinkable: true },
];

function rowLines(
  calls: readonly GrowthPoint[],
  chosen: readonly GrowthPoint[],
  current: string,
  render: RenderOptions,
): string[] {
  const { style, width } = render;
  const most = largest(calls.map(({ bytes }) => bytes ?? 0));
  const marks = chosen.map((point) => marksOf(point, current).join(", "));
  // What is left beside the figures and the longest marks.
  const room = Math.min(24, width - 58 - largest(marks.map(widthOf)));
  const places = new Map(calls.map((point, at) => [point, at]));
  let before = -1;
  const rows = chosen.flatMap((point) => {
    const at = places.get(point) ?? 0;
    const gap = at - before - 1;
    before = at;
    const row = rowOf(point, { render, most, room, current });
    return gap > 0 ? [[style.dim("⋮")], row] : [row];
  });
  // On a narrow page the marks need the place of what matters less.
  const isShown = (column: number) =>
    column === 2 ? room >= 3 : width >= 72 || ![3, 6].includes(column);
  return columnLines({
    columns: COLUMNS.filter((_, at) => isShown(at)),
    rows: rows.map((row) => row.filter((_, at) => isShown(at))),
    width: width - 2,
    indent: 2,
  });
}

function rowOf(
  point: GrowthPoint,
  { render: { style }, most, room, current }: {
    render: RenderOptions;
    most: number;
    room: number;
    current: string;
  },
): string[] {
  const { input_tokens: input, cached_input_tokens: cached } = point;
  return [
    style.id(point.call.handle),
    point.bytes === null ? style.dim(UNKNOWN) : countOf(point.bytes),
    bar(point.bytes ?? 0, most, room),
    point.items === null ? style.dim(UNKNOWN) : countOf(point.items),
    newWords(point),
    input === null ? style.dim(UNKNOWN) : countOf(input),
    cached === null ? "" : countOf(cached),
    marksOf(point, current).map((mark) => style.warning(mark)).join(", "),
  ];
}

function newWords({ bytes, new_bytes: fresh }: GrowthPoint): string {
  if (fresh === null) return bytes === null ? "" : "?";
  return fresh === 0 ? "" : `+${countOf(fresh)}`;
}

function marksOf(point: GrowthPoint, current: string): string[] {
  const marks = point.compactions.map(({ handle }) => `after ${handle}`);
  const { dropped_items: dropped, request_capture: capture } = point;
  if (capture !== null) marks.push(capture.status);
  if (point.request_error !== null) marks.push("payload lost");
  const lost = point.unrecorded_items ?? 0;
  if (lost > 0) marks.push(`${lost} not recorded`);
  if (dropped !== null && dropped > 0) marks.push(`-${dropped} items`);
  if (point.has_warmup) marks.push("after a warm-up");
  if (point.is_incremental === true) marks.push("incremental");
  if (point.status !== "completed") marks.push(point.status);
  if (point.call.id === current) marks.push("this one");
  return marks;
}
