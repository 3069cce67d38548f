/**
 * A chain as a tree: every step with what it is and the evidence for it.
 *
 * @module
 */

import type { ChainTruncation, Step } from "../../../query/explain/answer.ts";
import { counted, countOf } from "../../../text/figures.ts";
import { cut, oneLine, widthOf } from "../../text/fit.ts";
import type { Paper } from "../../text/render_options.ts";
import { evidenceWords } from "./evidence_text.ts";
import { RELATION_WORDS } from "./relation_text.ts";

/** Of a line, the part that evidence may take beside what the step is. */
const EVIDENCE_SHARE = 0.45;
/** Columns of what a step is, at least; deeper steps are not set further in. */
const LEAST_OF_TEXT = 24;

/** The lines of a chain; each object is told once. */
export function chainLines(
  steps: readonly Step[],
  paper: Paper,
  indent = "",
): string[] {
  const shown = steps.filter(({ truncated: why }) =>
    indent === "" || why !== "seen"
  );
  return shown.flatMap((step, at) => {
    const isLast = at === shown.length - 1;
    const branch = `${indent}${isLast ? "└─ " : "├─ "}`;
    const below = `${indent}${isLast ? "   " : "│  "}`;
    const room = paper.width - widthOf(below);
    const next = room < LEAST_OF_TEXT + 3 ? indent : below;
    return [
      ...stepLines(step, branch, below, paper),
      ...chainLines(step.steps, paper, next),
    ];
  });
}

/** What a chain does not tell, and how to be told. */
export function cutLines(
  given: ChainTruncation | null,
  where: "back" | "on",
  { paint, width }: Paper,
): string[] {
  if (given === null) return [];
  const steps = `${counted(given.steps, "step")} further ${where}`;
  return [paint.faint(cut(`… ${steps}: --depth ${given.depth}`, width))];
}

function stepLines(
  step: Step,
  branch: string,
  below: string,
  paper: Paper,
): string[] {
  const { paint, width } = paper;
  const evidence = evidenceWords(step.evidence, paint);
  const room = width - widthOf(branch);
  if (evidence === "") {
    return [`${paint.faint(branch)}${told(step, room, paper)}`];
  }
  const beside = room - widthOf(evidence) - 2;
  const fits = widthOf(evidence) <= width * EVIDENCE_SHARE &&
    beside >= LEAST_OF_TEXT + widthOf(leadOf(step, paper));
  if (!fits) {
    const bar = hasMore(step) ? "│  " : "   ";
    const space = width - widthOf(below) - 3;
    return [
      `${paint.faint(branch)}${told(step, room, paper)}`,
      paint.faint(`${below}${bar}${cut(evidence, space)}`),
    ];
  }
  const text = told(step, beside, paper);
  const gap = " ".repeat(room - widthOf(text) - widthOf(evidence));
  return [`${paint.faint(branch)}${text}${gap}${paint.faint(evidence)}`];
}

function hasMore({ steps }: Step): boolean {
  return steps.some(({ truncated: why }) => why !== "seen");
}

/** How the step goes on, and to which object. */
function leadOf({ relation, object }: Step, { paint }: Paper): string {
  const name = object === null ? "" : paint.name(oneLine(object.handle, 40));
  return `${RELATION_WORDS[relation]} ${name}`;
}

/** The same, and what the object is. */
function told(step: Step, room: number, paper: Paper): string {
  const { object, text, count, truncated: why } = step;
  const lead = leadOf(step, paper);
  if (object === null) {
    return cut(`${lead}${paper.paint.faint(`${countOf(count)} more`)}`, room);
  }
  const end = why === "size" ? " … (too long)" : "";
  const left = room - widthOf(lead) - 2 - widthOf(end);
  const words = left < 4 || why === "seen" ? "" : `  ${oneLine(text, left)}`;
  return cut(`${lead}${words}${paper.paint.faint(end)}`, room);
}
