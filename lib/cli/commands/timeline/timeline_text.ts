/**
 * A timeline for a person: a line for each thing that happened.
 *
 *     seq   time      took
 *      15  0.103     19 ms  ●    ├ tool:1   spawn_agent · reviewer
 *      16  0.109    714 ms  ├─●  thread:2  /root/reviewer
 *
 * @module
 */

import type {
  TimelineAnswer,
  TimelineEntry,
} from "../../../query/timeline/timeline_answer.ts";
import { jumpText } from "../../../text/clock_text.ts";
import { countOf, durationOf, UNKNOWN } from "../../../text/figures.ts";
import { titledCommand } from "../../shared/suggestions_text.ts";
import { cut, padEnd, padStart, widthOf } from "../../text/fit.ts";
import type { Style } from "../../text/style.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { Blame } from "./error_column.ts";
import { Lanes } from "./lanes.ts";
import { clockOf, sinceOf } from "./time_column.ts";
import { Nest } from "./tree_lines.ts";
import { type EntryRow, isPause, type Row, rowsOf } from "./rows.ts";
import { asStarted, endWordsOf, nameOf, wordsOf } from "./entry_text.ts";

/** How a timeline is printed. */
export interface PageOptions {
  /** The time of day instead of the time since the start. */
  readonly clock: "utc" | "local" | null;
  /** What was asked for is what went wrong. */
  readonly failed: boolean;
  /** The bundle, as the user named it. */
  readonly place: string;
}

/** Names up to this width are aligned; longer ones shift their line. */
const MAX_NAME = 7;
const WIDEST = 120;
/** How what went wrong is marked, the worst first. */
const MARKS = [
  { issue: "failed", sign: "✗", means: "failed", style: "error" },
  { issue: "interrupted", sign: "■", means: "interrupted", style: "warning" },
  { issue: "incomplete", sign: "◌", means: "incomplete", style: "warning" },
  { issue: "warning", sign: "!", means: "warning", style: "warning" },
] as const;
const AROUND = "○";
/** What a message of an error needs at least; with less, it begins at the left. */
const MIN_TEXT = 24;

interface Left {
  readonly seq: string;
  readonly time: string;
  readonly took: string;
}

export function* timelineLines(
  answer: TimelineAnswer,
  options: PageOptions,
  render: RenderOptions,
): Iterable<string> {
  const { style, width } = render;
  const rows = rowsOf(answer);
  const lefts = rows.map((row) => leftOf(row, answer, options));
  const columns = columnsOf(lefts);
  const lanes = new Lanes(rows);
  const tools: Tools = {
    nest: new Nest(rows),
    blame: new Blame(answer.entries, style),
    render,
    nameWidth: nameWidthOf(answer.entries, width),
    byNumber: new Map(answer.entries.map((entry) => [entry.number, entry])),
  };
  yield headOf(answer, options, style);
  yield "";
  yield style.dim(titlesOf(columns));
  for (const [at, row] of rows.entries()) {
    const left = style.dim(
      joined(lefts[at] ?? { seq: "", time: "", took: "" }, columns),
    );
    const mark = isPause(row) ? "" : markOf(row, style);
    const start = `${left}  ${lanes.line(at, row, mark, style)}  `;
    if (isPause(row)) {
      const words = row.type === "gap"
        ? style.dim(`· ${durationOf(row.duration)} nothing recorded ·`)
        : style.warning(`· clock ${jumpText(row.jump)} ·`);
      yield cut(start + words, width).trimEnd();
      continue;
    }
    yield* entryLines(row, start, tools);
  }
  yield* legendOf(answer, style);
  if (options.failed) yield* adviceOf(answer, options.place, render);
}

function titlesOf(columns: Widths): string {
  const took = columns.took === 0 ? "" : "took";
  return joined({ seq: "seq", time: "time", took }, columns).trimEnd();
}

interface Tools {
  readonly nest: Nest;
  readonly blame: Blame;
  readonly render: RenderOptions;
  readonly nameWidth: number;
  readonly byNumber: ReadonlyMap<number, TimelineEntry>;
}

function* entryLines(
  row: EntryRow,
  start: string,
  { nest, blame, nameWidth, byNumber, render: { style, width } }: Tools,
): Iterable<string> {
  const { entry, type } = row;
  const { branch, below, of } = nest.twig(row);
  const name = style.id(padEnd(nameOf(entry), nameWidth));
  const head = `${start}${style.dim(branch)}`;
  const inside = of === null ? "" : `${style.dim(`in ${nameOf(of)}`)} `;
  const isEnd = type === "end";
  const isWell = isEnd ? entry.issue !== "failed" : row.isWellYet;
  const words = isEnd ? endWordsOf(entry, style) : wordsOf(
    row.isWellYet ? asStarted(entry) : entry,
    byNumber.get(entry.parent ?? 0),
    style,
  );
  const line = `${head}${name} ${isEnd ? "" : inside}${words}`.trimEnd();
  const error = isWell ? "" : blame.line(entry);
  if (error === "") {
    yield cut(line, width);
    return;
  }
  const complete = `${line}${words === "" ? " " : " · "}${error}`;
  // A warning is not worth more than its line.
  const isWarning = entry.kind === "protocol_event" &&
    entry.issue === "warning";
  if (isWarning || widthOf(complete) <= width) {
    yield cut(complete, width);
    return;
  }
  yield cut(line, width);
  const margin = " ".repeat(widthOf(start));
  const deep = `${margin}${style.dim(below)}  `;
  const room = width - widthOf(deep);
  const indent = room < MIN_TEXT ? "    " : deep;
  for (const each of blame.lines(entry, width - widthOf(indent))) {
    yield cut(`${indent}${each}`, width);
  }
}

function nameWidthOf(
  entries: readonly TimelineEntry[],
  width: number,
): number {
  const most = width < WIDEST ? MAX_NAME : 2 * MAX_NAME;
  return entries.reduce((widest, entry) => {
    const { length } = nameOf(entry);
    return length > most ? widest : Math.max(widest, length);
  }, 0);
}

function headOf(
  { entries, total, ended_at_unix_ms, duration_ms, outcome }: TimelineAnswer,
  { failed }: PageOptions,
  style: Style,
): string {
  const found = entries.filter(({ context }) => !context);
  const took = ended_at_unix_ms === null
    ? "no end recorded"
    : duration_ms === null
    ? `time ${UNKNOWN}`
    : durationOf(duration_ms);
  return style.heading([
    failed
      ? countsOf(withoutTwins(found))
      : `${countOf(found.length)} of ${countOf(total)} entries`,
    `session ${outcome ?? UNKNOWN}`,
    took,
  ].join(" · "));
}

/** What fails at a terminal fails with the call behind it: that is one fault. */
function withoutTwins(entries: readonly TimelineEntry[]): TimelineEntry[] {
  const failed = new Set(
    entries.flatMap(({ number, issue }) => issue === "failed" ? number : []),
  );
  return entries.filter(({ kind, parent, issue }) =>
    kind !== "terminal_operation" || issue !== "failed" ||
    !failed.has(parent ?? 0)
  );
}

function countsOf(entries: readonly TimelineEntry[]): string {
  return MARKS.flatMap(({ issue, means }) => {
    const count = entries.filter((each) => each.issue === issue).length;
    return count === 0 ? [] : [`${countOf(count)} ${means}`];
  }).join(", ");
}

function leftOf(
  row: Row,
  answer: TimelineAnswer,
  { clock }: PageOptions,
): Left {
  if (isPause(row)) return { seq: "", time: "", took: "" };
  const { entry, type } = row;
  const [seq, at] = type === "start"
    ? [entry.started_seq, entry.started_at_unix_ms]
    : [entry.ended_seq, entry.ended_at_unix_ms];
  const { duration_ms: took, kind } = entry;
  // What has an end and no duration began before a jump of the clock, or its start was lost.
  const isUntimed = entry.ended_at_unix_ms === null;
  return {
    seq: seq === null ? "" : String(seq),
    time: clock !== null
      ? clockOf(at, clock === "local")
      : sinceOf(at, seq, answer),
    took: type === "end" || isUntimed || kind === "edge"
      ? ""
      : durationOf(took),
  };
}

/** Columns of each part at the left. */
type Widths = Readonly<Record<keyof Left, number>>;

function columnsOf(lefts: readonly Left[]): Widths {
  const widest = (key: keyof Left) =>
    lefts.reduce((most, left) => Math.max(most, left[key].length), 0);
  const took = widest("took");
  return {
    seq: Math.max(widest("seq"), "seq".length),
    time: Math.max(widest("time"), "time".length),
    took: took === 0 ? 0 : Math.max(took, "took".length),
  };
}

function joined(left: Left, columns: Widths): string {
  return [
    padStart(left.seq, columns.seq),
    padStart(left.time, columns.time),
    ...columns.took === 0 ? [] : [padStart(left.took, columns.took)],
  ].join("  ");
}

/** What failed is marked where it did: at its end, where that has a row. */
function markOf(row: EntryRow, style: Style): string {
  const { issue, context } = row.entry;
  if (row.type === "end" && issue !== "failed") return style.dim("┴");
  if (row.type === "start" && row.isWellYet) return "●";
  const mark = MARKS.find((each) => each.issue === issue);
  if (mark !== undefined) return style[mark.style](mark.sign);
  return context ? style.dim(AROUND) : "●";
}

/** What the marks mean that are there. */
function* legendOf(
  { entries }: TimelineAnswer,
  style: Style,
): Iterable<string> {
  const legend = MARKS
    .filter(({ issue }) => entries.some((each) => each.issue === issue))
    .map(({ sign, means, style: kind }) => `${style[kind](sign)} ${means}`);
  if (entries.some(({ context }) => context)) {
    legend.push(style.dim(`${AROUND} where it happened`));
  }
  if (legend.length === 0) return;
  yield "";
  yield legend.join("   ");
}

/** What to ask next: about failures without another failure as their cause. */
function* adviceOf(
  { entries }: TimelineAnswer,
  place: string,
  render: RenderOptions,
): Iterable<string> {
  const faults = entries.filter(({ issue, object, caused_by }) =>
    issue !== null && object !== null && caused_by === null
  );
  const first = faults.find(({ retried_by }) => retried_by === null) ??
    faults[0];
  if (first?.object === undefined || first.object === null) return;
  const asked = { command: "explain", args: [first.object.handle] };
  yield* titledCommand("all about one: ", asked, place, render);
}
