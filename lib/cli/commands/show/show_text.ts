/**
 * A session on one screen, as lines.
 *
 * @module
 */

import type { ShowAnswer } from "../../../query/show/show_answer.ts";
import { oneLine } from "../../text/fit.ts";
import type { Paper } from "../../text/render_options.ts";
import { besideLabel, sheetLines } from "../../text/definition_list.ts";
import { nextLines } from "../shared/suggestions_text.ts";
import { faultFacts } from "./failures_text.ts";
import { headFacts } from "./header_text.ts";
import { threadLines, turnLines } from "./tables_text.ts";
import { totalFacts } from "./totals_text.ts";

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
  yield* block(nextLines(answer.suggestions, place, paper));
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
