/**
 * What of a session passes the filters: threads and issues.
 *
 * @module
 */

import { limitsText } from "../../../../text/capture_text.ts";
import type { FailureRow } from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";
import type { Filters } from "../../view.ts";

/** The figures of a thread, as `stats --by thread` prints them. */
export type ThreadStats = Model["data"]["stats"]["threads"][number];

/** The figures of one thread; undefined where the graph does not have it. */
export function statsOf(
  model: Model,
  thread: string | null,
): ThreadStats | undefined {
  if (thread === null) return undefined;
  return model.data.stats.threads.find(({ object }) => object?.id === thread);
}

/**
 * Whether an issue may be unknown: evidence was lost, or the recorder's limits left out payloads,
 * which exit codes and reports of errors are in.
 */
export function mayMissIssues({ data: { show } }: Model): boolean {
  const { completeness } = show;
  return !completeness.is_complete || limitsText(completeness) !== null;
}

/** The issues that pass the filters, in the order of the log. */
export function shownFailures(
  model: Model,
  { tool, thread }: Filters,
): readonly FailureRow[] {
  if (tool === null && thread === null) return model.rows.failures;
  return model.rows.failures.filter(({ about, thread_id: of }) =>
    (thread === null || of === thread) &&
    (tool === null ||
      (about?.[0] === "tool_call" && model.tool(about[1])?.kind === tool))
  );
}
