/**
 * Threads and turns of a session, as tables.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import type { Activity } from "../../../query/stats/measures/activity.ts";
import type { KnownCount } from "../../../query/evidence/known_count.ts";
import type { TokenSum } from "../../../query/stats/measures/token_sum.ts";
import type {
  ShowAnswer,
  ThreadRow,
  TurnRow,
} from "../../../query/show/show_answer.ts";
import { counted, countOf, durationOf } from "../../../text/figures.ts";
import { titledCommand } from "../../shared/suggestions_text.ts";
import { type Field, fieldLines } from "../../text/fields.ts";
import { oneLine } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { tokenCount } from "../../shared/measure_text.ts";
import { refText } from "../../shared/ref_text.ts";
import { paintedWord } from "../../shared/status_text.ts";

/** More threads or turns do not fit a screen. */
const MAX_ROWS = 7;
/** Nor do more of both, where threads are above the turns. */
const MAX_OF_BOTH = 6;
/** So many turns are shown, however many threads there are. */
const MIN_TURNS = 3;
/** Nothing of it. */
const NONE = "-";
/** Nothing of it that is known: events were lost. */
const NONE_KNOWN = "?";

/** Threads, each below the one that spawned it; none where the root is alone. */
export function threadLines(
  { threads }: ShowAnswer,
  place: string,
  render: RenderOptions,
): string[] {
  if (threads.length < 2) return [];
  const { style, width } = render;
  const shown = threads.slice(0, MAX_ROWS);
  const fields: Field<ThreadRow>[] = [
    { title: "thread", cell: ({ thread }) => style.id(refText(thread)) },
    {
      title: "agent",
      shrinkable: true,
      cell: ({ depth, agent_path: path, nickname, origin, parent }) =>
        "  ".repeat(Math.min(depth, 10)) + oneLine(path, width) +
        (nickname === null ? "" : ` “${oneLine(nickname, 20)}”`) +
        (origin === "unknown" ? style.warning(" origin unknown") : "") +
        (parent !== null &&
            !threads.some((each) => each.thread.id === parent.id)
          ? style.warning(" parent not recorded")
          : ""),
    },
    { title: "outcome", cell: ({ outcome }) => paintedWord(style, outcome) },
    { title: "turns", align: "right", cell: ({ turns }) => countOf(turns) },
    ...failedField("turns", (row) => row.failed_turns, shown, style),
    ...activityFields(shown, render),
  ];
  const lines = fieldLines(fields, shown, render);
  return withRest(
    lines,
    threads.length - shown.length,
    "thread",
    place,
    render,
  );
}

/** Turns; of many, those that went wrong and the first ones. */
export function turnLines(
  { turns, threads }: ShowAnswer,
  place: string,
  render: RenderOptions,
): string[] {
  const { style, width } = render;
  const most = threads.length < 2
    ? MAX_ROWS
    : Math.max(MIN_TURNS, MAX_OF_BOTH - threads.length);
  const shown = chosen(turns, most);
  const isShared = (path: string) =>
    threads.filter(({ agent_path }) => agent_path === path).length > 1;
  const agent: Field<TurnRow> = {
    title: "agent",
    shrinkable: true,
    cell: ({ agent_path: path, thread }) =>
      oneLine(isShared(path) ? `${path} ${refText(thread)}` : path, width),
  };
  const fields: Field<TurnRow>[] = [
    { title: "turn", cell: ({ turn }) => style.id(refText(turn)) },
    ...threads.length > 1 ? [agent] : [],
    { title: "outcome", cell: ({ outcome }) => paintedWord(style, outcome) },
    {
      title: "took",
      align: "right",
      cell: ({ duration_ms: ms }) => ms === null ? NONE : durationOf(ms),
    },
    ...firstTokenField(shown),
    ...activityFields(shown, render),
  ];
  const lines = fieldLines(fields, shown, render);
  return withRest(lines, turns.length - shown.length, "turn", place, render);
}

/** Time to the first token; no column where it was recorded of no turn. */
function firstTokenField(rows: readonly TurnRow[]): Field<TurnRow>[] {
  if (rows.every(({ time_to_first_token_ms: ms }) => ms === null)) return [];
  return [{
    title: "token",
    groupTitle: "first",
    align: "right",
    dropPriority: 3,
    cell: ({ time_to_first_token_ms: ms }) =>
      ms === null ? NONE : durationOf(ms),
  }];
}

/** At most `most` rows, the line for the others included. */
function chosen(
  turns: readonly TurnRow[],
  most: number,
): readonly TurnRow[] {
  if (turns.length <= most) return turns;
  const bad = turns.filter(({ outcome }) => outcome !== "ok");
  const good = turns.filter(({ outcome }) => outcome === "ok");
  const kept = new Set([...bad, ...good].slice(0, most - 1));
  return turns.filter((turn) => kept.has(turn));
}

function withRest(
  lines: readonly string[],
  left: number,
  what: string,
  place: string,
  render: RenderOptions,
): string[] {
  if (left === 0) return [...lines];
  const more = `… ${counted(left, `more ${what}`)}: `;
  const asked = { command: "stats", args: ["--by", what] };
  return [...lines, ...titledCommand(more, asked, place, render)];
}

/** Calls, tools and tokens; how many failed only where any did. */
function activityFields(
  rows: readonly Activity[],
  { style }: RenderOptions,
): Field<Activity>[] {
  return [
    countField("requests", (row) => row.calls),
    ...failedField("requests", (row) => row.failed_calls, rows, style),
    countField("tool calls", (row) => row.tool_calls),
    ...failedField("tool calls", (row) => row.failed_tool_calls, rows, style),
    tokenField("input", (sum) => sum.input_tokens, 1),
    tokenField("cached", (sum) => sum.cached_input_tokens, 2),
    tokenField("output", (sum) => sum.output_tokens, 1),
    tokenField("reasoning", (sum) => sum.reasoning_output_tokens, 2),
  ];
}

/** How many of what `title` counts failed; no column where none did. */
function failedField<T>(
  title: string,
  of: (row: T) => KnownCount,
  rows: readonly T[],
  style: RenderOptions["style"],
): Field<T>[] {
  if (!rows.some((row) => (of(row) ?? 0) > 0)) return [];
  const field = countField(title, of, style.error);
  return [{ ...field, groupTitle: "failed" }];
}

function countField<T>(
  title: string,
  of: (row: T) => KnownCount,
  style: (text: string) => string = (text) => text,
): Field<T> {
  return {
    title,
    align: "right",
    cell: (row) => {
      const count = of(row);
      return count === null
        ? NONE_KNOWN
        : count === 0
        ? NONE
        : style(countOf(count));
    },
  };
}

function tokenField(
  title: string,
  of: (sum: TokenSum) => Integer | null,
  dropPriority: number,
): Field<Activity> {
  return {
    title,
    align: "right",
    dropPriority,
    cell: ({ tokens }) => tokenCount(of(tokens), tokens),
  };
}
