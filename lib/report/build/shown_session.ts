/**
 * The answer of `show` as it goes into a page.
 *
 * @module
 */

import type { ShowAnswer } from "../../query/show/show_answer.ts";
import type { Plain, ShownSession } from "../report_data.ts";

/** What `show` answers, but for what stands elsewhere in the page. */
export function shownSession(answer: ShowAnswer): ShownSession {
  const {
    failures: _failures,
    first_error: _first,
    ask_next: _next,
    cost: _cost,
    prompt,
    answer: said,
    ...shown
  } = answer;
  return {
    ...plain(shown),
    prompt_id: prompt?.item.id ?? null,
    answer_id: said?.item.id ?? null,
  };
}

/** The same data, made of what JSON can say exactly: numbers beyond 2^53 are their digits. */
export function plain<T>(answer: T): Plain<T> {
  return JSON.parse(JSON.stringify(
    answer,
    (_, value: unknown) => typeof value === "bigint" ? String(value) : value,
  ));
}
