/**
 * A chain as a tree: every step with what it is and the evidence for it.
 *
 * @module
 */

import type { Step } from "../../../query/explain/answer.ts";
import { countOf } from "../../../text/figures.ts";
import { cut, oneLine, widthOf } from "../../text/fit.ts";
import type { Paper } from "../../text/paper.ts";
import { evidenceWords } from "./evidence_words.ts";
import { RELATION_WORDS } from "./relation_words.ts";

/** From here on, evidence stands in the line of its step. */
const WIDE = 110;
/** Of a wide line, the part that evidence may take. */
const EVIDENCE_SHARE = 0.5;
/** Columns of what a step is, at least; deeper steps are not set further in. */
const LEAST_OF_TEXT = 24;

/** The lines of a chain. */
export function chainLines(
  steps: readonly Step[],
  paper: Paper,
  indent = "",
): string[] {
  return steps.flatMap((step, at) => {
    const isLast = at === steps.length - 1;
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
  if (width < WIDE) {
    const bar = step.steps.length > 0 ? "│  " : "   ";
    const space = width - widthOf(below) - 3;
    return [
      `${paint.faint(branch)}${told(step, room, paper)}`,
      paint.faint(`${below}${bar}${cut(evidence, space)}`),
    ];
  }
  const most = Math.floor(width * EVIDENCE_SHARE);
  const shown = cut(evidence, most);
  const left = room - widthOf(shown) - 2;
  const text = told(step, left, paper);
  const gap = " ".repeat(Math.max(2, room - widthOf(text) - widthOf(shown)));
  return [`${paint.faint(branch)}${text}${gap}${paint.faint(shown)}`];
}

/** How the step goes on, its object, and what that is. */
function told(step: Step, room: number, { paint }: Paper): string {
  const { object, text, count } = step;
  const relation = RELATION_WORDS[step.relation];
  if (object === null) {
    return cut(`${relation} ${paint.faint(`${countOf(count)} more`)}`, room);
  }
  const name = oneLine(object.handle, 40);
  const end = endOf(step);
  const left = room - widthOf(relation) - widthOf(name) - 3 - widthOf(end);
  const words = left < 4 ? "" : `  ${oneLine(text, left)}`;
  const shown = `${relation} ${paint.name(name)}`;
  return cut(`${shown}${words}${paint.faint(end)}`, room);
}

/** That a chain ends here although the story may not. */
function endOf({ cut: why }: Step): string {
  switch (why) {
    case null:
      return "";
    case "depth":
      return " …";
    case "seen":
      return " (told elsewhere)";
    case "size":
      return " … (too long)";
  }
}
