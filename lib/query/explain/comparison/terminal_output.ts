/**
 * Divides the output of a process among the operations that read it.
 *
 * @module
 */

import type { TerminalOperation, ToolCall } from "../../../graph/runtime.ts";
import { utf8Length } from "../../../text/utf8_length.ts";
import type { ExplainContext } from "../explain_context.ts";
import type { Match } from "./match.ts";
import {
  type OutputText,
  reportedOutput,
  shownInItems,
  valueForCell,
} from "./outputs.ts";

/** What one operation brought of the output of its process. */
export interface Share {
  /** The call behind the operation. */
  readonly tool: ToolCall;
  /** What its reader got. */
  readonly seen: OutputText;
  /** Where its chunk begins, in UTF-16 units of the complete output. */
  readonly from: number;
  /** How long the piece is; 0 where nothing of the output is found in it. */
  readonly length: number;
}

/** The complete output of a process, and the shares of its operations, in order. */
export interface Shared {
  /** The output of the process until it ended. */
  readonly output: OutputText;
  /** The complete output, as a text. */
  readonly text: string;
  readonly shares: readonly Share[];
}

/** The process of a call's operation, where the runtime reported the complete output. */
export function processOutput(
  context: ExplainContext,
  { terminal_operation_id: own }: ToolCall,
): Shared | undefined {
  const { trace } = context;
  const terminal = trace.terminal_operations.get(own ?? "")?.terminal_id;
  const session = trace.terminal_sessions.get(terminal ?? "");
  const creator = trace.terminal_operations.get(
    session?.created_by_operation_id ?? "",
  );
  const first = trace.tool_calls.get(creator?.tool_call_id ?? "");
  if (session === undefined || first === undefined) return undefined;
  const output = reportedOutput(context, first);
  if (output === null || output.text === null) return undefined;
  const seen = session.operation_ids.flatMap((id) => seenBy(context, id));
  const texts = seen.map((each) => each.seen.text ?? "");
  let from = 0;
  const shares = sharesOf(output.text, texts).map((length, at) => {
    from += length;
    return {
      ...seen[at] ?? { tool: first, seen: output },
      from: from - length,
      length,
    };
  });
  return { output, text: output.text, shares };
}

/** What the requester of an operation received of it; nothing where that was not recorded. */
function seenBy(
  context: ExplainContext,
  operation: string,
): Pick<Share, "tool" | "seen">[] {
  const { trace } = context;
  const found = trace.terminal_operations.get(operation);
  const tool = trace.tool_calls.get(found?.tool_call_id ?? "");
  if (found === undefined || tool === undefined) return [];
  // The message of a tool about its own failure is no output of the process.
  if (isOwnError(tool, found)) return [];
  if (tool.requester.type === "code_cell") {
    const seen = valueForCell(context, tool);
    return seen === null ? [] : [{ tool, seen }];
  }
  const ids = found.model_observations.flatMap((each) => each.output_item_ids);
  return ids.length === 0 ? [] : [{ tool, seen: shownInItems(context, ids) }];
}

/** Whether an operation failed before it reached the process. */
function isOwnError(
  { execution }: ToolCall,
  { request, result }: TerminalOperation,
): boolean {
  return request.type === "write_stdin" && execution.status === "failed" &&
    (result?.exit_code ?? null) === null;
}

/** How the outputs of all operations relate to the output of the process. */
export function togetherOf({ text, shares }: Shared): Match | undefined {
  const pieces = shares.filter(({ length }) => length > 0);
  const last = pieces.at(-1);
  if (last === undefined || shares.length < 2) return undefined;
  const found = utf8Length(text.slice(0, last.from + last.length));
  return {
    ...NO_MATCH,
    verdict: "split",
    head_bytes: found,
    omitted_bytes: utf8Length(text) - found,
    added_bytes: sizeOf(shares) - found,
    chunks: pieces.length,
  };
}

/** How the output of one operation relates to that of the process. */
export function shareOf(
  { text }: Shared,
  { from, length, seen }: Share,
): Match {
  const bytes = utf8Length(text.slice(from, from + length));
  return {
    ...NO_MATCH,
    verdict: "chunk",
    added_bytes: sizeOf([{ seen }]) - bytes,
    chunk: { from_byte: utf8Length(text.slice(0, from)), bytes },
  };
}

/** The outputs of all operations, as one side of a comparison. */
export function togetherSeen(shares: readonly Share[]): OutputText {
  const keys = new Set(shares.map(({ seen }) => seen.key));
  const [key = null] = keys;
  return {
    in: shares.flatMap(({ seen }) => seen.in),
    key: keys.size === 1 ? key : null,
    text: shares.map(({ seen }) => seen.text ?? "").join("\n"),
  };
}

function sizeOf(shares: readonly Pick<Share, "seen">[]): number {
  return shares.reduce((sum, { seen }) => sum + utf8Length(seen.text ?? ""), 0);
}

const NO_MATCH = {
  head_bytes: 0,
  tail_bytes: 0,
  omitted_bytes: null,
  added_bytes: null,
  chunks: 1,
  marker: null,
  chunk: null,
} as const;

/**
 * For each text, how much of `output` its end holds, from where the text before left off; 0
 * where it holds nothing.
 */
export function sharesOf(output: string, texts: readonly string[]): number[] {
  let at = 0;
  return texts.map((text) => {
    const length = overlap(output.slice(at, at + text.length), text);
    at += length;
    return length;
  });
}

/** The longest beginning of `pattern` that is the end of `text`. */
function overlap(pattern: string, text: string): number {
  if (text.endsWith(pattern)) return pattern.length;
  const borders = bordersOf(pattern);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (length === pattern.length) length = borders[length - 1] ?? 0;
    while (length > 0 && pattern.charCodeAt(length) !== unit) {
      length = borders[length - 1] ?? 0;
    }
    if (pattern.charCodeAt(length) === unit) length++;
  }
  return length;
}

/** For each beginning of a text, the longest shorter beginning that is also its end. */
function bordersOf(text: string): Int32Array {
  const borders = new Int32Array(text.length);
  let length = 0;
  for (let at = 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    while (length > 0 && text.charCodeAt(length) !== unit) {
      length = borders[length - 1] ?? 0;
    }
    if (text.charCodeAt(length) === unit) length++;
    borders[at] = length;
  }
  return borders;
}
