/**
 * The beginnings of texts: what a line has room for.
 *
 * @module
 */

import type { ConversationItem } from "../../graph/conversation.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import type { TerminalRequest } from "../../graph/runtime.ts";
import { prefixOf } from "../../text/truncate.ts";
import { captureText } from "../../text/capture_text.ts";
import { captureOfPart } from "../evidence/recorded/captures.ts";
import { withoutEnvelope } from "../evidence/envelope.ts";

/** The most characters that an entry keeps of a text. */
const MOST = 240;

/** The beginning of a text that may be of any length. */
export function excerptOf(text: string): string {
  if (text.length <= MOST) return text;
  return `${prefixOf(text, MOST - 1)}…`;
}

/** The first line of a text that says something. */
export function firstLineOf(text: string): string {
  const start = text.slice(0, 16 * MOST).trimStart();
  return excerptOf(start.split("\n", 1)[0] ?? "");
}

/** What a terminal was asked to do: the command without the shell around it, or the input. */
export function requestExcerpt(request: TerminalRequest): string {
  if (request.type === "write_stdin") return excerptOf(request.stdin);
  const [shell, flag, script, ...more] = request.command;
  const isScript = shell !== undefined && /^-l?c$/.test(flag ?? "") &&
    more.length === 0;
  return excerptOf(
    isScript && script !== undefined ? script : request.display_command,
  );
}

/** What an item says, cut. */
export function itemExcerpt(
  trace: Pick<RolloutTrace, "raw_payloads">,
  { body, kind }: ConversationItem,
): string {
  for (const part of body.parts) {
    switch (part.type) {
      case "text":
      case "summary":
        return excerptOf(part.text);
      case "code":
        return excerptOf(part.source);
      case "json":
        return excerptOf(part.summary);
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

/** What a message between agents says, cut, without its envelope. */
export function messageExcerpt(
  trace: Pick<RolloutTrace, "raw_payloads">,
  item: ConversationItem,
): string {
  const [part] = item.body.parts;
  if (part?.type !== "text") return itemExcerpt(trace, item);
  const start = part.text.slice(0, 16 * MOST);
  return excerptOf(withoutEnvelope(start).trim());
}
