/**
 * Excerpts of texts: of items, of messages between agents, of terminal requests.
 *
 * @module
 */

import { withoutEnvelope } from "../../reduce/items/message_envelope.ts";
import type {
  ConversationItem,
  ConversationPart,
} from "../../graph/conversation.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import { prefixOf } from "../../text/truncate.ts";
import { captureText } from "../../text/capture_text.ts";
import { captureOfPart } from "./recorded/captures.ts";
import type { TerminalRequest } from "../../graph/runtime.ts";

/** Characters of a text that a description quotes. */
const MAX_ONE_LINE = 160;

/** The beginning of a text, on one line of words. */
export function oneLineExcerpt(text: string, most = MAX_ONE_LINE): string {
  const near = text.slice(0, 4 * most).replace(/\s+/g, " ").trim();
  if (near.length <= most && text.length <= 4 * most) return near;
  return `${prefixOf(near, most)}…`;
}

/** The texts of an item, part by part; what the graph does not hold is left out. */
export function itemTexts(item: ConversationItem): string[] {
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

/** An excerpt of an item on one line; for content that cannot be read, its type. */
export function itemOneLine(
  trace: Pick<RolloutTrace, "raw_payloads">,
  item: ConversationItem,
): string {
  const [first] = itemTexts(item).filter((text) => text.trim() !== "");
  if (first !== undefined) return oneLineExcerpt(first);
  const [part] = item.body.parts;
  switch (part?.type) {
    case "encoded":
      return `(${oneLineExcerpt(part.label, 40)}, not readable)`;
    case "payload_ref": {
      const capture = captureOfPart(trace, part);
      return capture === null
        ? `(${oneLineExcerpt(part.label, 40)}, in its payload)`
        : `(${oneLineExcerpt(part.label, 40)} ${captureText(capture)})`;
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

/** The most characters that an entry keeps of a text. */
const MAX_EXCERPT = 240;

/** The beginning of a text that may be of any length. */
export function excerpt(text: string): string {
  if (text.length <= MAX_EXCERPT) return text;
  return `${prefixOf(text, MAX_EXCERPT - 1)}…`;
}

/** The first line of a text that is not empty. */
export function firstLineOf(text: string): string {
  const start = text.slice(0, 16 * MAX_EXCERPT).trimStart();
  return excerpt(start.split("\n", 1)[0] ?? "");
}

/** What a terminal was asked to do: the command without the shell around it, or the input. */
export function requestExcerpt(request: TerminalRequest): string {
  if (request.type === "write_stdin") return excerpt(request.stdin);
  const [shell, flag, script, ...more] = request.command;
  const isScript = shell !== undefined && /^-l?c$/.test(flag ?? "") &&
    more.length === 0;
  return excerpt(
    isScript && script !== undefined ? script : request.display_command,
  );
}

export function itemExcerpt(
  trace: Pick<RolloutTrace, "raw_payloads">,
  { body, kind }: ConversationItem,
): string {
  for (const part of body.parts) {
    switch (part.type) {
      case "text":
      case "summary":
        return excerpt(part.text);
      case "code":
        return excerpt(part.source);
      case "json":
        return excerpt(part.summary);
      case "encoded":
        return part.label;
      case "payload_ref": {
        const capture = captureOfPart(trace, part);
        return capture === null
          ? part.label
          : `(${part.label} ${captureText(capture)})`;
      }
    }
  }
  return kind;
}

/** An excerpt of a message between agents, without its envelope. */
export function messageExcerpt(
  trace: Pick<RolloutTrace, "raw_payloads">,
  item: ConversationItem,
): string {
  const [part] = item.body.parts;
  if (part?.type !== "text") return itemExcerpt(trace, item);
  const start = part.text.slice(0, 16 * MAX_EXCERPT);
  return excerpt(withoutEnvelope(start).trim());
}
