/**
 * Processes and what was done to them: which operation started one, which others used it.
 *
 * @module
 */

import type { TerminalOperation } from "../../../graph/runtime.ts";
import type { Hop } from "../hop.ts";
import type { Scene } from "../scene.ts";

/** The tool call behind an operation. */
export function operationOrigin(scene: Scene, id: string): Hop[] {
  const tool = scene.trace.terminal_operations.get(id)?.tool_call_id;
  return tool === undefined ? [] : [scene.hop(
    "operation_of",
    { kind: "tool_call", id: tool },
    ["tool_call", tool, "start"],
  )];
}

/** The process that an operation started or reused, and the items that show its output. */
export function operationLeads(scene: Scene, id: string): Hop[] {
  const operation = scene.trace.terminal_operations.get(id);
  if (operation === undefined) return [];
  return [...processOf(scene, operation), ...shownIn(scene, operation)];
}

function processOf(scene: Scene, operation: TerminalOperation): Hop[] {
  const { terminal_id: id, operation_id: self } = operation;
  if (id === null) return [];
  const process = { kind: "terminal_session", id } as const;
  const creator = scene.trace.terminal_sessions.get(id)
    ?.created_by_operation_id;
  if (creator === undefined || creator === self) {
    const told = ["terminal_operation", self, "runtime"] as const;
    return [scene.hop("created_terminal", process, told)];
  }
  // Where nothing tells which process a write went to, the call itself names it.
  const told = scene.evidence("terminal_operation", self, "runtime");
  return [{
    ...scene.hop("reused_terminal", process, [
      "tool_call",
      operation.tool_call_id,
      told.length > 0 ? "runtime" : "start",
    ]),
    note: `started by ${scene.ref("terminal_operation", creator).handle}`,
  }];
}

function shownIn(scene: Scene, operation: TerminalOperation): Hop[] {
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
export function processOrigin(scene: Scene, id: string): Hop[] {
  const creator = scene.trace.terminal_sessions.get(id)
    ?.created_by_operation_id;
  return creator === undefined ? [] : [scene.hop(
    "created_by_operation",
    { kind: "terminal_operation", id: creator },
    ["terminal_operation", creator, "all"],
  )];
}

/** Everything else that was done to a process, in order. */
export function processLeads(scene: Scene, id: string): Hop[] {
  const session = scene.trace.terminal_sessions.get(id);
  if (session === undefined) return [];
  const { created_by_operation_id: creator } = session;
  return session.operation_ids.filter((each) => each !== creator).map(
    (operation) =>
      scene.hop(
        "operation_on_terminal",
        { kind: "terminal_operation", id: operation },
        ["terminal_operation", operation, "all"],
      ),
  );
}
