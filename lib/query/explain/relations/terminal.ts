/**
 * Processes and what was done to them: which operation started one, which others used it.
 *
 * @module
 */

import type { TerminalOperation } from "../../../graph/runtime.ts";
import type { Link } from "../link.ts";
import type { ExplainContext } from "../explain_context.ts";

/** The tool call behind an operation. */
export function operationOrigin(context: ExplainContext, id: string): Link[] {
  const tool = context.trace.terminal_operations.get(id)?.tool_call_id;
  return tool === undefined ? [] : [context.link(
    "operation_of",
    { kind: "tool_call", id: tool },
    ["tool_call", tool, "start"],
  )];
}

/** The process that an operation started or reused, and the items that show its output. */
export function operationLeads(context: ExplainContext, id: string): Link[] {
  const operation = context.trace.terminal_operations.get(id);
  if (operation === undefined) return [];
  return [...processOf(context, operation), ...shownIn(context, operation)];
}

function processOf(
  context: ExplainContext,
  operation: TerminalOperation,
): Link[] {
  const { terminal_id: id, operation_id: self } = operation;
  if (id === null) return [];
  const process = { kind: "terminal_session", id } as const;
  const creator = context.trace.terminal_sessions.get(id)
    ?.created_by_operation_id;
  if (creator === undefined || creator === self) {
    const runtime = ["terminal_operation", self, "runtime"] as const;
    return [context.link("created_terminal", process, runtime)];
  }
  // Where no event names the process of a write, the call itself names it.
  const runtime = context.evidence("terminal_operation", self, "runtime");
  return [{
    ...context.link("reused_terminal", process, [
      "tool_call",
      operation.tool_call_id,
      runtime.length > 0 ? "runtime" : "start",
    ]),
    note: `started by ${context.ref("terminal_operation", creator).handle}`,
  }];
}

function shownIn(
  context: ExplainContext,
  operation: TerminalOperation,
): Link[] {
  const items = new Set(
    operation.model_observations.flatMap((each) => each.output_item_ids),
  );
  // The same item may be the output of its tool call, too.
  return [...items].map((item) => ({
    ...context.showing(item),
    unlessSeen: true,
  }));
}

/** The operation that started a process. */
export function processOrigin(context: ExplainContext, id: string): Link[] {
  const creator = context.trace.terminal_sessions.get(id)
    ?.created_by_operation_id;
  return creator === undefined ? [] : [context.link(
    "created_by_operation",
    { kind: "terminal_operation", id: creator },
    ["terminal_operation", creator, "all"],
  )];
}

/** Everything else that was done to a process, in order. */
export function processLeads(context: ExplainContext, id: string): Link[] {
  const session = context.trace.terminal_sessions.get(id);
  if (session === undefined) return [];
  const { created_by_operation_id: creator } = session;
  return session.operation_ids.filter((each) => each !== creator).map(
    (operation) =>
      context.link(
        "operation_on_terminal",
        { kind: "terminal_operation", id: operation },
        ["terminal_operation", operation, "all"],
      ),
  );
}
