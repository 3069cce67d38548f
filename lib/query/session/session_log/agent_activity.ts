/**
 * What a session log records about other agents: that a tool call spawned, messaged or stopped one, and
 * that one completed a turn.
 *
 * @module
 */

import type { CodexTurnId, ThreadId, ToolCallId } from "../../../format/ids.ts";
import { isJsonObject, type JsonObject } from "../../../format/payload.ts";
import type { UnixMs } from "../../../format/vocabulary.ts";
import { countIn, type LogLine, textIn } from "./log_line.ts";

/** Something that a thread recorded about another agent. */
export interface AgentActivity {
  /** The other agent. */
  readonly agent: ThreadId;
  /** Its path; null where the line has none. */
  readonly path: string | null;
  /** The tool call that did it; null where the agent completed a turn. */
  readonly tool: ToolCallId | null;
  /** The turn that the agent completed; null where a tool call did something. */
  readonly turn: CodexTurnId | null;
  /** When it ended. */
  readonly endedAt: UnixMs;
}

/** Begins the id of an activity that is the end of a turn. */
const COMPLETED = "subagent-completed-";

/**
 * The activities of a line.
 *
 * @param item The item of an `item_completed` event, or the payload of a `sub_agent_activity`.
 * @param toolOf The tool call of an id that a model knows.
 */
export function activitiesIn(
  item: JsonObject,
  { at, payload }: LogLine,
  toolOf: (callId: string) => ToolCallId | null,
): AgentActivity[] {
  const id = textIn(item, "id") ?? textIn(item, "event_id") ?? "";
  const endedAt = countIn(payload, "completed_at_ms") ?? at;
  const by = (agent: ThreadId, path: string | null): AgentActivity[] => {
    const tool = toolOf(id);
    return tool === null ? [] : [{ agent, path, tool, turn: null, endedAt }];
  };
  const agent = textIn(item, "agent_thread_id");
  if (agent !== null) {
    const path = textIn(item, "agent_path");
    if (item["kind"] !== "completed") return by(agent, path);
    const turn = id.startsWith(COMPLETED) ? id.slice(COMPLETED.length) : null;
    return [{ agent, path, tool: null, turn, endedAt }];
  }
  const { type, status, receiver_thread_ids: agents } = item;
  if (type !== "CollabAgentToolCall" || status !== "completed") return [];
  // A line may name an agent any number of times.
  const named = new Set(Array.isArray(agents) ? agents : []);
  return Array.from(named).flatMap((each) =>
    typeof each === "string" ? by(each, null) : []
  );
}

/** The thread that made the one of a log's metadata; null where it names none but itself. */
export function parentIn(meta: JsonObject): ThreadId | null {
  const parent = textIn(meta, "parent_thread_id") ??
    textIn(spawnIn(meta), "parent_thread_id");
  return parent === meta["id"] ? null : parent;
}

/** How a thread was spawned as an agent; undefined where the metadata do not record that it was. */
export function spawnIn({ source }: JsonObject): JsonObject | undefined {
  const subagent = isJsonObject(source) ? source["subagent"] : undefined;
  const spawn = isJsonObject(subagent) ? subagent["thread_spawn"] : undefined;
  return isJsonObject(spawn) ? spawn : undefined;
}
