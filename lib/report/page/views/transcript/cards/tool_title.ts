/**
 * What a tool call did, in one line: `rg -n TODO src`, `2 files +14 −3`, `/root/kid`.
 *
 * @module
 */

import type { ToolRow } from "../../../../report_data.ts";
import type { Model } from "../../../model/model.ts";
import { counted } from "../../../ui/figures.ts";
import { jsonIn } from "../../../ui/content/json_parts.ts";
import { patchSize, patchSizeText } from "../../../ui/content/patch_text.ts";
import {
  type Argument,
  commandOf,
  listOf,
  mainArgument,
  type ToolInput,
  toolInput,
} from "./tool_input.ts";

/** Arguments that name what a call is about, the best first. */
const NAMING_ARGUMENTS = [
  "path",
  "query",
  "url",
  "uri",
  "target",
  "targets",
  "task_name",
  "message",
  "prompt",
  "text",
  "objective",
  "explanation",
  "session_id",
  "cell_id",
];

/** Characters of a title that are shown. */
export const TITLE_CHARACTERS = 140;

/** Titles of calls whose input was read: a timeline draws them with each frame. */
const titles = new WeakMap<ToolRow, string | null>();

/** What a tool call did, by what the model wrote; null where nothing short names it. */
export function callTitle(model: Model, tool: ToolRow): string | null {
  const known = titles.get(tool);
  if (known !== undefined) return known;
  const item = model.item(tool.call_item_ids[0] ?? "");
  const input = toolInput(model, tool, item);
  const title = toolTitle(model, tool, input);
  if (input.text !== "") titles.set(tool, title);
  return title;
}

/** What a tool call did; null where nothing short names it. It may contain text of the bundle. */
export function toolTitle(
  model: Model,
  tool: ToolRow | undefined,
  input: ToolInput,
): string | null {
  const { patch, values, text } = input;
  const agent = tool === undefined ? null : agentOf(model, tool);
  if (agent !== null) return agent;
  if (patch !== null) {
    const size = `${counted(patch.length, "file")} ${
      patchSizeText(patchSize(patch))
    }`;
    return tool?.kind === "apply_patch" ? size : `apply_patch, ${size}`;
  }
  if (values === null) return titleOf(text) ?? titleOf(previewOf(model, tool));
  const main = mainArgument(values);
  const command = main === undefined ? null : commandOf(main);
  if (tool?.kind === "write_stdin") {
    return command === null || command === ""
      ? "poll"
      : JSON.stringify(command);
  }
  if (command !== null && command !== "") return firstLine(command);
  for (const name of NAMING_ARGUMENTS) {
    const named = values.find((each) => each.name === name);
    const words = named === undefined ? null : wordsOf(named);
    if (words !== null) return firstLine(words);
  }
  return null;
}

/** The first line of an input that is not an object; null where it is JSON, also cut or invalid. */
function titleOf(text: string): string | null {
  return /^\s*[[{]/.test(text) ? null : firstLine(text);
}

/** The input as the graph has it: of a command, its words. */
function previewOf(model: Model, tool: ToolRow | undefined): string {
  return model.text(tool?.input ?? null);
}

/** A value in words: a text, a list of texts, or a number; null where it is JSON. */
function wordsOf(argument: Argument): string | null {
  const { text, source } = argument;
  const words = text ?? listOf(argument)?.join(", ") ?? source;
  return jsonIn(words) === undefined ? words : null;
}

/** The thread that a call spawned, sent to, or waited for; null where none is known. */
function agentOf(model: Model, tool: ToolRow): string | null {
  const edge = model.rows.edges.find(({ source: [kind, id] }) =>
    kind === "tool_call" && id === tool.id
  );
  const thread = model.thread(edge?.target_thread_id ?? null);
  return thread?.agent_path ?? tool.target_agent_path;
}

function firstLine(text: string): string | null {
  const line = text.trimStart().split("\n", 1)[0]?.trim() ?? "";
  return line === "" ? null : line;
}

/** The arguments besides the one that is what the call does. */
export function otherArguments(
  values: readonly Argument[],
): readonly Argument[] {
  const main = mainArgument(values);
  return values.filter((each) => each !== main);
}
