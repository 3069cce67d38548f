/**
 * What an item says, as a text; whole, or only its beginning.
 *
 * @module
 */

import type {
  ConversationItem,
  ConversationPart,
} from "../../graph/conversation.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import { prefixOf } from "../../text/truncate.ts";
import { captureText } from "../../text/capture_text.ts";
import { captureOfPart } from "../evidence/recorded/captures.ts";

/** Characters of a text that a description quotes. */
const MOST_QUOTED = 160;

/** The beginning of a text, on one line of words. */
export function quoted(text: string, most = MOST_QUOTED): string {
  const near = text.slice(0, 4 * most).replace(/\s+/g, " ").trim();
  if (near.length <= most && text.length <= 4 * most) return near;
  return `${prefixOf(near, most)}…`;
}

/** The texts of an item, part by part; what the graph does not hold is left out. */
export function textsOf(item: ConversationItem): string[] {
  return item.body.parts.flatMap((part) => textOf(part) ?? []);
}

function textOf(part: ConversationPart): string | null {
  switch (part.type) {
    case "text":
    case "summary":
      return part.text;
    case "json":
      return part.summary;
    case "code":
      return part.source;
    case "encoded":
    case "payload_ref":
      return null;
  }
}

/** The beginning of what an item says; for what cannot be read, what it is. */
export function excerptOf(
  trace: Pick<RolloutTrace, "raw_payloads">,
  item: ConversationItem,
): string {
  const [first] = textsOf(item).filter((text) => text.trim() !== "");
  if (first !== undefined) return quoted(first);
  const [part] = item.body.parts;
  switch (part?.type) {
    case "encoded":
      return `(${quoted(part.label, 40)}, not readable)`;
    case "payload_ref": {
      const capture = captureOfPart(trace, part);
      return capture === null
        ? `(${quoted(part.label, 40)}, in its payload)`
        : `(${quoted(part.label, 40)} ${captureText(capture)})`;
    }
    default:
      return "";
  }
}

/** Words, and a text that belongs to them, where there is one. */
export function withText(words: string, text: string): string {
  return text === "" ? words : `${words}: ${text}`;
}

/** A name of the format as words. */
export function spaced(name: string): string {
  return name.replaceAll("_", " ");
}
