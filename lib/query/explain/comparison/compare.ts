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
  isNotice,
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

/** One output, on both sides, with its text in place of the beginning of it. */
export type ComparedText = Omit<OutputSide, "excerpt"> & {
  readonly text: string | null;
};

/** A comparison with complete texts. */
export type TextComparison = Omit<Comparison, "runtime" | "shown"> & {
  readonly runtime: ComparedText;
  readonly shown: ComparedText;
};

/** The comparisons of outputs around an object: tool calls, code cells, operations, outputs. */
export function comparisonsOf(
  context: ExplainContext,
  object: ObjectRef,
): Comparison[] {
  return textComparisons(context, object).map((
    { runtime, shown, ...compared },
  ) => ({
    runtime: withExcerpt(runtime),
    shown: withExcerpt(shown),
    ...compared,
  }));
}

function withExcerpt({ text, ...side }: ComparedText): OutputSide {
  return { ...side, excerpt: text === null ? null : oneLineExcerpt(text) };
}

/** What {@linkcode comparisonsOf} is made of. */
export function textComparisons(
  context: ExplainContext,
  { kind, id }: ObjectRef,
): TextComparison[] {
  const { trace } = context;
  switch (kind) {
    case "tool_call":
      return ofTool(context, trace.tool_calls.get(id));
    case "code_cell":
      return ofCell(context, trace.code_cells.get(id));
    case "terminal_operation": {
      const tool = trace.terminal_operations.get(id)?.tool_call_id;
      return ofTool(context, trace.tool_calls.get(tool ?? ""));
    }
    case "item": {
      const sources = context.links.to("item", id, "output_item");
      return sources.flatMap(({ from }) =>
        from.kind === "code_cell"
          ? ofCell(context, trace.code_cells.get(from.id))
          : ofTool(context, trace.tool_calls.get(from.id))
      ).filter(({ shown }) => shown.in.some((item) => item.id === id));
    }
    default:
      return [];
  }
}

function ofTool(
  context: ExplainContext,
  tool: ToolCall | undefined,
): TextComparison[] {
  // The output of a cell is compared as its own.
  if (tool === undefined || tool.started_code_cell_id !== undefined) return [];
  if (!isFirst(context, tool)) {
    const shared = processOutput(context, tool);
    const share = shared?.shares.find((each) => each.tool === tool);
    if (shared !== undefined && share !== undefined) {
      const { seen } = share;
      const match = shareOf(shared, share);
      return [between(context, tool, shared.output, seen, match)];
    }
  }
  const output = runtimeOutput(context, tool);
  const seen = seenOf(context, tool);
  if (seen === null) return [];
  if (output === null) {
    return tool.terminal_operation_id === null || seen.in.length === 0
      ? []
      : [between(context, tool, NOT_RECORDED, seen, unmatched("not_recorded"))];
  }
  const direct = between(context, tool, output, seen);
  if (direct.verdict !== "different" && direct.verdict !== "truncated") {
    return [direct];
  }
  const shared = processOutput(context, tool);
  const match = shared === undefined ? undefined : togetherOf(shared);
  return [
    shared === undefined || match === undefined
      ? direct
      : between(context, tool, output, togetherSeen(shared.shares), match),
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

/** What the requester of a tool call received of it. */
function seenOf(context: ExplainContext, tool: ToolCall): OutputText | null {
  return tool.requester.type === "code_cell"
    ? valueForCell(context, tool)
    : shownInItems(context, outputsOfTool(context.links, tool));
}

function between(
  context: ExplainContext,
  tool: ToolCall,
  output: OutputText,
  seen: OutputText,
  match?: Match,
): TextComparison {
  if (tool.requester.type === "model") {
    return shownToModel(context, tool, output, seen, match);
  }
  const sides = sidesOf(context, output, seen);
  return {
    ...sides,
    shown_to: "code_cell",
    sent: null,
    ...match ?? matched(sides),
  };
}

/** The first answer beside the output of the call, the result beside that of the last wait. */
function ofCell(
  context: ExplainContext,
  cell: CodeCell | undefined,
): TextComparison[] {
  if (cell === undefined) return [];
  const { raw_initial_response_payload_id: first } = cell;
  const { raw_result_payload_id: last, wait_tool_call_ids: waits } = cell;
  const answers: TextComparison[] = [];
  const answer = cellAnswer(context, first ?? last ?? null);
  if (answer !== null) {
    const { conversation_items: items } = context.trace;
    // What the code sent by itself is no part of its result.
    const ids = outputsOfCell(context.links, cell).filter((id) => {
      const item = items.get(id);
      return item === undefined ||
        !isNotice(context.trace, cell.code_cell_id, item);
    });
    answers.push(
      shownToModel(context, cell, answer, shownInItems(context, ids)),
    );
  }
  const wait = context.trace.tool_calls.get(waits.at(-1) ?? "");
  const result = wait === undefined || last === first
    ? null
    : cellAnswer(context, last ?? null);
  if (wait !== undefined && result !== null) {
    const shown = shownInItems(context, outputsOfTool(context.links, wait));
    answers.push(shownToModel(context, wait, result, shown));
  }
  return answers;
}

function shownToModel(
  context: ExplainContext,
  source: ToolCall | CodeCell,
  output: OutputText,
  shown: OutputText,
  known?: Match,
): TextComparison {
  const sides = sidesOf(context, output, shown);
  const match = known ?? matched(sides);
  return match.verdict === "not_shown" && context.mayBeInPartialRequest(source)
    ? {
      ...sides,
      shown_to: "model",
      sent: null,
      ...unmatched("unknown"),
    }
    : {
      ...sides,
      shown_to: "model",
      sent: wasSent(context, shown.in.map(({ id }) => id)),
      ...match,
    };
}

function matched(
  { runtime, shown }: Pick<TextComparison, "runtime" | "shown">,
): Match {
  if (shown.in.length === 0) return unmatched("not_shown");
  if (runtime.text === null || shown.text === null) {
    return unmatched("incomparable");
  }
  return matchOf(
    runtime.text,
    shown.text,
    (text) =>
      (text === runtime.text ? runtime : shown).bytes ?? utf8Length(text),
  );
}

const NOT_RECORDED: OutputText = { in: [], key: null, text: null };

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

function sidesOf(
  { trace }: ExplainContext,
  output: OutputText,
  seen: OutputText,
): Pick<TextComparison, "runtime" | "shown"> {
  const bytes = sizeOf(output.text);
  // Most often they are the same: to measure texts takes as long as all else.
  const shownBytes = seen.text === output.text ? bytes : sizeOf(seen.text);
  return {
    runtime: sideOf(trace, output, bytes),
    shown: sideOf(trace, seen, shownBytes),
  };
}

function sizeOf(text: string | null): number | null {
  return text === null ? null : utf8Length(text);
}

function sideOf(
  trace: RolloutTrace,
  { in: places, key, text }: OutputText,
  bytes: number | null,
): ComparedText {
  return {
    capture: text === null ? captureAt(trace, places) : null,
    in: places,
    key,
    bytes,
    text,
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

/** Whether a request carried one of some items; null when only requests not recorded direct may have. */
function wasSent(
  context: ExplainContext,
  ids: readonly string[],
): boolean | null {
  const sent = ids.map((id) => context.wasSent(id));
  return sent.includes(true) || (sent.includes(null) ? null : false);
}
