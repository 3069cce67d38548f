/**
 * A tool call in a line: its name, and the most useful of its arguments.
 *
 * @module
 */

import { isJsonObject, type JsonValue } from "../../format/payload.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import type { ToolCall } from "../../graph/runtime.ts";
import { excerpt, requestExcerpt } from "./excerpt.ts";

/** The most useful arguments, the best first. */
const PREVIEW_ARGUMENTS = [
  "cmd",
  "command",
  "chars",
  "path",
  "query",
  "url",
  "prompt",
  "target",
  "targets",
  "task_name",
  "cell_id",
  "message",
];

/** An excerpt of the arguments of a call; null without any. */
export function toolPreview(
  trace: RolloutTrace,
  { summary }: ToolCall,
): string | null {
  switch (summary.type) {
    case "generic":
      return summary.input_preview === null
        ? null
        : inputPreview(summary.input_preview);
    case "terminal": {
      const request = trace.terminal_operations.get(summary.operation_id)
        ?.request;
      return request === undefined ? null : requestExcerpt(request);
    }
    case "agent":
      return joined(
        summary.target_agent_path,
        summary.task_name,
        summary.message_preview,
      );
    case "wait_agent":
      return summary.target_agent_path;
  }
}

/** An excerpt of arguments as a recorder wrote them; null where they are empty. */
export function inputPreview(input: string): string | null {
  const files = patchedFiles(input);
  if (files !== null) return files;
  if (!input.startsWith("{")) return excerpt(input);
  const preview = previewOf(parsed(input));
  if (preview === undefined) return excerpt(input);
  return preview === "" ? null : excerpt(preview);
}

/** The most useful of the arguments; `undefined` where they are no object. */
function previewOf(value: JsonValue): string | undefined {
  if (!isJsonObject(value)) return undefined;
  if (Object.keys(value).length === 0) return "";
  const values = PREVIEW_ARGUMENTS.flatMap((key) =>
    Object.hasOwn(value, key) ? textOf(value[key]) : []
  );
  return values.length === 0
    ? Object.entries(value)
      .map(([key, each]) => `${key}=${JSON.stringify(each)}`).join(" ")
    : values.join(" ");
}

function textOf(value: JsonValue | undefined): string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  if (typeof value === "number") return [String(value)];
  return Array.isArray(value)
    ? [value.filter((each) => typeof each === "string").join(" ")]
    : [];
}

/** The input as JSON; null where it was cut, or never was any. */
function parsed(input: string): JsonValue {
  try {
    return JSON.parse(input);
  } catch {
    return null;
  }
}

/** `add a.txt, update b.txt` of a patch, also of one inside a command or a JSON text. */
function patchedFiles(input: string): string | null {
  if (!input.includes("*** Begin Patch")) return null;
  const files = [
    ...input.matchAll(/\*\*\* (Add|Update|Delete) File: (.*?)(?=\\n|\n|$)/g),
  ].map(([, verb = "", path = ""]) => `${verb.toLowerCase()} ${path}`);
  return files.length === 0 ? null : excerpt(files.join(", "));
}

function joined(...parts: readonly (string | null)[]): string | null {
  const texts = parts.filter((part) => part !== null && part !== "");
  return texts.length === 0 ? null : excerpt(texts.join(" "));
}
