/**
 * What models read and wrote, and tools got and returned, as the conventions for generative AI have
 * messages: attributes of spans, each a text of JSON.
 *
 * @module
 */

import {
  isComplete,
  isJsonObject,
  type RequestMember,
} from "../../format/payload.ts";
import type { InferenceCall, ToolCall } from "../../graph/runtime.ts";
import { effectiveRequest } from "../../query/evidence/recorded/effective_request.ts";
import { mayLackItems } from "../../query/evidence/recorded/listed_items.ts";
import { isRequestLost } from "../../query/evidence/recorded/losses.ts";
import type { TraceSession } from "../../query/session/session.ts";
import { openTranscript } from "../../query/transcript/transcript.ts";
import type { TranscriptItem } from "../../query/transcript/transcript_answer.ts";
import { partText } from "../documents/trajectory_steps.ts";
import type { SessionSpan } from "./span.ts";

/** The key of the instructions in a request. */
const INSTRUCTIONS = "instructions";

type MessagePart =
  | { readonly type: "text" | "reasoning"; readonly content: string }
  | {
    readonly type: "tool_call";
    readonly id: string | null;
    readonly name: string;
    readonly arguments: unknown;
  }
  | {
    readonly type: "tool_call_response";
    readonly id: string | null;
    readonly response: string;
  };

/** The messages of a session, by span. */
export class SpanMessages {
  readonly #session: TraceSession;
  readonly #items = new Map<string, TranscriptItem>();
  /** Instructions that were read, by where requests share them. */
  readonly #read = new WeakMap<RequestMember, object[]>();

  /** Reads all items of the session. */
  constructor(session: TraceSession) {
    this.#session = session;
    for (const thread of session.trace.threads.keys()) {
      for (
        const entry of openTranscript(session, { thread })?.entries() ?? []
      ) {
        if (entry.type === "item") this.#items.set(entry.item.id, entry);
      }
    }
  }

  /** The attributes of a span; what was not recorded in full has none. */
  attributesOf({ kind, id }: SessionSpan): Readonly<Record<string, string>> {
    const { inference_calls, tool_calls } = this.#session.trace;
    const call = kind === "inference_call"
      ? inference_calls.get(id)
      : undefined;
    if (call !== undefined) return this.#ofRequest(call);
    const tool = kind === "tool_call" ? tool_calls.get(id) : undefined;
    return tool === undefined ? {} : this.#ofTool(tool);
  }

  #ofRequest(call: InferenceCall): Record<string, string> {
    const { ref } = effectiveRequest(this.#session, call);
    const isPartial = ref === undefined || mayLackItems(ref) ||
      isRequestLost(this.#session, call);
    const input = isPartial ? null : this.#itemsOf(call.request_item_ids);
    const output = this.#itemsOf(call.response_item_ids);
    return {
      ...jsonAttribute("gen_ai.system_instructions", this.#instructions(call)),
      ...jsonAttribute("gen_ai.input.messages", input?.flatMap(messagesOf)),
      ...call.execution.status === "completed"
        ? jsonAttribute("gen_ai.output.messages", output && answerOf(output))
        : {},
    };
  }

  /** The instructions of a request, which are no item; none where they were not recorded in full. */
  #instructions(call: InferenceCall): object[] {
    const { payloads, requests, trace } = this.#session;
    const ref = trace.raw_payloads.get(call.raw_request_payload_id);
    if (
      payloads === null || ref === undefined || !isComplete(ref) ||
      isRequestLost(this.#session, call)
    ) return [];
    const outline = requests?.of(ref.raw_payload_id);
    const member = outline?.members.findLast(({ key }) => key === INSTRUCTIONS);
    if (outline !== undefined && member === undefined) return [];
    const known = member === undefined ? undefined : this.#read.get(member);
    if (known !== undefined) return known;
    const { value } = payloads.open(ref);
    const content = isJsonObject(value) ? value[INSTRUCTIONS] : undefined;
    const read = typeof content === "string" && content !== ""
      ? [{ type: "text", content }]
      : [];
    if (member !== undefined) this.#read.set(member, read);
    return read;
  }

  #ofTool(tool: ToolCall): Record<string, string> {
    const [call] = this.#itemsOf(tool.model_visible_call_item_ids) ?? [];
    const [output] = this.#itemsOf(tool.model_visible_output_item_ids) ?? [];
    return {
      ...call && { "gen_ai.tool.call.arguments": textOf(call) },
      ...output && { "gen_ai.tool.call.result": textOf(output) },
    };
  }

  /** Items by their ids; null where one is unknown. */
  #itemsOf(ids: Iterable<string>): TranscriptItem[] | null {
    const items: TranscriptItem[] = [];
    for (const id of ids) {
      const item = this.#items.get(id);
      if (item === undefined) return null;
      items.push(item);
    }
    return items;
  }
}

function messagesOf(item: TranscriptItem): object[] {
  const part = partOf(item);
  if (part === null) return [];
  const role = part.type === "tool_call_response" ? "tool" : item.role;
  return [{ role, parts: [part] }];
}

/** The response of a completed request; none where it has no item. */
function answerOf(items: readonly TranscriptItem[]): object[] {
  const parts = items.flatMap((item) => partOf(item) ?? []);
  if (parts.length === 0) return [];
  const calls = parts.some(({ type }) => type === "tool_call");
  return [{
    role: "assistant",
    parts,
    finish_reason: calls ? "tool_call" : "stop",
  }];
}

function partOf(item: TranscriptItem): MessagePart | null {
  const { call_id: id, tool } = item;
  switch (item.kind) {
    case "message":
      return { type: "text", content: textOf(item) };
    case "reasoning":
      return { type: "reasoning", content: textOf(item) };
    case "function_call":
    case "custom_tool_call":
      return {
        type: "tool_call",
        id,
        name: tool ?? "unknown",
        arguments: valueOf(textOf(item)),
      };
    case "function_call_output":
    case "custom_tool_call_output":
      return { type: "tool_call_response", id, response: textOf(item) };
    case "compaction_marker":
      return null;
  }
}

function textOf({ parts }: TranscriptItem): string {
  return parts.map(partText).join("\n");
}

/** Arguments as a value, where they are one. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function jsonAttribute(
  key: string,
  value: readonly object[] | null | undefined,
): Record<string, string> {
  return value === null || value === undefined || value.length === 0
    ? {}
    : { [key]: JSON.stringify(value) };
}
