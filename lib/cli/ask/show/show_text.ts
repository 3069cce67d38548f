/**
 * A session on one screen, as lines.
 *
 * @module
 */

import type { ShowAnswer } from "../../../query/show/show_answer.ts";
import { oneLine, padEnd, widthOf } from "../../text/fit.ts";
import type { Paper } from "../../text/paper.ts";
import { commandLines } from "../../text/command_line.ts";
import { besideLabel, sheetLines } from "../../text/sheet.ts";
import { faultFacts } from "./fault_text.ts";
import { headFacts } from "./head_text.ts";
import { threadLines, turnLines } from "./rows_text.ts";
import { totalFacts } from "./total_text.ts";

const INDENT = "  ";

/** The lines of a session that was found at `place`. */
export function* showLines(
  answer: ShowAnswer,
  place: string,
  paper: Paper,
): Generator<string> {
  const beside = besideLabel(paper);
  yield paper.paint.heading(oneLine(place, paper.width));
  yield* sheetLines(headFacts(answer, beside), paper);
  yield* block(sheetLines(faultFacts(answer, beside), paper));
  yield* block(threadLines(answer, place, paper));
  yield* block(turnLines(answer, place, paper));
  yield* block(sheetLines(totalFacts(answer, beside), paper));
  yield* block(nextLines(answer, place, paper));
}

/** Lines after an empty one; nothing where there are none. */
function* block(lines: Iterable<string>): Generator<string> {
  let first = true;
  for (const line of lines) {
    if (first) yield "";
    first = false;
    yield line;
  }
}

/** Command lines, each with what it tells as far as there is room. */
function* nextLines(
  { ask_next: asked }: ShowAnswer,
  place: string,
  { width, paint }: Paper,
): Generator<string> {
  const room = width - INDENT.length;
  const longestWhy = Math.max(0, ...asked.map(({ why }) => why.length + 4));
  const lines = commandLines(asked, place, [room - longestWhy, room]);
  const longest = Math.max(0, ...lines.map(widthOf));
  if (asked.length > 0) yield paint.heading("ask next");
  for (const [at, { why }] of asked.entries()) {
    const line = lines[at] ?? "";
    yield INDENT +
      (longest + longestWhy > room
        ? paint.name(line)
        : `${padEnd(paint.name(line), longest)}  ${paint.faint(`# ${why}`)}`);
  }
}
