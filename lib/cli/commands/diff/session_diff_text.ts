/**
 * Two sessions compared, for a person.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import type {
  Measure,
  MeasurePair,
  SessionDiff,
  SessionSide,
  ThreadPair,
  ToolPair,
} from "../../../query/diff/diff_answer.ts";
import type { KnownCount } from "../../../query/evidence/known_count.ts";
import { countOf, durationOf, UNKNOWN } from "../../../text/figures.ts";
import { MEASURE_TITLES, measureText } from "../../../text/measure_titles.ts";
import { columnLines } from "../../text/columns.ts";
import { cut, oneLine } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { paintOutcome } from "../../shared/status_text.ts";
import { limitsText } from "../../../text/capture_text.ts";
import { changeText, valueWidth } from "./change_text.ts";
import { countsOf, hunkLines } from "./conversation_diff_text.ts";
import { itemLine } from "./item_text.ts";
import type { TextDiffOptions } from "./string_diff_text.ts";
import { partingLines, turnLines } from "./turns_text.ts";

/** What failed is bad; the other counts only differ. */
const FAILURES: readonly Measure[] = [
  "failed_calls",
  "failed_tool_calls",
  "errors",
];

/** The lines of a comparison. */
export function* sessionDiffLines(
  diff: SessionDiff,
  render: RenderOptions,
  options: TextDiffOptions,
): Iterable<string> {
  const { a, b, same, threads } = diff;
  const { style, width } = render;
  yield `${style.id("A")}  ${oneLine(a.bundle, width - 3)}`;
  yield `${style.id("B")}  ${oneLine(b.bundle, width - 3)}`;
  yield* partialLines(diff, render);
  yield "";
  if (same !== false) {
    yield* sameLines(diff, render);
    return;
  }
  yield* measureLines(diff, render);
  yield* errorLines(a, b, render);
  yield* partingLines(diff.turns, render);
  yield* turnLines(diff.turns, render, options);
  for (const pair of threads) yield* threadLines(pair, render, options);
}

/** The note that one of the sessions is not complete. */
function* partialLines(
  { a, b }: SessionDiff,
  { style, width }: RenderOptions,
): Iterable<string> {
  for (const [name, { recording }] of [["A", a], ["B", b]] as const) {
    const text = limitsText(recording);
    if (text !== null) yield style.warning(cut(`${name}: ${text}`, width));
  }
}

function* sameLines(
  { measures, threads, same }: SessionDiff,
  { width }: RenderOptions,
): Iterable<string> {
  const changed = threads.reduce(
    (sum, { conversation }) => sum + (conversation?.similar ?? 0),
    0,
  );
  const took = measures.find(({ measure }) => measure === "duration_ms");
  const time = took === undefined || took.a === took.b
    ? ""
    : ` but the time: ${measureText(took.measure, took.a)} → ${
      measureText(took.measure, took.b)
    }`;
  const what = same === null
    ? "no difference in what was recorded"
    : "no difference";
  yield cut(`${what}${time}`, width);
  if (changed === 0) return;
  const items = changed === 1
    ? "1 item differs"
    : `${countOf(changed)} items differ`;
  yield cut(`${items} in ids and times: --exact shows them`, width);
}

function measureLines(
  { a, b, measures, tools }: SessionDiff,
  render: RenderOptions,
): string[] {
  const { style, width } = render;
  const differ = (one: string, other: string) =>
    one === other ? "" : style.warning("≠");
  const models = [a, b].map((side) => side.models.join(", ") || UNKNOWN);
  const [first = "", second = ""] = models.map((text) =>
    oneLine(text, valueWidth(width))
  );
  return columnLines({
    columns: [{}, { shrinkable: true }, {}, {}],
    rows: [
      ["", style.heading("A"), style.heading("B"), ""],
      [
        "outcome",
        paintOutcome(style, a.outcome, a.status),
        paintOutcome(style, b.outcome, b.status),
        differ(a.outcome ?? "", b.outcome ?? ""),
      ],
      ["model", first, second, differ(first, second)],
      ...measures.filter(isKnown).flatMap((pair) => [
        measureRow(pair, render),
        ...pair.measure === "tool_calls"
          ? tools.map((tool) => toolRow(tool, render))
          : [],
      ]),
    ],
    width,
  });
}

/** Counts of what neither session has are omitted. */
function isKnown({ a, b }: MeasurePair): boolean {
  return a !== 0 || b !== 0;
}

function measureRow({ measure, a, b }: MeasurePair, { style }: RenderOptions) {
  const spell = measure === "duration_ms" ? durationOf : countOf;
  const paintOf = (value: Integer | null) =>
    FAILURES.includes(measure) && value !== null && value > 0
      ? style.error(measureText(measure, value))
      : measureText(measure, value);
  return [
    MEASURE_TITLES[measure],
    paintOf(a),
    paintOf(b),
    changeText(a, b, spell),
  ];
}

function toolRow(
  { tool, calls_a, calls_b, failed_a, failed_b }: ToolPair,
  { style }: RenderOptions,
): string[] {
  const countsText = (calls: KnownCount, failed: KnownCount) =>
    failed === null || failed === 0
      ? countOf(calls)
      : `${countOf(calls)}, ${style.error(`${countOf(failed)} failed`)}`;
  return [
    `  ${oneLine(tool, 24)}`,
    countsText(calls_a, failed_a),
    countsText(calls_b, failed_b),
    changeText(calls_a, calls_b),
  ];
}

function* errorLines(
  a: SessionSide,
  b: SessionSide,
  { style, width }: RenderOptions,
): Iterable<string> {
  if (a.first_error === null && b.first_error === null) return;
  yield "";
  yield style.heading("what went wrong first");
  for (const [name, side] of [["A", a], ["B", b]] as const) {
    const { first_error: error, is_complete: isComplete } = side;
    const result = error === null
      ? style.dim(isComplete ? "nothing" : "nothing known")
      : `${error.about === null ? "" : `${style.id(error.about.handle)} `}${
        style.error(oneLine(error.text, 400))
      }`;
    yield cut(`${style.id(name)}  ${result}`, width);
  }
}

function* threadLines(
  pair: ThreadPair,
  render: RenderOptions,
  options: TextDiffOptions,
): Iterable<string> {
  const { agent_path, a, b, conversation } = pair;
  const { style, width } = render;
  const path = oneLine(agent_path, 40);
  yield "";
  if (conversation === null) {
    const side = a === null ? "B" : "A";
    const handle = (a ?? b)?.handle ?? "";
    yield style.heading(cut(`${path}: only in ${side} (${handle})`, width));
    return;
  }
  const { last_common: last, common } = conversation;
  yield style.heading(cut(`${path}: ${countsOf(conversation)}`, width));
  if (conversation.hunks.length === 0) return;
  if (last === null) yield cut("they differ from the first item on", width);
  else {
    yield cut(
      `the same up to item ${countOf(common)}: ${
        itemLine(last.b, { style, width })
      }`,
      width,
    );
  }
  yield* hunkLines(conversation, render, options, common);
}
