/**
 * What a tool call did, in one line: `rg -n TODO src`, `2 files +14 −3`, `/root/kid`.
 *
 * @module
 */

import type { ToolRow } from "../../../../report_data.ts";
import type { Model } from "../../../model/model.ts";
import { counted } from "../../../ui/figures.ts";
import { patchSize, patchSizeText } from "../../../ui/content/patch_text.ts";
import {
  type Argument,
  commandOf,
  mainArgument,
  type ToolInput,
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
  "session_id",
  "cell_id",
];

/** Characters of a title that are shown. */
export const TITLE_CHARACTERS = 140;

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
  if (values === null) return firstLine(text);
  const main = mainArgument(values);
  const command = main === undefined ? null : commandOf(main);
  if (tool?.kind === "write_stdin") {
    return command === null || command === ""
      ? "poll"
      : JSON.stringify(command);
  }
  if (command !== null && command !== "") return firstLine(command);
  const named = NAMING_ARGUMENTS.map((name) =>
    values.find((each) => each.name === name)
  ).find((each) => each !== undefined);
  if (named !== undefined) return firstLine(named.text ?? named.source);
  return null;
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
