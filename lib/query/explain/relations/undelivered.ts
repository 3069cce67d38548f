/**
 * Links of results that were never delivered: only the log has them.
 *
 * @module
 */

import type { UndeliveredResult } from "../../evidence/links/undelivered.ts";
import { oneLineExcerpt } from "../../evidence/excerpt.ts";
import type { Link } from "../link.ts";
import type { LeadRelation } from "../relation.ts";
import type { ExplainContext } from "../explain_context.ts";

/** The agents that were to get the results of a thread or a turn and never did. */
export function undeliveredResultLinks(
  context: ExplainContext,
  kind: "thread" | "turn",
  id: string,
): Link[] {
  return context.undelivered
    .filter((each) =>
      (kind === "thread" ? each.child : each.child_turn).id === id
    )
    .map((each) =>
      hopOf(
        context,
        each,
        "undelivered_result_to",
        each.parent.id,
        each.ended_turn === null
          ? "no request of it showed the result"
          : `its ${each.ended_turn.handle} had ended, no request of it showed the result`,
      )
    );
}

/** The agents whose results a thread was to get and never did. */
export function missingResults(
  context: ExplainContext,
  thread: string,
): Link[] {
  return context.undelivered.filter(({ parent }) => parent.id === thread)
    .map((each) =>
      hopOf(
        context,
        each,
        "missing_result_from",
        each.child.id,
        "no request showed it",
      )
    );
}

function hopOf(
  context: ExplainContext,
  { seq, message }: UndeliveredResult,
  relation: LeadRelation,
  thread: string,
  why: string,
): Link {
  const event = context.session.log?.at(seq);
  return {
    ...context.link(relation, { kind: "thread", id: thread }),
    evidence: () => event === undefined ? [] : [event],
    note: `${why}: ${JSON.stringify(oneLineExcerpt(message, 60))}`,
    leaf: true,
  };
}
