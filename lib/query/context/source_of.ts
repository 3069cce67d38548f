/**
 * Which source of a prompt an element of a request is.
 *
 * @module
 */

import { isJsonObject, type JsonValue } from "../../format/payload.ts";
import type { ConversationItem } from "../../graph/conversation.ts";
import type { ContextSource } from "./answer.ts";
import type { SummaryItems } from "./summary_items.ts";
import type { ToolNames } from "./tool_names.ts";

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

/** Tells the source of elements, one after the other: outputs are known by their calls. */
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
