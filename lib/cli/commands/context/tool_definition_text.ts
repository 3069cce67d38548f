/**
 * The tools that a request offers, with what the model reads of each.
 *
 * @module
 */

import type {
  ContextAnswer,
  ToolDefinition,
} from "../../../query/context/context_answer.ts";
import { escapeControls } from "../../../text/escape.ts";
import { bytesOf, counted } from "../../../text/figures.ts";
import { oneLine, wrapped } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";

const INDENT = "  ";

/** The lines of the definitions, larger ones first. */
export function* toolDefinitionLines(
  { call, tools, tools_complete: isComplete }: ContextAnswer,
  render: RenderOptions,
): Iterable<string> {
  const { style, width } = render;
  const bytes = tools.reduce((sum, each) => sum + each.bytes, 0);
  const offered = `${counted(tools.length, "tool")} offered by ${call.handle}`;
  yield style.heading(
    tools.length === 0 ? offered : `${offered}, ${bytesOf(bytes)}`,
  );
  if (!isComplete) {
    yield* wrapped(
      "there may be others: not all of the request was recorded",
      width,
    ).map(style.warning);
  }
  for (const tool of tools) yield* definitionLines(tool, render);
}

function* definitionLines(
  { name, description, definition, bytes, is_in_input: isInInput }:
    ToolDefinition,
  { style, width }: RenderOptions,
): Iterable<string> {
  const size = bytesOf(bytes) + (isInInput ? ", in the input" : "");
  yield "";
  yield `${style.id(oneLine(name ?? "unnamed", width - size.length - 2))}  ${
    style.dim(size)
  }`;
  const room = width - INDENT.length;
  for (const line of wrapped(escapeLines(description ?? ""), room)) {
    if (description !== null) yield INDENT + line.trimEnd();
  }
  const json = JSON.stringify(withoutDescription(definition), null, 2);
  for (const line of json.split("\n")) {
    for (const row of wrapped(escapeControls(line), room)) {
      yield style.dim(INDENT + row.trimEnd());
    }
  }
}

/** The definition without its name and description, which are above it. */
function withoutDescription(definition: string): unknown {
  const value: unknown = JSON.parse(definition);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return value;
  }
  const others = Object.entries(value).filter(([key]) =>
    key !== "name" && key !== "description"
  );
  return Object.fromEntries(others);
}

function escapeLines(text: string): string {
  return text.split("\n").map(escapeControls).join("\n");
}
