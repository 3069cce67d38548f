/**
 * Processes and what was done to them: which operation started one, which others used it.
 *
 * @module
 */

import type { TerminalOperation } from "../../../graph/runtime.ts";
import type { Link } from "../link.ts";
import type { ExplainContext } from "../explain_context.ts";

/** The tool call behind an operation. */
export function operationOrigin(scene: ExplainContext, id: string): Link[] {
  const tool = scene.trace.terminal_operations.get(id)?.tool_call_id;
  return tool === undefined ? [] : [scene.link(
    "operation_of",
    { kind: "tool_call", id: tool },
    ["tool_call", tool, "start"],
  )];
}

/** The process that an operation started or reused, and the items that show its output. */
export function operationLeads(scene: ExplainContext, id: string): Link[] {
  const operation = scene.trace.terminal_operations.get(id);
  if (operation === undefined) return [];
  return [...processOf(scene, operation), ...shownIn(scene, operation)];
}

function processOf(
  scene: ExplainContext,
  operation: TerminalOperation,
): Link[] {
  const { terminal_id: id, operation_id: self } = operation;
  if (id === null) return [];
  const process = { kind: "terminal_session", id } as const;
  const creator = scene.trace.terminal_sessions.get(id)
    ?.created_by_operation_id;
  if (creator === undefined || creator === self) {
    const told = ["terminal_operation", self, "runtime"] as const;
    return [scene.link("created_terminal", process, told)];
  }
  // Where nothing tells which process a write went to, the call itself names it.
  const told = scene.evidence("terminal_operation", self, "runtime");
  return [{
    ...scene.link("reused_terminal", process, [
      "tool_call",
      operation.tool_call_id,
      told.length > 0 ? "runtime" : "start",
    ]),
    note: `started by ${scene.ref("terminal_operation", creator).handle}`,
  }];
}

function shownIn(scene: ExplainContext, operation: TerminalOperation): Link[] {
  const items = new Set(
    operation.model_observations.flatMap((each) => each.output_item_ids),
  );
  // That the same item shows the output of its tool call may have been told.
  return [...items].map((item) => ({
    ...scene.showing(item),
    unlessSeen: true,
  }));
}

/** The operation that started a process. */
export function processOrigin(scene: ExplainContext, id: string): Link[] {
  const creator = scene.trace.terminal_sessions.get(id)
    ?.created_by_operation_id;
  return creator === undefined ? [] : [scene.link(
    "created_by_operation",
    { kind: "terminal_operation", id: creator },
    ["terminal_operation", creator, "all"],
  )];
}

/** Everything else that was done to a process, in order. */
export function processLeads(scene: ExplainContext, id: string): Link[] {
  const session = scene.trace.terminal_sessions.get(id);
  if (session === undefined) return [];
  const { created_by_operation_id: creator } = session;
  return session.operation_ids.filter((each) => each !== creator).map(
    (operation) =>
      scene.link(
        "operation_on_terminal",
        { kind: "terminal_operation", id: operation },
        ["terminal_operation", operation, "all"],
      ),
  );
}
