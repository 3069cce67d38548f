/**
 * Error texts as one line for a person: JSON reduced to its message, stack traces cut off.
 *
 * @module
 */

import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../format/payload.ts";

/** A message, and the words it was taken out of where they say more. */
export interface ErrorText {
  /** One line; may be of any length. */
  readonly text: string;
  /** All that was recorded, where it is more than the line. */
  readonly raw: string | null;
}

/** Beyond this, a text is data and not a message: it is not looked into. */
const LONGEST_MESSAGE = 64 * 1024;

/** The message in a recorded error. */
export function errorText(recorded: string): ErrorText {
  const text = firstLines(messageIn(recorded));
  return { text, raw: text === recorded ? null : recorded };
}

/** The last line of a command's output that is not empty: most often it tells why it ended. */
export function lastLine(output: string): string | null {
  const lines = output.slice(-LONGEST_MESSAGE).split(/\r?\n/);
  return lines.map((line) => line.trim()).findLast((line) => line !== "") ??
    null;
}

function messageIn(recorded: string): string {
  if (recorded.length > LONGEST_MESSAGE) return recorded;
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
  const [told = ""] = text.slice(0, LONGEST_MESSAGE)
    .split(/\n\s*(?:Stack backtrace:|at \S+:\d+)/, 1);
  return told.split(/\r?\n/).map((line) => line.trim())
    .filter((line) => line !== "" && line !== "Caused by:")
    .map((line, at, all) => at < all.length - 1 ? line.replace(/:$/, "") : line)
    .join(": ");
}
