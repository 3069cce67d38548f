/**
 * A chain as a tree: every step with what it is and the evidence for it.
 *
 * @module
 */

import type {
  ChainTruncation,
  Step,
} from "../../../query/explain/explain_answer.ts";
import { counted, countOf } from "../../../text/figures.ts";
import { cut, oneLine, widthOf } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { evidenceWords } from "./evidence_text.ts";
import { RELATION_WORDS } from "./relation_text.ts";

/** Of a line, the part that evidence may take beside what the step is. */
const EVIDENCE_SHARE = 0.45;
/** Columns of what a step is, at least; deeper steps are not set further in. */
const MIN_TEXT = 24;

/** The lines of a chain; each object is printed once. */
export function chainLines(
  steps: readonly Step[],
  render: RenderOptions,
  indent = "",
): string[] {
  const shown = steps.filter(({ truncated: why }) =>
    indent === "" || why !== "seen"
  );
  return shown.flatMap((step, at) => {
    const isLast = at === shown.length - 1;
    const branch = `${indent}${isLast ? "└─ " : "├─ "}`;
    const below = `${indent}${isLast ? "   " : "│  "}`;
    const room = render.width - widthOf(below);
    const next = room < MIN_TEXT + 3 ? indent : below;
    return [
      ...stepLines(step, branch, below, render),
      ...chainLines(step.steps, render, next),
    ];
  });
}

/** What a chain omits, and how to print it. */
export function cutLines(
  given: ChainTruncation | null,
  where: "back" | "on",
  { style, width }: RenderOptions,
): string[] {
  if (given === null) return [];
  const steps = `${counted(given.steps, "step")} further ${where}`;
  return [style.dim(cut(`… ${steps}: --depth ${given.depth}`, width))];
}

function stepLines(
  step: Step,
  branch: string,
  below: string,
  render: RenderOptions,
): string[] {
  const { style, width } = render;
  const evidence = evidenceWords(step.evidence, style);
  const room = width - widthOf(branch);
  if (evidence === "") {
    return [`${style.dim(branch)}${stepText(step, room, render)}`];
  }
  const beside = room - widthOf(evidence) - 2;
  const fits = widthOf(evidence) <= width * EVIDENCE_SHARE &&
    beside >= MIN_TEXT + widthOf(leadOf(step, render));
  if (!fits) {
    const bar = hasMore(step) ? "│  " : "   ";
    const space = width - widthOf(below) - 3;
    return [
      `${style.dim(branch)}${stepText(step, room, render)}`,
      style.dim(`${below}${bar}${cut(evidence, space)}`),
    ];
  }
  const text = stepText(step, beside, render);
  const gap = " ".repeat(room - widthOf(text) - widthOf(evidence));
  return [`${style.dim(branch)}${text}${gap}${style.dim(evidence)}`];
}

function hasMore({ steps }: Step): boolean {
  return steps.some(({ truncated: why }) => why !== "seen");
}

function leadOf({ relation, object }: Step, { style }: RenderOptions): string {
  const name = object === null ? "" : style.id(oneLine(object.handle, 40));
  return `${RELATION_WORDS[relation]} ${name}`;
}

/** The same, and what the object is. */
function stepText(step: Step, room: number, render: RenderOptions): string {
  const { object, text, count, truncated: why } = step;
  const lead = leadOf(step, render);
  if (object === null) {
    return cut(`${lead}${render.style.dim(`${countOf(count)} more`)}`, room);
  }
  const end = why === "size" ? " … (too long)" : "";
  const left = room - widthOf(lead) - 2 - widthOf(end);
  const words = left < 4 || why === "seen" ? "" : `  ${oneLine(text, left)}`;
  return cut(`${lead}${words}${render.style.dim(end)}`, room);
}
