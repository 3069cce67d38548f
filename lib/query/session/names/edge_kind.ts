/**
 * Kind of an edge, as people see it: an interrupted agent keeps working, a closed one does not.
 *
 * @module
 */

import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import type {
  InteractionEdge,
  InteractionEdgeKind,
} from "../../../graph/runtime.ts";
import { isInterruptAgent } from "./tool_name.ts";

/**
 * Kind of an interaction between agents. The recorder has one kind for `close_agent` and
 * `interrupt_agent`; these are two here.
 */
export type EdgeKind = InteractionEdgeKind | "interrupt_agent";

/** The kind of an edge; the tool call at its source separates an interruption from a close. */
export function edgeKind(
  trace: RolloutTrace,
  { kind, source }: Pick<InteractionEdge, "kind" | "source">,
): EdgeKind {
  if (kind !== "close_agent" || source.type !== "tool_call") return kind;
  const tool = trace.tool_calls.get(source.tool_call_id);
  return tool !== undefined && isInterruptAgent(tool)
    ? "interrupt_agent"
    : kind;
}
