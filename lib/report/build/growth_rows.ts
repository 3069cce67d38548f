/**
 * Rows of how prompts grew, request by request, by source.
 *
 * @module
 */

import { PayloadError } from "../../errors.ts";
import { contextGrowth } from "../../query/context/context_growth.ts";
import type { ContextSource, GrowthPoint } from "../../query/context/answer.ts";
import type { GraphLinks } from "../../query/links/graph_links.ts";
import type { Session } from "../../query/session/session.ts";
import type { GrowthRow } from "../report_data.ts";
import { whole } from "./report_pool.ts";

/** Every source, in the order in which they are stacked: what stays the same at the bottom. */
export const SOURCES: readonly ContextSource[] = [
  "request",
  "tools",
  "instructions",
  "compaction",
  "user",
  "agent_message",
  "assistant",
  "reasoning",
  "tool_call",
  "tool_output",
  "other_item",
];

/** The requests of every thread; none where the payloads are not at hand. */
export function growthRows(session: Session, links: GraphLinks): GrowthRow[] {
  return [...session.trace.threads.keys()].flatMap((thread) =>
    pointsOf(session, thread, links).flatMap((point) =>
      growthRow(thread, point) ?? []
    )
  );
}

function pointsOf(
  session: Session,
  thread: string,
  links: GraphLinks,
): readonly GrowthPoint[] {
  try {
    return contextGrowth(session, thread, links)?.calls ?? [];
  } catch (error) {
    // A payload that was there a moment ago is gone: the page goes without the chart.
    if (error instanceof PayloadError) return [];
    throw error;
  }
}

/** A request on the growth of its thread; `undefined` where it was not recorded. */
function growthRow(thread: string, point: GrowthPoint): GrowthRow | undefined {
  const { input_tokens: input, cached_input_tokens: cached } = point;
  const { bytes, items, bytes_by_source: bySource } = point;
  if (bytes === null || items === null || bySource === null) return undefined;
  return {
    call_id: point.call.id,
    thread_id: thread,
    compaction_ids: point.compactions.map(({ id }) => id),
    is_incremental: point.is_incremental === true,
    bytes,
    items,
    new_elements: point.new_elements,
    new_bytes: point.new_bytes,
    dropped_items: point.dropped_items,
    input_tokens: input === null ? null : whole(input),
    cached_input_tokens: cached === null ? null : whole(cached),
    by_source: SOURCES.map((source) => bySource[source]),
  };
}
