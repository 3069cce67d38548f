/**
 * Who asked for a tool call and what it did; what a code cell comes from and what it called.
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
import { receivedDuring } from "./received_while_waiting.ts";

/** The item, the request or the code cell that asked for a tool call. */
export function toolOrigin(scene: ExplainContext, id: string): Link[] {
  const tool = scene.trace.tool_calls.get(id);
  if (tool === undefined) return [];
  const { requester, model_visible_call_item_ids: items } = tool;
  if (requester.type === "code_cell") {
    const { code_cell_id: cell } = requester;
    return [scene.link(
      "issued_by_cell",
      { kind: "code_cell", id: cell },
      ["tool_call", id, "start"],
    )];
  }
  if (items.length > 0) {
    return items.map((item) =>
      scene.link("called_in", { kind: "item", id: item }, ["item", item, "all"])
    );
  }
  return scene.linksFrom(
    "requested_by",
    "tool_call",
    id,
    "started_tool",
    "end",
  );
}

/** What a tool call did at a terminal and among agents, and who was shown its output. */
export function toolLeads(scene: ExplainContext, id: string): Link[] {
  const tool = scene.trace.tool_calls.get(id);
  if (tool === undefined) return [];
  const { requester, terminal_operation_id: operation } = tool;
  return [
    ...operation === null ? [] : [scene.link(
      "performed_operation",
      { kind: "terminal_operation", id: operation },
      ["terminal_operation", operation, "all"],
    )],
    ...startedCell(scene, id),
    ...waitedForCell(scene, tool),
    ...scene.edgesFrom("tool_call", id),
    ...receivedDuring(scene, tool),
    ...turnStartedBy(scene, tool),
    ...outputsOfTool(scene.links, tool).map((item) =>
      scene.showing(item, ["tool_call", id, "end"])
    ),
    ...requester.type === "model" ? [] : [{
      ...scene.link(
        "returned_to_cell",
        { kind: "code_cell", id: requester.code_cell_id },
        ["tool_call", id, "end"],
      ),
      // The code went on with it then, and no earlier.
      ...since(endOf(tool.execution)),
    }],
    ...handedOnIn(scene, tool),
  ];
}

/** The cell that a call waited for; only its id says so where the graph has no link. */
function waitedForCell(scene: ExplainContext, tool: ToolCall): Link[] {
  const { tool_call_id: id } = tool;
  const linked = scene.linksFrom(
    "waited_for_cell",
    "tool_call",
    id,
    "wait_tool",
  );
  const target = scene.waitTargets.of(tool);
  if (linked.length > 0 || target === null) return linked;
  return [{
    ...scene.link("waited_for_cell", target, ["tool_call", id, "all"]),
    note: "known by the id of the runtime only",
    beganBefore: true,
  }];
}

const HANDED_ON: Readonly<Record<ForwardedShare, string>> = {
  all: "all of the result",
  part: "part of the result",
  nothing: "nothing of the result, not shown to the model",
};

/** The output of the cell that got the result, whatever the code made of it. */
function handedOnIn(scene: ExplainContext, tool: ToolCall): Link[] {
  const { requester } = tool;
  if (requester.type === "model") return [];
  const end = ["code_cell", requester.code_cell_id, "end"] as const;
  return forwardedItems(scene, tool).map(({ item, holds }): Link => {
    const hop = scene.showing(item, end);
    const words = holds === null ? undefined : HANDED_ON[holds];
    const note = [words, hop.note].filter((each) => each !== undefined);
    return {
      ...hop,
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

function startedCell(scene: ExplainContext, id: string): Link[] {
  const cell = scene.trace.tool_calls.get(id)?.started_code_cell_id;
  return cell === undefined ? [] : [scene.link(
    "started_cell",
    { kind: "code_cell", id: cell },
    ["code_cell", cell, "start"],
  )];
}

/** The item in which the model wrote a cell, and the tool call that started it. */
export function cellOrigin(scene: ExplainContext, id: string): Link[] {
  const cell = scene.trace.code_cells.get(id);
  if (cell === undefined) return [];
  const { source_item_id: item } = cell;
  return [
    scene.link("written_in", { kind: "item", id: item }, ["item", item, "all"]),
    ...scene.linksFrom("started_by_tool", "code_cell", id, "started_cell"),
  ];
}

/** The tool calls of a cell, the calls that waited for it, and what the model was shown. */
export function cellLeads(scene: ExplainContext, id: string): Link[] {
  const cell = scene.trace.code_cells.get(id);
  if (cell === undefined) return [];
  const tools = (
    relation: "issued_tool" | "waited_for_by",
    ids: readonly string[],
  ) =>
    ids.map((tool) =>
      scene.link(
        relation,
        { kind: "tool_call", id: tool },
        ["tool_call", tool, "start"],
      )
    );
  return [
    ...tools("issued_tool", cell.nested_tool_call_ids),
    ...tools("waited_for_by", cell.wait_tool_call_ids),
    ...outputsOfCell(scene.links, cell).map((item) =>
      scene.showing(item, ["code_cell", id, "end"])
    ),
  ];
}
