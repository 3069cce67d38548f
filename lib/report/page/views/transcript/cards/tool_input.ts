/**
 * The input of a tool call as the model wrote it: complete where the page holds it.
 *
 * @module
 */

import type { ItemRow, ToolRow } from "../../../../report_data.ts";
import type { Model } from "../../../model/model.ts";
import {
  jsonIn,
  type JsonPart,
  partsOf,
  sourceOf,
  stringOf,
} from "../../../ui/content/json_parts.ts";
import {
  type PatchFile,
  patchFilesIn,
} from "../../../ui/content/patch_text.ts";

export interface Argument {
  readonly name: string;
  /** The text of a string; null for any other value. */
  readonly text: string | null;
  /** The value as it is written. */
  readonly source: string;
}

/** The input of a tool call. */
export interface ToolInput {
  readonly text: string;
  /** Whether `text` is all of it. */
  readonly isComplete: boolean;
  /** Its members; null where it is no JSON object. */
  readonly values: readonly Argument[] | null;
  /** The patch in it; null without one. */
  readonly patch: readonly PatchFile[] | null;
}

/** Arguments that are what a call does: they are shown as text, without their name. */
const MAIN_ARGUMENTS = [
  "cmd",
  "command",
  "script",
  "code",
  "input",
  "patch",
  "chars",
];

/** The input of a call: of its item where that has all of it, else of what the runtime received. */
export function toolInput(
  model: Model,
  tool: ToolRow | undefined,
  item: ItemRow | undefined,
): ToolInput {
  const written = item?.parts.map((part) => model.text(part.text)).join("\n") ??
    "";
  const isCut = item === undefined ||
    item.parts.some((part) =>
      part.type === "json" && jsonIn(model.text(part.text)) === undefined
    );
  if (!isCut) return inputOf(written, true);
  const invoked = tool === undefined ? null : invocationText(model, tool);
  if (invoked !== null) return inputOf(invoked, true);
  const preview = tool === undefined ? "" : model.text(tool.input);
  return inputOf(item === undefined ? preview : written, false);
}

export function inputOf(text: string, isComplete: boolean): ToolInput {
  const values = valuesIn(text);
  const main = values === null ? text : mainArgument(values)?.text ?? null;
  return {
    text,
    isComplete,
    values,
    patch: main === null ? null : patchFilesIn(main),
  };
}

function valuesIn(text: string): readonly Argument[] | null {
  const part = jsonIn(text);
  if (part?.type !== "object") return null;
  return partsOf(text, part).map((each) => argumentOf(text, each));
}

function argumentOf(text: string, part: JsonPart): Argument {
  const source = sourceOf(text, part);
  return {
    name: part.key === null ? "" : stringOf(part.key),
    text: part.type === "string" ? stringOf(source) : null,
    source,
  };
}

/** The argument that is what a call does; undefined where none is known. */
export function mainArgument(
  values: readonly Argument[],
): Argument | undefined {
  return MAIN_ARGUMENTS.flatMap((name) =>
    values.filter((each) => each.name === name)
  ).find(({ text, source }) => text !== null || source.startsWith("["));
}

/** The words of a command that is a list, such as `bash -lc SCRIPT`; null where it is none. */
export function commandOf(argument: Argument): string | null {
  if (argument.text !== null) return argument.text;
  const texts = listOf(argument);
  if (texts === null) return null;
  const [shell = "", flag = "", script] = texts;
  return script !== undefined && /(?:^|\/)(?:ba|z|da)?sh$/.test(shell) &&
      /^-\w*c$/.test(flag) && texts.length === 3
    ? script
    : texts.join(" ");
}

/** The texts of a list of texts; null for any other value. */
export function listOf({ source }: Argument): readonly string[] | null {
  const part = jsonIn(source);
  if (part?.type !== "array") return null;
  const words = partsOf(source, part);
  if (words.some(({ type }) => type !== "string")) return null;
  return words.map((word) => stringOf(sourceOf(source, word)));
}

/** What the runtime was called with; null where the page does not have it. */
function invocationText(model: Model, tool: ToolRow): string | null {
  const row = tool.invocation_payload_id === null
    ? undefined
    : model.payload(tool.invocation_payload_id);
  const text = row === undefined ? undefined : model.payloadText(row);
  if (text === undefined) return null;
  const payload = memberOf(text, "payload");
  if (payload === null) return null;
  for (const name of ["arguments", "input"]) {
    const source = memberOf(payload, name);
    if (source === null) continue;
    return source.startsWith('"') ? stringOf(source) : source;
  }
  return null;
}

function memberOf(text: string, name: string): string | null {
  const part = jsonIn(text);
  if (part?.type !== "object") return null;
  const found = partsOf(text, part).find(({ key }) =>
    key !== null && stringOf(key) === name
  );
  return found === undefined ? null : sourceOf(text, found);
}
