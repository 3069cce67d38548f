/**
 * Links of tool calls and code cells: requester, terminal operations, outputs, nested calls.
 *
 * @module
 */

import { endOf, type Link, type Moment } from "../link.ts";
import type { ToolCall } from "../../../graph/runtime.ts";
import {
  forwardedItems,
  type ForwardedShare,
} from "../comparison/forwarded_result.ts";
import {
  outputsOfCell,
  outputsOfTool,
} from "../../evidence/links/provenance.ts";
import type { ExplainContext } from "../explain_context.ts";
import { turnStartedBy } from "./turn_started_by_call.ts";
import { isWrittenAfter } from "./item.ts";
import { receivedDuring } from "./received_while_waiting.ts";

/** The item, the request or the code cell that asked for a tool call. */
export function toolOrigin(context: ExplainContext, id: string): Link[] {
  const tool = context.trace.tool_calls.get(id);
  if (tool === undefined) return [];
  const { requester, model_visible_call_item_ids: items } = tool;
  if (requester.type === "code_cell") {
    const { code_cell_id: cell } = requester;
    return [context.link(
      "issued_by_cell",
      { kind: "code_cell", id: cell },
      ["tool_call", id, "start"],
    )];
  }
  if (items.length > 0) {
    const { started_seq: start } = tool.execution;
    return items.filter((item) => !isWrittenAfter(context, item, start))
      .map((item) =>
        context.link("called_in", { kind: "item", id: item }, [
          "item",
          item,
          "all",
        ])
      );
  }
  return context.linksFrom(
    "requested_by",
    "tool_call",
    id,
    "started_tool",
    "end",
  );
}

/** What a tool call did at a terminal and among agents, and who was shown its output. */
export function toolLeads(context: ExplainContext, id: string): Link[] {
  const tool = context.trace.tool_calls.get(id);
  if (tool === undefined) return [];
  const { requester, terminal_operation_id: operation } = tool;
  return [
    ...operation === null ? [] : [context.link(
      "performed_operation",
      { kind: "terminal_operation", id: operation },
      ["terminal_operation", operation, "all"],
    )],
    ...startedCell(context, id),
    ...waitedForCell(context, tool),
    ...context.edgesFrom("tool_call", id),
    ...receivedDuring(context, tool),
    ...turnStartedBy(context, tool),
    ...outputsOfTool(context.links, tool).map((item) =>
      context.showing(item, ["tool_call", id, "end"])
    ),
    ...requester.type === "model" ? [] : [{
      ...context.link(
        "returned_to_cell",
        { kind: "code_cell", id: requester.code_cell_id },
        ["tool_call", id, "end"],
      ),
      // The code continued with it then, and no earlier.
      ...since(endOf(tool.execution)),
    }],
    ...forwardedIn(context, tool),
  ];
}

/** The cell that a call waited for; by its id where the graph has no link. */
function waitedForCell(context: ExplainContext, tool: ToolCall): Link[] {
  const { tool_call_id: id } = tool;
  const linked = context.linksFrom(
    "waited_for_cell",
    "tool_call",
    id,
    "wait_tool",
  );
  const target = context.waitTargets.of(tool);
  if (linked.length > 0 || target === null) return linked;
  return [{
    ...context.link("waited_for_cell", target, ["tool_call", id, "all"]),
    note: "known by the id of the runtime only",
    beganBefore: true,
  }];
}

const FORWARDED: Readonly<Record<ForwardedShare, string>> = {
  all: "all of the result",
  part: "part of the result",
  nothing: "nothing of the result, not shown to the model",
};

/** The output of the cell that got the result, whatever the code made of it. */
function forwardedIn(context: ExplainContext, tool: ToolCall): Link[] {
  const { requester } = tool;
  if (requester.type === "model") return [];
  const end = ["code_cell", requester.code_cell_id, "end"] as const;
  return forwardedItems(context, tool).map(({ item, holds }): Link => {
    const link = context.showing(item, end);
    const words = holds === null ? undefined : FORWARDED[holds];
    const note = [words, link.note].filter((each) => each !== undefined);
    return {
      ...link,
      relation: "output_of_cell_in",
      nearOnly: true,
      ...note.length === 0 ? {} : { note: note.join(", ") },
      // That the model never saw this result is no matter of later requests.
      leaf: holds === "nothing",
    };
  });
}

function since(moment: Moment | null): Pick<Link, "since"> {
  return moment === null ? {} : { since: moment };
}

function startedCell(context: ExplainContext, id: string): Link[] {
  const cell = context.trace.tool_calls.get(id)?.started_code_cell_id;
  return cell === undefined ? [] : [context.link(
    "started_cell",
    { kind: "code_cell", id: cell },
    ["code_cell", cell, "start"],
  )];
}

/** The item in which the model wrote a cell, and the tool call that started it. */
export function cellOrigin(context: ExplainContext, id: string): Link[] {
  const cell = context.trace.code_cells.get(id);
  if (cell === undefined) return [];
  const { source_item_id: item } = cell;
  return [
    context.link("written_in", { kind: "item", id: item }, [
      "item",
      item,
      "all",
    ]),
    ...context.linksFrom("started_by_tool", "code_cell", id, "started_cell"),
  ];
}

/** The tool calls of a cell, the calls that waited for it, and what the model was shown. */
export function cellLeads(context: ExplainContext, id: string): Link[] {
  const cell = context.trace.code_cells.get(id);
  if (cell === undefined) return [];
  const tools = (
    relation: "issued_tool" | "waited_for_by",
    ids: readonly string[],
  ) =>
    ids.map((tool) =>
      context.link(
        relation,
        { kind: "tool_call", id: tool },
        ["tool_call", tool, "start"],
      )
    );
  return [
    ...tools("issued_tool", cell.nested_tool_call_ids),
    ...tools("waited_for_by", cell.wait_tool_call_ids),
    ...outputsOfCell(context.links, cell).map((item) =>
      context.showing(item, ["code_cell", id, "end"])
    ),
  ];
}
