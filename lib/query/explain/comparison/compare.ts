/**
 * Compares outputs of tool calls and code cells with what their readers were shown.
 *
 * @module
 */

import type { CodeCell, ToolCall } from "../../../graph/runtime.ts";
import { utf8Length } from "../../../text/utf8_length.ts";
import type { ObjectRef } from "../../names/object_kind.ts";
import { quoted } from "../excerpt.ts";
import type { Scene } from "../scene.ts";
import type { Comparison, OutputSide, OutputText } from "./comparison.ts";
import { type Match, matchOf } from "./match.ts";
import {
  cellAnswer,
  runtimeOutput,
  shownInItems,
  valueForCell,
} from "./outputs.ts";
import { piecesOf } from "./pieces.ts";

/** What was put out and shown around an object: tool calls, code cells, operations, outputs. */
export function comparisonsOf(
  scene: Scene,
  { kind, id }: ObjectRef,
): Comparison[] {
  const { trace } = scene;
  switch (kind) {
    case "tool_call":
      return ofTool(scene, trace.tool_calls.get(id));
    case "code_cell":
      return ofCell(scene, trace.code_cells.get(id));
    case "terminal_operation": {
      const tool = trace.terminal_operations.get(id)?.tool_call_id;
      return ofTool(scene, trace.tool_calls.get(tool ?? ""));
    }
    case "item": {
      const sources = scene.links.to("item", id, "output_item");
      return sources.flatMap(({ from }) =>
        from.kind === "code_cell"
          ? ofCell(scene, trace.code_cells.get(from.id))
          : ofTool(scene, trace.tool_calls.get(from.id))
      ).filter(({ shown }) => shown.in.some((item) => item.id === id));
    }
    default:
      return [];
  }
}

function ofTool(scene: Scene, tool: ToolCall | undefined): Comparison[] {
  // What a cell puts out is compared as the cell's own.
  if (tool === undefined || tool.started_code_cell_id !== undefined) return [];
  const output = runtimeOutput(scene, tool);
  if (output === null) return [];
  if (tool.requester.type === "code_cell") {
    const given = valueForCell(scene, tool);
    return given === null ? [] : [{
      runtime: side(output),
      shown: side(given),
      shown_to: "code_cell",
      sent: null,
      ...matched(output, given),
    }];
  }
  const shown = shownInItems(scene, tool.model_visible_output_item_ids);
  const comparison = shownToModel(scene, output, shown);
  return [
    comparison.verdict === "different" || comparison.verdict === "cut"
      ? piecewise(scene, tool, output) ?? comparison
      : comparison,
  ];
}

/** What a process puts out while it runs is shown by the operations that read it. */
function piecewise(
  scene: Scene,
  tool: ToolCall,
  output: OutputText,
): Comparison | undefined {
  const { text } = output;
  const ids = itemsOfProcess(scene, tool);
  if (text === null || ids.length < 2) return undefined;
  const texts = ids.map((id) => shownInItems(scene, [id]).text ?? "");
  const match = piecesOf(text, texts);
  if (match === undefined) return undefined;
  return shownToModel(scene, output, shownInItems(scene, ids), match);
}

/** The outputs of all operations on the process that a tool call started, in order. */
function itemsOfProcess({ trace }: Scene, tool: ToolCall): string[] {
  const own = tool.terminal_operation_id;
  const terminal = trace.terminal_operations.get(own ?? "")?.terminal_id;
  const session = trace.terminal_sessions.get(terminal ?? "");
  if (session === undefined || session.created_by_operation_id !== own) {
    return [];
  }
  return session.operation_ids.flatMap((id) =>
    trace.terminal_operations.get(id)?.model_observations.flatMap((each) =>
      each.output_item_ids
    ) ?? []
  );
}

/** The first answer beside the output of the call, the result beside that of the last wait. */
function ofCell(scene: Scene, cell: CodeCell | undefined): Comparison[] {
  if (cell === undefined) return [];
  const { raw_initial_response_payload_id: first } = cell;
  const { raw_result_payload_id: last, wait_tool_call_ids: waits } = cell;
  const answers: Comparison[] = [];
  const answer = cellAnswer(scene, first ?? last ?? null);
  if (answer !== null) {
    const shown = shownInItems(scene, cell.output_item_ids);
    answers.push(shownToModel(scene, answer, shown));
  }
  const wait = scene.trace.tool_calls.get(waits.at(-1) ?? "");
  const result = wait === undefined || last === first
    ? null
    : cellAnswer(scene, last ?? null);
  if (wait !== undefined && result !== null) {
    const shown = shownInItems(scene, wait.model_visible_output_item_ids);
    answers.push(shownToModel(scene, result, shown));
  }
  return answers;
}

function shownToModel(
  { links }: Scene,
  output: OutputText,
  shown: OutputText,
  match: Match = matched(output, shown),
): Comparison {
  return {
    runtime: side(output),
    shown: side(shown),
    shown_to: "model",
    sent: shown.in.some(({ id }) => links.carriers.requests(id).count > 0),
    ...match,
  };
}

function matched(output: OutputText, shown: OutputText): Match {
  const nothing = {
    head_bytes: 0,
    tail_bytes: 0,
    omitted_bytes: null,
    added_bytes: null,
    pieces: 0,
    marker: null,
  };
  if (shown.in.length === 0) return { verdict: "not_shown", ...nothing };
  if (output.text === null || shown.text === null) {
    return { verdict: "not_comparable", ...nothing };
  }
  return matchOf(output.text, shown.text);
}

function side({ in: places, key, text }: OutputText): OutputSide {
  return {
    in: places,
    key,
    bytes: text === null ? null : utf8Length(text),
    excerpt: text === null ? null : quoted(text),
  };
}
