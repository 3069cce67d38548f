/**
 * What went wrong, as facts: the first error in full, others a line each.
 *
 * @module
 */

import type { ErrorGroup } from "../../../query/failures/error_groups.ts";
import type { Failure } from "../../../query/failures/failure.ts";
import type { ShowAnswer } from "../../../query/show/show_answer.ts";
import { counted } from "../../../text/figures.ts";
import { cut, oneLine, padEnd, widthOf } from "../../text/fit.ts";
import type { Style } from "../../text/style.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { type Fact, fewLines, flowed } from "../../text/definition_list.ts";
import { limitsText } from "../../../text/capture_text.ts";
import { lossText } from "../../shared/loss_text.ts";
import { refText } from "../../shared/ref_text.ts";

const MAX_LINES = 3;
const MAX_OTHERS = 4;
/** A shorter text has no meaning. */
const MIN_TEXT = 24;

/** The first error and the others; that there were none, where there were none. */
export function faultFacts(answer: ShowAnswer, render: RenderOptions): Fact[] {
  const { failures, first_error: first, error_groups: groups } = answer;
  const errors = failures.filter(({ severity }) => severity === "error");
  const { style } = render;
  const others = failures.filter((each) => each !== first);
  const facts: Fact[] = first === null
    ? [{ label: "errors", lines: noneLines(answer, render) }]
    : [{
      label: "first error",
      lines: firstLines(first, answer, render),
      style: (text) => style.error(style.heading(text)),
    }];
  // A few errors are each in a line of their own below.
  if (errors.length > MAX_OTHERS + 1) {
    facts.push({ label: "by cause", lines: groupLines(groups, render) });
  }
  if (others.length > 0) {
    const isWarned = others.every(({ severity }) => severity === "warning");
    const label = isWarned && errors.length === 0 ? "warnings" : "also";
    facts.push({ label, lines: otherLines(others, render) });
  }
  return facts;
}

/** With losses, and with payloads that were not recorded, it is unknown whether there were none. */
function noneLines(
  { completeness }: ShowAnswer,
  { width }: RenderOptions,
): string[] {
  const lost = lossText(completeness) ?? limitsText(completeness);
  return lost === null
    ? ["none"]
    : fewLines(`none known; ${lost}`, width, MAX_LINES);
}

/** The first groups of errors, each with its count. */
function groupLines(
  groups: readonly ErrorGroup[],
  { width, style }: RenderOptions,
): string[] {
  const lines = groups.slice(0, MAX_OTHERS).map(({ count, text, about }) => {
    const head = `${count} × ${about === null ? "" : `${refText(about)} `}`;
    return cut(
      head + oneLine(text, Math.max(MIN_TEXT, width - widthOf(head))),
      width,
    );
  });
  const more = groups.length - lines.length;
  return more > 0
    ? [...lines, style.dim(`… ${counted(more, "more cause")}`)]
    : lines;
}

function firstLines(
  first: Failure,
  { failures, threads }: ShowAnswer,
  render: RenderOptions,
): string[] {
  const { width, style } = render;
  const where: string[] = [];
  if (first.about !== null) where.push(style.id(refText(first.about)));
  if (first.subject !== null) where.push(oneLine(first.subject, 50));
  if (first.turn !== null && first.turn.id !== first.about?.id) {
    where.push(`in ${style.id(refText(first.turn))}`);
  }
  const thread = threads.find((each) => each.thread.id === first.thread?.id);
  if (thread !== undefined && threads.length > 1) {
    where.push(`of ${oneLine(thread.agent_path, 40)}`);
  }
  if (first.seq !== null) where.push(`at seq ${first.seq}`);
  const lines = flowed(where, width, " ");
  lines.push(
    ...fewLines(first.text, width, MAX_LINES).map((line) => style.error(line)),
  );
  const outcome = outcomesOf(first, failures, render);
  if (outcome.length > 0) {
    for (const line of flowed(outcome, width, "; ")) lines.push(line);
  }
  return lines;
}

/** What became of a fault. */
function outcomesOf(
  first: Failure,
  failures: readonly Failure[],
  { style }: RenderOptions,
): string[] {
  const outcomes: string[] = [];
  if (first.retried_by !== null) {
    outcomes.push(
      `retried until ${style.id(refText(first.retried_by))} succeeded`,
    );
  } else if (first.kind === "inference" || first.kind === "compaction") {
    outcomes.push(...withoutRetry(first, failures, style));
  }
  for (const { kind, about, caused_by: cause } of failures) {
    if (cause === null || cause.id !== first.about?.id) continue;
    if (kind === "turn" && about !== null) {
      outcomes.push(`${style.id(refText(about))} failed because of it`);
    }
  }
  const report = first.reported_in[0];
  if (report !== undefined) {
    outcomes.push(`reported to the model in ${style.id(refText(report))}`);
  }
  return outcomes;
}

/** What is known of a request that no other of its turn recovered. */
function withoutRetry(
  { about, seq, turn, later_success: later, retry_unknown: isUnknown }: Failure,
  failures: readonly Failure[],
  style: Style,
): string[] {
  const isTried = failures.some((each) =>
    each.about?.kind === about?.kind && each.about?.id !== about?.id &&
    each.turn?.id === turn?.id && (each.seq ?? 0) > (seq ?? 0)
  );
  const where = turn === null ? "" : ` in ${style.id(refText(turn))}`;
  const state = isTried
    ? isUnknown ? "whether a retry succeeded" : "no retry"
    : isUnknown
    ? "whether it was retried"
    : "not retried";
  const rest = isUnknown ? " is unknown" : isTried ? " succeeded" : "";
  return [
    `${state}${where}${rest}`,
    ...later === null ? [] : [
      `${style.id(refText(later.request))} in ${
        style.id(refText(later.turn))
      } succeeded`,
    ],
  ];
}

function otherLines(
  others: readonly Failure[],
  render: RenderOptions,
): string[] {
  const { style } = render;
  const shown = distinct(others).sort((a, b) => weightOf(b) - weightOf(a))
    .slice(0, MAX_OTHERS)
    .sort((a, b) => others.indexOf(a) - others.indexOf(b));
  const names = Math.max(...shown.map((each) => nameOf(each).length));
  const places = Math.max(...shown.map((each) => placeOf(each).length));
  const lines = shown.flatMap((each) =>
    oneOther(each, [names, places], render)
  );
  const left = others.filter((each) => !shown.includes(each));
  if (left.length === 0) return lines;
  const errors = left.filter(({ severity }) => severity === "error").length;
  const texts = [
    ...errors > 0 ? [counted(errors, "more error")] : [],
    ...left.length > errors
      ? [counted(left.length - errors, "more warning")]
      : [],
  ];
  return [...lines, style.dim(`… ${texts.join(", ")}`)];
}

/** Without messages that repeat another one. */
function distinct(others: readonly Failure[]): Failure[] {
  const seen = new Set<string>();
  return others.filter(({ about, text }) => {
    if (about !== null) return true;
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

/** Errors precede warnings, and what concerns an object before mere messages. */
function weightOf({ severity, about }: Failure): number {
  return (severity === "error" ? 2 : 0) + (about === null ? 0 : 1);
}

function placeOf({ seq }: Failure): string {
  return seq === null ? "" : `seq ${seq}`;
}

function nameOf({ about, severity }: Failure): string {
  return about === null ? severity : refText(about);
}

/** What it is about, where, what, and what it goes back to; a warning may take two lines. */
function oneOther(
  each: Failure,
  [names, places]: readonly [number, number],
  render: RenderOptions,
): string[] {
  const { width, style } = render;
  const name = padEnd(
    each.about === null ? nameOf(each) : style.id(nameOf(each)),
    names,
  );
  const place = padEnd(style.dim(placeOf(each)), places);
  const head = `${name}  ${place}  `;
  const reason = reasonOf(each);
  const room = width - widthOf(head);
  const [first = "", ...rest] = each.severity === "error"
    ? errorLines(each.text, reason, room, style)
    : fewLines(
      reason === "" ? each.text : `${each.text}, ${reason}`,
      room,
      each.about === null ? 1 : 2,
    ).map(style.warning);
  const indent = " ".repeat(widthOf(head));
  return [head + first, ...rest.map((line) => indent + line)];
}

/** The text, and what it goes back to: beside it, or below where that leaves too little room. */
function errorLines(
  text: string,
  reason: string,
  room: number,
  style: Style,
): string[] {
  if (reason === "") return [style.error(oneLine(text, room))];
  const beside = room - reason.length - 2;
  return beside < MIN_TEXT && widthOf(text) > beside
    ? [style.error(oneLine(text, room)), cut(reason, room)]
    : [`${style.error(oneLine(text, beside))}  ${reason}`];
}

function reasonOf({ caused_by: cause, retried_by: retry }: Failure): string {
  if (retry !== null) return `retried until ${refText(retry)}`;
  return cause === null ? "" : `because of ${refText(cause)}`;
}
