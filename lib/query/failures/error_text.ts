/**
 * Error texts as one line: JSON reduced to its message, stack traces removed.
 *
 * @module
 */

import { textIn } from "../evidence/recorded/payload_fields.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type PayloadCapture,
} from "../../format/payload.ts";
import type { MissingReason } from "./failure.ts";
import type { TraceSession } from "../session/session.ts";
import { unrecordedText } from "../../text/capture_text.ts";

/** A message, and the text it was extracted from where that has more. */
export interface ErrorText {
  /** One line; may be of any length. */
  readonly text: string;
  /** All that was recorded, where it is more than the line. */
  readonly raw: string | null;
  /** Why the text has no reason; null where it has one. */
  readonly missing_reason: MissingReason | null;
}

/** Beyond this, a text is data and not a message: it is not looked into. */
const MAX_MESSAGE = 64 * 1024;

/** The message in a recorded error. */
export function errorText(recorded: string): ErrorText {
  const text = firstLines(messageIn(recorded));
  return {
    text,
    raw: text === recorded ? null : recorded,
    missing_reason: null,
  };
}

/** The last line of a command's output that is not empty: it is usually the reason of the end. */
export function lastLine(output: string): string | null {
  const lines = output.slice(-MAX_MESSAGE).split(/\r?\n/);
  return lines.map((line) => line.trim()).findLast((line) => line !== "") ??
    null;
}

function messageIn(recorded: string): string {
  if (recorded.length > MAX_MESSAGE) return recorded;
  const start = recorded.indexOf("{");
  if (start === -1) return recorded;
  const message = messageOf(parsed(recorded.slice(start)));
  // "Error running remote compact task: {…}" keeps its beginning.
  return message === null ? recorded : recorded.slice(0, start) + message;
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** `{"error":{"message":…}}`, `{"error":…}` or `{"message":…}`. */
function messageOf(value: JsonValue): string | null {
  if (!isJsonObject(value)) return null;
  const { error } = value;
  return textAt(isJsonObject(error) ? error : value, "message") ??
    textAt(value, "error");
}

function textAt(object: JsonObject, key: string): string | null {
  const value = object[key];
  return typeof value === "string" && value !== "" ? value : null;
}

/** Up to the stack trace, lines joined by a colon where they explain one another. */
function firstLines(text: string): string {
  const [message = ""] = text.slice(0, MAX_MESSAGE)
    .split(/\n\s*(?:Stack backtrace:|at \S+:\d+)/, 1);
  return message.split(/\r?\n/).map((line) => line.trim())
    .filter((line) => line !== "" && line !== "Caused by:")
    .map((line, at, all) => at < all.length - 1 ? line.replace(/:$/, "") : line)
    .join(": ");
}

/** The text of a tool's output as the model gets it: a string, or items with texts. */
export function outputText(value: JsonValue | undefined): string | null {
  if (typeof value === "string") return value.trim() === "" ? null : value;
  if (Array.isArray(value)) {
    const texts = value.flatMap((each) => textIn(each, "text") ?? []);
    return texts.length === 0 ? null : texts.join("\n");
  }
  if (!isJsonObject(value)) return null;
  return outputText(value["content"]) ?? outputText(value["output"]) ??
    outputText(value["output_text"]);
}

/**
 * Returns what is printed in place of a reason, and why it is unknown.
 *
 * @param capture What was kept of the payload with the reason, when it was not all of it.
 */
export function unknownReason(
  { log }: TraceSession,
  status: string,
  capture: PayloadCapture | null = null,
): ErrorText {
  const [missing_reason, why]: readonly [MissingReason, string] =
    capture !== null
      ? ["payload_incomplete", `its reason was ${unrecordedText(capture)}`]
      : log === null
      ? ["only_in_bundle", "the reason is only in the bundle"]
      : ["not_recorded", "no reason was recorded"];
  return { text: `${status}; ${why}`, raw: null, missing_reason };
}
