/**
 * Figures as tables.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import type {
  StatsAnswer,
  StatsBy,
  StatsRow,
} from "../../../query/stats/stats_answer.ts";
import {
  amountText,
  counted,
  countOf,
  durationOf,
  shareOf,
  UNKNOWN,
} from "../../../text/figures.ts";
import type { StatsColumn } from "../../config/config.ts";
import { type Field, fieldLines } from "../../text/fields.ts";
import type { Losses } from "../../shared/bundle_losses.ts";
import { SESSION_LOG_TEXT } from "../../../text/session_log_text.ts";
import { oneLine } from "../../text/fit.ts";
import { paintedWord } from "../../shared/status_text.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import {
  besideLabel,
  type Fact,
  flowed,
  sheetLines,
} from "../../text/definition_list.ts";
import {
  costText,
  timePieces,
  tokenCount,
  tokenPieces,
} from "../../shared/measure_text.ts";
import {
  DEFAULT_COLUMNS,
  dropPriorityOf,
  STATS_FIELDS,
} from "./stats_columns.ts";

const NONE = "-";
/** The requests of a session log, which are not recorded. */
const NOT_RECORDED = "?";
const REQUESTS: readonly StatsColumn[] = ["calls", "failed_calls"];
/** Columns that add up times. */
const SUMS: readonly StatsColumn[] = ["model_ms", "tool_ms", "idle_ms"];
/** A column without a value is omitted. */
const ALWAYS: readonly StatsColumn[] = ["calls", "tool_calls"];

/** How figures are set. */
export interface StatsLook {
  /** The columns that the user wants; null for the usual ones. */
  readonly wanted: readonly StatsColumn[] | null;
  /** The one folder that the user named, where it is not a list of bundles. */
  readonly below: string | undefined;
  /** Whether events were lost. */
  readonly hasLostEvents: boolean;
  /** What they are called together. */
  readonly noun: Losses["noun"];
}

/** The lines of figures. */
export function* statsLines(
  answer: StatsAnswer,
  look: StatsLook,
  render: RenderOptions,
): Generator<string> {
  const { rows, total, by } = answer;
  const { wanted } = look;
  const columns = (wanted ?? DEFAULT_COLUMNS[by]).filter((name) =>
    wanted !== null || ALWAYS.includes(name) ||
    rows.some((row) => hasValue(row, name, by))
  );
  const shown = rows.length > 1 ? [...rows, total] : rows;
  const fields = [
    groupField(answer, render),
    ...columns.map((name) => fieldOf(name, wanted !== null, answer, render)),
  ];
  const lines = fieldLines(fields, shown, render);
  if (rows.length > 1) {
    const last = lines.pop() ?? "";
    yield* lines;
    yield render.style.heading(last);
  } else yield* lines;
  if (rows.length > 0) yield "";
  yield* sheetLines(totalFacts(answer, look, besideLabel(render)), render);
}

function countedOrUnknown(count: number | null, what: string): string {
  return count === null ? `${what}s ${UNKNOWN}` : counted(count, what);
}

function totalFacts(
  { total, bundles, by, waiting }: StatsAnswer,
  { below, hasLostEvents, noun }: StatsLook,
  render: RenderOptions,
): Fact[] {
  const { width, style } = render;
  const read = bundles.filter(({ error }) => error === null).length;
  const partial =
    bundles.filter(({ skipped_events: skipped }) =>
      skipped !== null && skipped > 0
    ).length;
  const fact = (label: string, pieces: readonly string[]): Fact => ({
    label,
    lines: flowed(pieces, width),
  });
  return [
    fact("of", [
      bundles.length > 1 && below !== undefined
        ? `${counted(read, noun)} below ${oneLine(below, width - 24)}`
        : counted(read, noun),
      ...partial > 0 ? [style.warning(`${partial} in part`)] : [],
      ...read < bundles.length
        ? [style.error(`${bundles.length - read} not read`)]
        : [],
      countedOrUnknown(total.calls, "LLM request"),
      countedOrUnknown(total.tool_calls, "tool call"),
    ]),
    fact("source", noun === "session log" ? [SESSION_LOG_TEXT] : []),
    fact(
      "lost",
      hasLostEvents
        ? [style.warning("evidence was lost: counts and sums are minimums")]
        : [],
    ),
    fact("tokens", total.tokens === null ? [] : tokenPieces(total.tokens)),
    fact("waiting", waiting === null ? [] : waitingPieces(waiting, total)),
    fact(
      "tool tokens",
      by !== "tool" || total.tool_calls === 0
        ? []
        : [style.dim("of the requests that first carried its outputs")],
    ),
    fact("cost", total.cost === null ? [] : [costText(total.cost)]),
    fact("time", total.time === null ? [] : timePieces(total.time)),
    fact(
      "latencies",
      [
        by === "tool" ? "of tool calls that ended" : "of requests that ended",
        "percentiles by nearest rank",
      ].map(style.dim),
    ),
  ];
}

/** What the waiting cost in tokens: those of the requests that carried its outputs. */
function waitingPieces(
  { tool_calls: calls, tokens }: StatsRow,
  total: StatsRow,
): string[] {
  if (calls === null || calls === 0) return [];
  const { input_tokens: input, cached_input_tokens: cached } = tokens ?? {};
  const all = total.tokens?.input_tokens ?? null;
  const isKnown = input !== undefined && input !== null && all !== null;
  return [
    counted(calls, "call"),
    `${counted(tokens?.calls ?? 0, "request")} with their outputs`,
    ...!isKnown ? [`tokens ${UNKNOWN}`] : [
      `${countOf(input)} of ${countOf(all)} tokens in (${
        shareOf(Number(input), Number(all))
      })`,
      `${countOf(cached ?? null)} of them cached`,
    ],
  ];
}

/** The folders that several paths begin with; nothing where there are less than two. */
function commonFolder(paths: readonly string[]): string {
  const [first = "", ...others] = paths;
  if (others.length === 0) return "";
  let length = first.length;
  for (const path of others) {
    let same = 0;
    while (same < length && path[same] === first[same]) same++;
    length = same;
  }
  return first.slice(0, first.lastIndexOf("/", length - 1) + 1);
}

function hasValue(row: StatsRow, name: StatsColumn, by: StatsBy): boolean {
  const { measure, value } = STATS_FIELDS[name];
  const found = value(row, by);
  return measure === "failures"
    ? found !== null && found !== 0
    : found !== null;
}

/** What is counted by; a bundle beside it where there are several. */
function groupField(
  { by, bundles, total }: StatsAnswer,
  { width, style }: RenderOptions,
): Field<StatsRow> {
  const root = commonFolder(bundles.map(({ bundle }) => bundle));
  const isOwn = by === "turn" || by === "thread";
  return {
    title: isOwn && bundles.length > 1 ? `${by} of bundle` : by,
    shrinkable: true,
    cell: (row) => {
      if (row === total) return row.group;
      const bundle = oneLine((row.bundle ?? "").slice(root.length), width);
      if (by === "bundle") return bundle;
      const name = row.object === null
        ? oneLine(row.group, width)
        : style.id(row.group);
      return isOwn && bundles.length > 1 ? `${name} ${bundle}` : name;
    },
  };
}

function fieldOf(
  name: StatsColumn,
  isWanted: boolean,
  { total, by }: StatsAnswer,
  render: RenderOptions,
): Field<StatsRow> {
  const { title, groupTitle, measure } = STATS_FIELDS[name];
  const dropPriority = isWanted ? undefined : dropPriorityOf(name, by);
  return {
    title,
    ...groupTitle === undefined ? {} : { groupTitle },
    align: measure === "text" ? "left" : "right",
    ...dropPriority === undefined ? {} : { dropPriority },
    cell: (row) =>
      row === total && measure === "text"
        ? ""
        : cellOf(name, row, STATS_FIELDS[name].value(row, by), render),
  };
}

function cellOf(
  name: StatsColumn,
  row: StatsRow,
  found: Integer | string | null,
  { width, style }: RenderOptions,
): string {
  const { measure } = STATS_FIELDS[name];
  if (found === null && REQUESTS.includes(name)) return NOT_RECORDED;
  switch (measure) {
    case "cost":
      return row.cost === null || (row.cost.priced_calls === 0 &&
          row.cost.unpriced_calls === 0)
        ? NONE
        : row.cost.amount === null
        ? "unknown"
        : (row.cost.unpriced_calls > 0 ? "≥" : "") +
          amountText(row.cost.amount);
    case "tokens":
      return row.tokens === null || typeof found === "string"
        ? NONE
        : tokenCount(found, row.tokens);
    case "text":
      return found === null
        ? NONE
        : name === "outcome"
        ? paintedWord(style, row.outcome)
        : name === "status" && found !== "completed"
        ? style.error(String(found))
        : oneLine(String(found), width);
    case "failures":
      return found === null || found === 0 ? NONE : style.error(countOf(found));
    case "time":
      if (found === null) return NONE;
      // Of a sum, nothing is nothing, and not a short time.
      return found === 0 && SUMS.includes(name)
        ? "0 ms"
        : durationOf(Number(found));
    case "count":
      return found === null || found === 0 ? NONE : countOf(found);
  }
}
