/**
 * The types of lines that Codex writes to a session log, and counts of all others.
 *
 * @module
 */

import { prefixOf } from "../../../text/truncate.ts";
import type { LogLine } from "./log_line.ts";
import { textIn } from "./log_line.ts";
import type { UnknownLine } from "./session_log.ts";

/** Types of lines, and those of the events in `event_msg`. */
const KNOWN: ReadonlySet<string> = new Set([
  "session_meta",
  "turn_context",
  "response_item",
  "compacted",
  "world_state",
  "token_usage_record",
  "inter_agent_communication",
  "inter_agent_communication_metadata",
  "event_msg/user_message",
  "event_msg/agent_message",
  "event_msg/agent_reasoning",
  "event_msg/agent_reasoning_raw_content",
  "event_msg/patch_apply_end",
  "event_msg/mcp_tool_call_end",
  "event_msg/exec_command_end",
  "event_msg/web_search_end",
  "event_msg/image_generation_end",
  "event_msg/sub_agent_activity",
  "event_msg/token_count",
  "event_msg/thread_goal_updated",
  "event_msg/thread_settings_applied",
  "event_msg/thread_rolled_back",
  "event_msg/context_compacted",
  "event_msg/entered_review_mode",
  "event_msg/exited_review_mode",
  "event_msg/item_completed",
  "event_msg/task_started",
  "event_msg/turn_started",
  "event_msg/task_complete",
  "event_msg/turn_complete",
  "event_msg/turn_aborted",
  "event_msg/error",
]);

/** Types that are distinguished; a log may have any number. */
const MAX_TYPES = 100;
const MAX_TYPE_LENGTH = 80;
const OTHER = "other types";

/** Counts lines of types that are not known. */
export class UnknownLines {
  readonly #counts: Map<string, number> = new Map();

  /** Counts a line if its type is not known. */
  add({ type, payload }: LogLine): void {
    const name = type === "event_msg"
      ? `${type}/${textIn(payload, "type") ?? "?"}`
      : type;
    if (KNOWN.has(name)) return;
    const excerpt = prefixOf(name, MAX_TYPE_LENGTH);
    const key = this.#counts.has(excerpt) || this.#counts.size < MAX_TYPES
      ? excerpt
      : OTHER;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** The types and how many lines have each, in order of their first line. */
  get all(): UnknownLine[] {
    return Array.from(
      this.#counts,
      ([line_type, count]) => ({ line_type, count }),
    );
  }
}
