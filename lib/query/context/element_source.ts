/**
 * Which source of a prompt an element of a request is.
 *
 * @module
 */

import { isJsonObject, type JsonValue } from "../../format/payload.ts";
import type { ConversationItem } from "../../graph/conversation.ts";
import type { ContextSource } from "./context_answer.ts";
import type { ToolNames } from "./tool_names.ts";
import type { Compaction } from "../../graph/runtime.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";

/** Every source, in the order of answers. */
export const CONTEXT_SOURCES: readonly ContextSource[] = [
  "instructions",
  "tools",
  "user",
  "assistant",
  "reasoning",
  "tool_call",
  "tool_output",
  "agent_message",
  "compaction",
  "other_item",
  "request",
];

/** A source, and the tool or member among it. */
export interface NamedSource {
  readonly source: ContextSource;
  readonly name: string | null;
}

/** Finds the source of elements, one after the other: outputs are known by their calls. */
export class ElementSources {
  readonly #tools: ToolNames;
  readonly #summaries: SummaryItems;

  /** Looks tools up in `tools` and summaries in `summaries`. */
  constructor(tools: ToolNames, summaries: SummaryItems) {
    this.#tools = tools;
    this.#summaries = summaries;
  }

  /** The source of an element, which is `item` in the graph if it is in there at all. */
  of(element: JsonValue, item: ConversationItem | undefined): NamedSource {
    const fields = isJsonObject(element) ? element : {};
    const type = typeof fields["type"] === "string" ? fields["type"] : "";
    if (item !== undefined && this.#summaries.has(item)) {
      return { source: "compaction", name: null };
    }
    switch (type) {
      case "message":
        return { source: ofRole(fields["role"]), name: null };
      case "agent_message":
      case "reasoning":
        return { source: type, name: null };
      case "additional_tools":
        return { source: "tools", name: null };
      case "compaction":
      case "compaction_summary":
      case "context_compaction":
        return { source: "compaction", name: null };
    }
    if (type.endsWith("_output")) {
      return { source: "tool_output", name: this.#tools.ofOutput(fields) };
    }
    if (type.endsWith("_call")) {
      return { source: "tool_call", name: this.#tools.ofCall(fields) };
    }
    return { source: "other_item", name: type === "" ? null : type };
  }
}

function ofRole(role: JsonValue | undefined): ContextSource {
  switch (role) {
    case "system":
    case "developer":
      return "instructions";
    case "user":
    case "assistant":
      return role;
    default:
      return "other_item";
  }
}

/** The source of a member of a request other than `input`. */
export function sourceOfMember(key: string): NamedSource {
  switch (key) {
    case "instructions":
    case "tools":
      return { source: key, name: key };
    default:
      return { source: "request", name: key };
  }
}

/** Finds the items that are summaries; reads a compaction only for its own items. */
export class SummaryItems {
  readonly #trace: RolloutTrace;
  readonly #before: Map<string, ReadonlySet<string>> = new Map();

  /** Looks compactions up in `trace`. */
  constructor(trace: RolloutTrace) {
    this.#trace = trace;
  }

  /** Whether an item is a summary. */
  has(item: ConversationItem): boolean {
    if (item.channel === "summary") return true;
    const { role, kind } = item;
    const speaks = role === "user" || role === "assistant";
    if (kind !== "message" || !speaks) return false;
    return item.produced_by.some((producer) =>
      producer.type === "compaction" &&
      !this.#wordsBefore(producer.compaction_id).has(wordsOf(item))
    );
  }

  #wordsBefore(id: string): ReadonlySet<string> {
    let words = this.#before.get(id);
    if (words === undefined) {
      words = wordsBefore(this.#trace, this.#trace.compactions.get(id));
      this.#before.set(id, words);
    }
    return words;
  }
}

function wordsBefore(
  trace: RolloutTrace,
  compaction: Compaction | undefined,
): Set<string> {
  const words = new Set<string>();
  for (const id of compaction?.input_item_ids ?? []) {
    const item = trace.conversation_items.get(id);
    if (item?.kind === "message") words.add(wordsOf(item));
  }
  return words;
}

function wordsOf({ role, body }: ConversationItem): string {
  const texts = body.parts.map((part) =>
    "text" in part ? part.text : part.type
  );
  return JSON.stringify([role, texts]);
}
