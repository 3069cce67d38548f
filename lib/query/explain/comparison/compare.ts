/**
 * Compares outputs of tool calls and code cells with what their readers were shown.
 *
 * @module
 */

import type { PayloadCapture } from "../../../format/payload.ts";
import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import type { CodeCell, ToolCall } from "../../../graph/runtime.ts";
import { utf8Length } from "../../../text/utf8_length.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";
import { oneLineExcerpt } from "../../evidence/excerpt.ts";
import { captureOf, captureOfPart } from "../../evidence/recorded/captures.ts";
import {
  outputsOfCell,
  outputsOfTool,
} from "../../evidence/links/provenance.ts";
import type { ExplainContext } from "../explain_context.ts";
import type { Comparison, OutputSide, Verdict } from "./comparison.ts";
import { type Match, matchOf } from "./match.ts";
import {
  processOutput,
  shareOf,
  togetherOf,
  togetherSeen,
} from "./terminal_output.ts";
import {
  cellAnswer,
  type OutputText,
  runtimeOutput,
  shownInItems,
  valueForCell,
} from "./outputs.ts";

/** What was put out and shown around an object: tool calls, code cells, operations, outputs. */
export function comparisonsOf(
  scene: ExplainContext,
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

function ofTool(
  scene: ExplainContext,
  tool: ToolCall | undefined,
): Comparison[] {
  // What a cell puts out is compared as the cell's own.
  if (tool === undefined || tool.started_code_cell_id !== undefined) return [];
  const shared = processOutput(scene, tool);
  const share = shared?.shares.find((each) => each.tool === tool);
  if (shared !== undefined && share !== undefined && !isFirst(scene, tool)) {
    return [
      between(scene, tool, shared.output, share.seen, shareOf(shared, share)),
    ];
  }
  const output = runtimeOutput(scene, tool);
  const seen = seenOf(scene, tool);
  if (seen === null) return [];
  if (output === null) {
    return tool.terminal_operation_id === null || seen.in.length === 0
      ? []
      : [between(scene, tool, UNTOLD, seen, unmatched("not_recorded"))];
  }
  const whole = between(scene, tool, output, seen);
  if (whole.verdict !== "different" && whole.verdict !== "truncated") {
    return [whole];
  }
  const match = shared === undefined ? undefined : togetherOf(shared);
  return [
    shared === undefined || match === undefined
      ? whole
      : between(scene, tool, output, togetherSeen(shared.shares), match),
  ];
}

/** Whether a call started the process that its operation is about. */
function isFirst(
  { trace }: ExplainContext,
  { terminal_operation_id: own }: ToolCall,
): boolean {
  const terminal = trace.terminal_operations.get(own ?? "")?.terminal_id;
  return trace.terminal_sessions.get(terminal ?? "")
    ?.created_by_operation_id === own;
}

/** What whoever asked for a tool call got of it. */
function seenOf(scene: ExplainContext, tool: ToolCall): OutputText | null {
  return tool.requester.type === "code_cell"
    ? valueForCell(scene, tool)
    : shownInItems(scene, outputsOfTool(scene.links, tool));
}

function between(
  scene: ExplainContext,
  tool: ToolCall,
  output: OutputText,
  seen: OutputText,
  match: Match = matched(output, seen),
): Comparison {
  return tool.requester.type === "model"
    ? shownToModel(scene, tool, output, seen, match)
    : {
      runtime: side(scene, output),
      shown: side(scene, seen),
      shown_to: "code_cell",
      sent: null,
      ...match,
    };
}

/** The first answer beside the output of the call, the result beside that of the last wait. */
function ofCell(
  scene: ExplainContext,
  cell: CodeCell | undefined,
): Comparison[] {
  if (cell === undefined) return [];
  const { raw_initial_response_payload_id: first } = cell;
  const { raw_result_payload_id: last, wait_tool_call_ids: waits } = cell;
  const answers: Comparison[] = [];
  const answer = cellAnswer(scene, first ?? last ?? null);
  if (answer !== null) {
    const shown = shownInItems(scene, outputsOfCell(scene.links, cell));
    answers.push(shownToModel(scene, cell, answer, shown));
  }
  const wait = scene.trace.tool_calls.get(waits.at(-1) ?? "");
  const result = wait === undefined || last === first
    ? null
    : cellAnswer(scene, last ?? null);
  if (wait !== undefined && result !== null) {
    const shown = shownInItems(scene, outputsOfTool(scene.links, wait));
    answers.push(shownToModel(scene, wait, result, shown));
  }
  return answers;
}

function shownToModel(
  scene: ExplainContext,
  source: ToolCall | CodeCell,
  output: OutputText,
  shown: OutputText,
  match: Match = matched(output, shown),
): Comparison {
  const sides = { runtime: side(scene, output), shown: side(scene, shown) };
  return match.verdict === "not_shown" && scene.mayBeInPartialRequest(source)
    ? {
      ...sides,
      shown_to: "model",
      sent: null,
      ...unmatched("unknown"),
    }
    : {
      ...sides,
      shown_to: "model",
      sent: wasSent(scene, shown.in.map(({ id }) => id)),
      ...match,
    };
}

function matched(output: OutputText, shown: OutputText): Match {
  if (shown.in.length === 0) return unmatched("not_shown");
  if (output.text === null || shown.text === null) {
    return unmatched("incomparable");
  }
  return matchOf(output.text, shown.text);
}

const UNTOLD: OutputText = { in: [], key: null, text: null };

function unmatched(verdict: Verdict): Match {
  return {
    verdict,
    head_bytes: 0,
    tail_bytes: 0,
    omitted_bytes: null,
    added_bytes: null,
    chunks: 0,
    marker: null,
    chunk: null,
  };
}

function side(
  { trace }: ExplainContext,
  { in: places, key, text }: OutputText,
): OutputSide {
  return {
    capture: text === null ? captureAt(trace, places) : null,
    in: places,
    key,
    bytes: text === null ? null : utf8Length(text),
    excerpt: text === null ? null : oneLineExcerpt(text),
  };
}

/** How much was kept of the first of some payloads and items of which not all was. */
function captureAt(
  trace: RolloutTrace,
  places: readonly ObjectRef[],
): PayloadCapture | null {
  for (const { kind, id } of places) {
    const item = kind === "item" ? trace.conversation_items.get(id) : undefined;
    const captures = item === undefined
      ? [captureOf(trace, id)]
      : item.body.parts.map((part) => captureOfPart(trace, part));
    const lost = captures.find((capture) => capture !== null);
    if (lost !== undefined) return lost;
  }
  return null;
}

/** Whether a request carried one of some items; null when only requests not recorded whole may have. */
function wasSent(
  scene: ExplainContext,
  ids: readonly string[],
): boolean | null {
  const sent = ids.map((id) => scene.wasSent(id));
  return sent.includes(true) || (sent.includes(null) ? null : false);
}
