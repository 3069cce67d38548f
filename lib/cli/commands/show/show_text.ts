/**
 * A session on one screen, as lines.
 *
 * @module
 */

import type { ShowAnswer } from "../../../query/show/show_answer.ts";
import { oneLine } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { besideLabel, sheetLines } from "../../text/definition_list.ts";
import { nextLines } from "../../shared/suggestions_text.ts";
import { faultFacts } from "./failures_text.ts";
import { headFacts } from "./header_text.ts";
import { threadLines, turnLines } from "./tables_text.ts";
import { totalFacts } from "./totals_text.ts";

/** The lines of a session that was found at `place`. */
export function* showLines(
  answer: ShowAnswer,
  place: string,
  render: RenderOptions,
): Generator<string> {
  const beside = besideLabel(render);
  yield render.style.heading(oneLine(place, render.width));
  yield* sheetLines(headFacts(answer, beside), render);
  yield* block(sheetLines(faultFacts(answer, beside), render));
  yield* block(threadLines(answer, place, render));
  yield* block(turnLines(answer, place, render));
  yield* block(sheetLines(totalFacts(answer, beside), render));
  yield* block(nextLines(answer.suggestions, place, render));
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
