/**
 * An explanation as lines for a person.
 *
 * @module
 */

import type { ExplainAnswer } from "../../../query/explain/explain_answer.ts";
import type { Failure } from "../../../query/failures/failure.ts";
import { momentOf, UNKNOWN } from "../../../text/figures.ts";
import { cut, oneLine, widthOf, wrapped } from "../../text/fit.ts";
import type { Style } from "../../text/style.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { outcomeOfStatus } from "../../../query/failures/outcome/outcome.ts";
import { paintOutcome, paintStatus } from "../../shared/status_text.ts";
import { nextLines } from "../../shared/suggestions_text.ts";
import { chainLines, cutLines } from "./chain_text.ts";
import { comparisonLines } from "./comparison_text.ts";
import { evidenceLines } from "./evidence_list_text.ts";
import { factLines } from "./fact_text.ts";

/** The lines of an explanation of an object in the bundle at `place`. */
export function* explainLines(
  answer: ExplainAnswer,
  place: string,
  render: RenderOptions,
): Iterable<string> {
  yield* headLines(answer, render);
  yield "";
  yield* factLines(answer.facts, render);
  yield* section(
    "errors",
    failureLines(answer, render),
    render,
  );
  yield* section(
    "causes",
    [
      ...unknownOrigin(answer, render),
      ...chainLines(answer.upstream, render),
      ...cutLines(answer.upstream_truncated, "back", render),
    ],
    render,
  );
  yield* section(
    "effects",
    [
      ...chainLines(answer.downstream, render),
      ...cutLines(answer.downstream_truncated, "on", render),
    ],
    render,
  );
  yield* comparisonSections(answer, render);
  yield* section("evidence", evidenceLines(answer.evidence, render), render);
  if (answer.suggestions.length > 0) yield "";
  yield* nextLines(answer.suggestions, place, render);
}

/** That it is unknown what a request was about, where no item of it is known to be new. */
function unknownOrigin(
  { facts, upstream }: ExplainAnswer,
  { style, width }: RenderOptions,
): string[] {
  const isUnknown = upstream.length === 0 &&
    facts.some(({ name, value, object }) =>
      name === "items_new_in_it" && value === null && object === null
    );
  return isUnknown
    ? [
      style.warning(cut("unknown: what was new in it was not recorded", width)),
    ]
    : [];
}

function* comparisonSections(
  { comparisons }: ExplainAnswer,
  render: RenderOptions,
): Iterable<string> {
  for (const comparison of comparisons) {
    const reader = comparison.shown_to === "model" ? "the model" : "the cell";
    yield* section(
      `output, and what ${reader} received of it`,
      comparisonLines(comparison, render),
      render,
    );
  }
}

function* section(
  title: string,
  lines: readonly string[],
  { style, width }: RenderOptions,
): Iterable<string> {
  if (lines.length === 0) return;
  yield "";
  yield style.heading(cut(title, width));
  yield* lines;
}

function headLines(answer: ExplainAnswer, render: RenderOptions): string[] {
  const { object, text, thread, turn } = answer;
  const { style, width } = render;
  const name = oneLine(object.handle, Math.floor(width / 2));
  const left = width - widthOf(name) - 2;
  const { started_at_unix_ms: began } = answer;
  const where = [thread, turn].flatMap((ref) =>
    ref === null ? [] : [style.id(oneLine(ref.handle, 30))]
  );
  const moment = began === null
    ? `time ${UNKNOWN}`
    : momentOf(began, render.isLocal);
  return [
    `${style.id(name)}  ${style.heading(oneLine(text, left))}`.trimEnd(),
    cut(
      [...stateWords(answer, style), moment, ...where].join("   "),
      width,
    ),
    ...object.id === object.handle
      ? []
      : [style.dim(`id ${oneLine(object.id, width - 3)}`)],
  ];
}

/** The recorder's word, where it is the outcome; else both. */
function stateWords(
  { outcome, status }: ExplainAnswer,
  style: RenderOptions["style"],
): string[] {
  if (status === null) return [];
  return outcomeOfStatus(status) === outcome
    ? [paintStatus(style, status)]
    : [paintOutcome(style, outcome, status)];
}

function failureLines(
  { object, failures }: ExplainAnswer,
  render: RenderOptions,
): string[] {
  const { style, width } = render;
  const failureText = ({ about, seq, text }: Failure) =>
    about === null || about.kind === object.kind
      ? text
      : `${about.handle}, at seq ${seq}: ${text}`;
  return failures.flatMap((failure) => {
    const { severity, caused_by, retried_by, later_success } = failure;
    return [
      ...wrapped(oneLine(failureText(failure), 4 * width), width - 2).map((
        line,
      ) =>
        `  ${
          (severity === "error" ? style.error : style.warning)(line.trimEnd())
        }`
      ),
      ...caused_by === null
        ? []
        : [`  because of ${style.id(oneLine(caused_by.handle, 40))}`],
      ...retried_by === null
        ? []
        : [`  recovered by ${style.id(oneLine(retried_by.handle, 40))}`],
      ...laterLines(later_success, style),
    ];
  });
}

function laterLines(
  later: Failure["later_success"],
  style: Style,
): string[] {
  if (later === null) return [];
  const { request, turn } = later;
  const [name, where] = [request, turn].map(({ handle }) =>
    style.id(oneLine(handle, 40))
  );
  return [`  ${name} in ${where} went well`];
}
