/**
 * An explanation as lines for a person.
 *
 * @module
 */

import type { ExplainAnswer } from "../../../query/explain/answer.ts";
import type { Failure } from "../../../query/failures/failure.ts";
import { momentOf, UNKNOWN } from "../../../text/figures.ts";
import { cut, oneLine, widthOf, wrapped } from "../../text/fit.ts";
import type { Paint } from "../../text/style.ts";
import type { Paper } from "../../text/render_options.ts";
import { paintStatus } from "../shared/status_text.ts";
import { nextLines } from "../shared/suggestions_text.ts";
import { chainLines, cutLines } from "./chain_text.ts";
import { comparisonLines } from "./comparison_text.ts";
import { evidenceLines } from "./evidence_list_text.ts";
import { factLines } from "./fact_text.ts";

/** The lines of an explanation of an object in the bundle at `place`. */
export function* explainLines(
  answer: ExplainAnswer,
  place: string,
  paper: Paper,
): Iterable<string> {
  yield* headLines(answer, paper);
  yield "";
  yield* factLines(answer.facts, paper);
  yield* section(
    "what went wrong",
    failureLines(answer, paper),
    paper,
  );
  yield* section(
    "where it comes from",
    [
      ...unknownOrigin(answer, paper),
      ...chainLines(answer.upstream, paper),
      ...cutLines(answer.upstream_truncated, "back", paper),
    ],
    paper,
  );
  yield* section(
    "where it leads",
    [
      ...chainLines(answer.downstream, paper),
      ...cutLines(answer.downstream_truncated, "on", paper),
    ],
    paper,
  );
  yield* comparisonSections(answer, paper);
  yield* section("evidence", evidenceLines(answer.evidence, paper), paper);
  if (answer.suggestions.length > 0) yield "";
  yield* nextLines(answer.suggestions, place, paper);
}

/** That it is unknown what a request was about, where no item of it is known to be new. */
function unknownOrigin(
  { facts, upstream }: ExplainAnswer,
  { paint, width }: Paper,
): string[] {
  const isUnknown = upstream.length === 0 &&
    facts.some(({ name, value, object }) =>
      name === "items_new_in_it" && value === null && object === null
    );
  return isUnknown
    ? [paint.odd(cut("unknown: what was new in it was not recorded", width))]
    : [];
}

function* comparisonSections(
  { comparisons }: ExplainAnswer,
  paper: Paper,
): Iterable<string> {
  for (const comparison of comparisons) {
    const reader = comparison.shown_to === "model" ? "the model" : "the cell";
    yield* section(
      `what was put out, and what ${reader} got of it`,
      comparisonLines(comparison, paper),
      paper,
    );
  }
}

function* section(
  title: string,
  lines: readonly string[],
  { paint, width }: Paper,
): Iterable<string> {
  if (lines.length === 0) return;
  yield "";
  yield paint.heading(cut(title, width));
  yield* lines;
}

function headLines(answer: ExplainAnswer, paper: Paper): string[] {
  const { object, text, status, thread, turn } = answer;
  const { paint, width } = paper;
  const name = oneLine(object.handle, Math.floor(width / 2));
  const left = width - widthOf(name) - 2;
  const { started_at_unix_ms: began } = answer;
  const where = [thread, turn].flatMap((ref) =>
    ref === null ? [] : [paint.name(oneLine(ref.handle, 30))]
  );
  const moment = began === null ? `time ${UNKNOWN}` : momentOf(began);
  return [
    `${paint.name(name)}  ${paint.heading(oneLine(text, left))}`.trimEnd(),
    cut(
      [...status === null ? [] : [paintStatus(paint, status)], moment, ...where]
        .join("   "),
      width,
    ),
    ...object.id === object.handle
      ? []
      : [paint.faint(`id ${oneLine(object.id, width - 3)}`)],
  ];
}

function failureLines(
  { object, failures }: ExplainAnswer,
  paper: Paper,
): string[] {
  const { paint, width } = paper;
  const said = ({ about, seq, text }: Failure) =>
    about === null || about.kind === object.kind
      ? text
      : `${about.handle}, at seq ${seq}: ${text}`;
  return failures.flatMap((failure) => {
    const { severity, caused_by, retried_by, later_success } = failure;
    return [
      ...wrapped(oneLine(said(failure), 4 * width), width - 2).map((line) =>
        `  ${(severity === "error" ? paint.bad : paint.odd)(line.trimEnd())}`
      ),
      ...caused_by === null
        ? []
        : [`  because of ${paint.name(oneLine(caused_by.handle, 40))}`],
      ...retried_by === null
        ? []
        : [`  made good by ${paint.name(oneLine(retried_by.handle, 40))}`],
      ...laterLines(later_success, paint),
    ];
  });
}

function laterLines(
  later: Failure["later_success"],
  paint: Paint,
): string[] {
  if (later === null) return [];
  const { request, turn } = later;
  const [name, where] = [request, turn].map(({ handle }) =>
    paint.name(oneLine(handle, 40))
  );
  return [`  ${name} in ${where} went well`];
}
