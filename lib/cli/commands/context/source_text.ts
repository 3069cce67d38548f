/**
 * Rows of a table of sources: one a source, one a tool below.
 *
 * @module
 */

import type {
  ContextAnswer,
  ContextPart,
  ContextSource,
} from "../../../query/context/context_answer.ts";
import { oneLine } from "../../text/fit.ts";
import { sourceTitle } from "./source_title.ts";

/** A source, or a tool among it. */
export interface SourceRow {
  readonly title: string;
  /** Whether it is part of the row of its source above. */
  readonly isPart: boolean;
  readonly elements: number;
  readonly bytes: number;
  /** Null where it is unknown. */
  readonly newBytes: number | null;
}

/** Tools of a source that are printed, unless all are. */
const MAX_TOOLS = 5;

/** The rows: sources with the largest first, each with its tools. */
export function sourceRows(
  { parts }: ContextAnswer,
  full: boolean,
): SourceRow[] {
  const bySource = new Map<ContextSource, ContextPart[]>();
  for (const part of parts) {
    const known = bySource.get(part.source);
    if (known === undefined) bySource.set(part.source, [part]);
    else known.push(part);
  }
  return [...bySource]
    .map(([source, own]) => ({ source, own, row: rowOf(source, own) }))
    .sort((a, b) => b.row.bytes - a.row.bytes)
    .flatMap(({ source, own, row }) => [row, ...below(source, own, full)]);
}

function rowOf(source: ContextSource, own: readonly ContextPart[]): SourceRow {
  const sum = (of: (part: ContextPart) => number) =>
    own.reduce((total, part) => total + of(part), 0);
  return {
    title: sourceTitle(source),
    isPart: false,
    elements: sum((part) => part.elements),
    bytes: sum((part) => part.bytes),
    newBytes: own.some((part) => part.new_bytes === null)
      ? null
      : sum((part) => part.new_bytes ?? 0),
  };
}

/** The tools of a source; those of the other sources have no parts worth a line. */
function below(
  source: ContextSource,
  own: readonly ContextPart[],
  full: boolean,
): SourceRow[] {
  const isByTool = source === "tool_output" ||
    full && (source === "tool_call" || source === "request");
  if (!isByTool) return [];
  const shown = full ? own : own.slice(0, MAX_TOOLS);
  const rows = shown.map((part) => partRow(source, part));
  const rest = own.slice(shown.length);
  if (rest.length === 0) return rows;
  return [...rows, {
    ...rowOf(source, rest),
    title: `${rest.length} more`,
    isPart: true,
  }];
}

function partRow(source: ContextSource, part: ContextPart): SourceRow {
  const unnamed = source === "request" ? "punctuation" : "unknown tool";
  return {
    title: oneLine(part.name ?? unnamed, 40),
    isPart: true,
    elements: part.elements,
    bytes: part.bytes,
    newBytes: part.new_bytes,
  };
}
