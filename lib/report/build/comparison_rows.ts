/**
 * Rows that set what a runtime put out beside what was shown of it.
 *
 * @module
 */

import { comparisonsOf } from "../../query/explain/comparison/compare.ts";
import type { Comparison } from "../../query/explain/comparison/comparison.ts";
import type { Scene } from "../../query/explain/scene.ts";
import type { ComparisonRow } from "../report_data.ts";

/** The comparisons of every tool call. */
export function comparisonRows(scene: Scene): ComparisonRow[] {
  return scene.session.names.all("tool_call").flatMap((tool) =>
    comparisonsOf(scene, tool).map((each) => comparisonRow(tool.id, each))
  );
}

function comparisonRow(tool: string, each: Comparison): ComparisonRow {
  return {
    tool_id: tool,
    verdict: each.verdict,
    shown_to: each.shown_to,
    sent: each.sent,
    runtime_in: each.runtime.in.map(({ kind, id }) => [kind, id] as const),
    runtime_bytes: each.runtime.bytes,
    shown_in: each.shown.in.map(({ kind, id }) => [kind, id] as const),
    shown_bytes: each.shown.bytes,
    omitted_bytes: each.omitted_bytes,
    added_bytes: each.added_bytes,
    pieces: each.pieces,
  };
}
