/**
 * The turns of two sessions side by side, and where the sessions part, for a person.
 *
 * @module
 */

import type {
  Parting,
  PartingStep,
  ThreadTurns,
  TurnPair,
  TurnsDiff,
  TurnSide,
} from "../../../query/diff/diff_answer.ts";
import { counted, countOf, durationOf } from "../../../text/figures.ts";
import { stepCountsText, stepTitle } from "../../../text/step_text.ts";
import { paintedWord } from "../../shared/status_text.ts";
import { columnLines } from "../../text/columns.ts";
import { cut, oneLine } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import type { Style } from "../../text/style.ts";
import type { TextDiffOptions } from "./string_diff_text.ts";

/** Turns of a thread that are printed. */
const MAX_TURNS = 20;
/** More of a step is in no line. */
const MAX_EXCERPT = 400;
/** Events about a step that are printed. */
const MAX_EVENTS = 3;
const NONE = "–";

/** Where two sessions part: at all, and in what their models wrote. */
export function* partingLines(
  { first_difference: first, first_model_difference: model }: TurnsDiff,
  render: RenderOptions,
): Iterable<string> {
  const { style } = render;
  yield "";
  yield style.heading("where they part");
  if (first === null) yield style.dim("nowhere that is known");
  else yield* partingOf(first, render);
  if (model === null) {
    if (first !== null) {
      yield style.dim("what the models wrote: no difference that is known");
    }
    return;
  }
  if (isSamePlace(first, model)) return;
  yield style.heading("where what the models wrote parts");
  yield* partingOf(model, render);
}

function isSamePlace(one: Parting | null, other: Parting): boolean {
  return one?.a?.step.object.id === other.a?.step.object.id &&
    one?.b?.step.object.id === other.b?.step.object.id &&
    one?.turn_a?.id === other.turn_a?.id &&
    one?.turn_b?.id === other.turn_b?.id;
}

function* partingOf(parting: Parting, render: RenderOptions): Iterable<string> {
  const { change, turn_a, turn_b, last_common: last } = parting;
  const { style, width } = render;
  const path = oneLine(parting.agent_path, 40);
  if (change === "turn") {
    const side = turn_a === null ? "B" : "A";
    const turn = (turn_a ?? turn_b)?.handle ?? "";
    yield cut(`only ${side} has ${style.id(turn)} of ${path}`, width);
  }
  if (change === "not_aligned") {
    yield style.warning("from here on, too much differs to be aligned");
  }
  yield* stepLines("A", parting.a, turn_a?.handle, render);
  yield* stepLines("B", parting.b, turn_b?.handle, render);
  if (last !== null) {
    yield style.dim(
      cut(`after ${last.a.handle} → ${last.b.handle} of ${path}`, width),
    );
  }
  if (parting.unknown_before > 0) {
    yield style.warning(
      `before it, ${
        counted(parting.unknown_before, "step")
      } cannot be compared`,
    );
  }
}

function* stepLines(
  side: "A" | "B",
  parting: PartingStep | null,
  turn: string | undefined,
  { style, width }: RenderOptions,
): Iterable<string> {
  if (turn === undefined) return;
  if (parting === null) {
    yield `${style.id(side)}  ${style.dim(`nothing in ${turn}`)}`;
    return;
  }
  const { step, evidence } = parting;
  const text = oneLine(step.excerpt, MAX_EXCERPT);
  const title = oneLine(stepTitle(step), MAX_EXCERPT);
  const { handle } = step.object;
  yield cut(
    `${style.id(side)}  ${turn} ${style.id(handle)} ${title} · ${text}`,
    width,
  );
  const events = evidence.slice(0, MAX_EVENTS).map(({ seq, line, payloads }) =>
    [
      `seq ${seq}`,
      ...line === null ? [] : [`line ${line}`],
      ...payloads.map((each) => each.handle),
    ].join(" ")
  );
  const rest = evidence.length - events.length;
  const more = rest > 0 ? [`${countOf(rest)} more`] : [];
  if (events.length > 0) {
    yield style.dim(cut(`   ${[...events, ...more].join(" · ")}`, width));
  }
}

/** The turns of each thread that both sessions have, or one. */
export function* turnLines(
  { threads }: TurnsDiff,
  render: RenderOptions,
  options: TextDiffOptions,
): Iterable<string> {
  for (const thread of threads) {
    if (thread.turns.length > 0) yield* threadLines(thread, render, options);
  }
}

function* threadLines(
  { agent_path: path, turns }: ThreadTurns,
  { style, width }: RenderOptions,
  options: TextDiffOptions,
): Iterable<string> {
  const differing = turns.filter(({ same }) => same !== true);
  const shown = options.full ? turns : differing.slice(0, MAX_TURNS);
  yield "";
  yield style.heading(cut(`turns of ${oneLine(path, 40)}`, width));
  yield* columnLines({
    columns: [{}, {}, {}, {}, { shrinkable: true }],
    rows: shown.map((pair) => turnCells(pair, style)),
    width,
  });
  const rest = options.full ? 0 : differing.length - shown.length;
  if (rest > 0) {
    yield style.dim(
      `… and ${counted(rest, "more turn")} that differ: --full shows them`,
    );
  }
  const same = turns.length - differing.length;
  if (!options.full && same > 0) {
    yield style.dim(`= ${counted(same, "turn")} the same`);
  }
}

function turnCells(pair: TurnPair, style: Style): string[] {
  const { a, b, counts, matched_by: matched } = pair;
  const handles = [a, b].map((side) => side?.turn.handle);
  const both = (textOf: (side: TurnSide) => string) => {
    const [one, other] = [a, b].map((side) =>
      side === null ? NONE : textOf(side)
    );
    return one === other ? one ?? "" : `${one} → ${other}`;
  };
  return [
    style.id(handles.map((handle) => handle ?? NONE).join(" → ")),
    both((side) => paintedWord(style, side.outcome)),
    both((side) => durationOf(side.duration_ms)),
    filesText(pair),
    stepCountsText(counts) +
    (matched === "position" ? ", matched by position" : ""),
  ];
}

/** How many files the patches of each changed; empty where neither changed one. */
function filesText({ a, b }: TurnPair): string {
  const [one, other] = [a, b].map((side) => side?.changed_files ?? []);
  if (one === undefined || other === undefined) return "";
  if (one.length + other.length === 0) return "";
  return one.length === other.length
    ? counted(one.length, "file")
    : `${countOf(one.length)} → ${counted(other.length, "file")}`;
}
