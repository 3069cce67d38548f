/**
 * Sources of a prompt in words.
 *
 * @module
 */

import type { ContextSource } from "../../../query/context/context_answer.ts";

/** A source in words. */
export function sourceTitle(source: ContextSource): string {
  switch (source) {
    case "tool_call":
      return "tool calls";
    case "tool_output":
      return "tool outputs";
    case "agent_message":
      return "agent messages";
    case "compaction":
      return "compaction summary";
    case "other_item":
      return "other items";
    case "request":
      return "rest of the request";
    default:
      return source;
  }
}
