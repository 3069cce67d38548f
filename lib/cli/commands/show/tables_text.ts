/**
 * Threads and turns of a session, as tables.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import type { Activity } from "../../../query/stats/measures/activity.ts";
import type { TokenSum } from "../../../query/stats/measures/token_sum.ts";
import type {
  ShowAnswer,
  ThreadRow,
  TurnRow,
} from "../../../query/show/show_answer.ts";
import { counted, countOf, durationOf } from "../../../text/figures.ts";
import { commandLine } from "../../text/command_line.ts";
import { type Field, fieldLines } from "../../text/fields.ts";
import { oneLine } from "../../text/fit.ts";
import type { Paper } from "../../text/render_options.ts";
import { tokenCount } from "../shared/measure_text.ts";
import { refText } from "../shared/ref_text.ts";
import { paintStatus } from "../shared/status_text.ts";

/** More threads or turns do not fit a screen. */
const MOST_ROWS = 7;
/** Nor do more of both, where threads stand above the turns. */
const MOST_OF_BOTH = 6;
/** So many turns are shown, however many threads there are. */
const LEAST_TURNS = 3;
/** Nothing of it, or nothing known of it. */
const NONE = "-";

/** Threads, each below the one that spawned it; none where the root is alone. */
export function threadLines(
  { threads }: ShowAnswer,
  place: string,
  paper: Paper,
): string[] {
  if (threads.length < 2) return [];
  const { paint, width } = paper;
  const shown = threads.slice(0, MOST_ROWS);
  const fields: Field<ThreadRow>[] = [
    { title: "thread", cell: ({ thread }) => paint.name(refText(thread)) },
    {
      title: "agent",
      gives: true,
      cell: ({ depth, agent_path: path, nickname, origin }) =>
        "  ".repeat(Math.min(depth, 10)) + oneLine(path, width) +
        (nickname === null ? "" : ` “${oneLine(nickname, 20)}”`) +
        (origin === "unknown" ? paint.odd(" origin unknown") : ""),
    },
    { title: "status", cell: ({ status }) => paintStatus(paint, status) },
    { title: "turns", align: "right", cell: ({ turns }) => countOf(turns) },
    ...failedField("turns", (row) => row.failed_turns, shown, paint),
    ...activityFields(shown, paper),
  ];
  const lines = fieldLines(fields, shown, paper);
  return withRest(lines, threads.length - shown.length, "thread", place, paper);
}

/** Turns; of many, those that went wrong and the first ones. */
export function turnLines(
  { turns, threads }: ShowAnswer,
  place: string,
  paper: Paper,
): string[] {
  const { paint, width } = paper;
  const most = threads.length < 2
    ? MOST_ROWS
    : Math.max(LEAST_TURNS, MOST_OF_BOTH - threads.length);
  const shown = chosen(turns, most);
  const isShared = (path: string) =>
    threads.filter(({ agent_path }) => agent_path === path).length > 1;
  const agent: Field<TurnRow> = {
    title: "agent",
    gives: true,
    cell: ({ agent_path: path, thread }) =>
      oneLine(isShared(path) ? `${path} ${refText(thread)}` : path, width),
  };
  const fields: Field<TurnRow>[] = [
    { title: "turn", cell: ({ turn }) => paint.name(refText(turn)) },
    ...threads.length > 1 ? [agent] : [],
    { title: "status", cell: ({ status }) => paintStatus(paint, status) },
    {
      title: "took",
      align: "right",
      cell: ({ duration_ms: ms }) => ms === null ? NONE : durationOf(ms),
    },
    ...activityFields(shown, paper),
  ];
  const lines = fieldLines(fields, shown, paper);
  return withRest(lines, turns.length - shown.length, "turn", place, paper);
}

/** At most `most` rows, the line that tells of the others counted. */
function chosen(
  turns: readonly TurnRow[],
  most: number,
): readonly TurnRow[] {
  if (turns.length <= most) return turns;
  const bad = turns.filter(({ status }) => status !== "completed");
  const good = turns.filter(({ status }) => status === "completed");
  const kept = new Set([...bad, ...good].slice(0, most - 1));
  return turns.filter((turn) => kept.has(turn));
}

function withRest(
  lines: readonly string[],
  left: number,
  what: string,
  place: string,
  { width, paint }: Paper,
): string[] {
  if (left === 0) return [...lines];
  const more = `… ${counted(left, `more ${what}`)}: `;
  const words = ["--by", what];
  const command = commandLine("stats", place, words, width - more.length);
  return [...lines, paint.faint(more) + paint.name(command)];
}

/** Calls, tools and tokens; how many failed only where any did. */
function activityFields(
  rows: readonly Activity[],
  { paint }: Paper,
): Field<Activity>[] {
  return [
    countField("calls", (row) => row.calls),
    ...failedField("calls", (row) => row.failed_calls, rows, paint),
    countField("tool calls", (row) => row.tool_calls),
    ...failedField("tool calls", (row) => row.failed_tool_calls, rows, paint),
    tokenField("input", (sum) => sum.input_tokens, 1),
    tokenField("cached", (sum) => sum.cached_input_tokens, 2),
    tokenField("output", (sum) => sum.output_tokens, 1),
    tokenField("reasoning", (sum) => sum.reasoning_output_tokens, 2),
  ];
}

/** How many of what `title` counts failed; no column where none did. */
function failedField<T>(
  title: string,
  of: (row: T) => number,
  rows: readonly T[],
  paint: Paper["paint"],
): Field<T>[] {
  if (!rows.some((row) => of(row) > 0)) return [];
  return [{ ...countField(title, of, paint.bad), over: "failed" }];
}

function countField<T>(
  title: string,
  of: (row: T) => number,
  paint: (text: string) => string = (text) => text,
): Field<T> {
  return {
    title,
    align: "right",
    cell: (row) => of(row) === 0 ? NONE : paint(countOf(of(row))),
  };
}

function tokenField(
  title: string,
  of: (sum: TokenSum) => Integer | null,
  drop: number,
): Field<Activity> {
  return {
    title,
    align: "right",
    drop,
    cell: ({ tokens }) => tokenCount(of(tokens), tokens),
  };
}
