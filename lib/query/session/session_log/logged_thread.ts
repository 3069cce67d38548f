/**
 * The thread of a session log, by the metadata in its first line.
 *
 * @module
 */

import { spawnEdgeId, type ThreadId } from "../../../format/ids.ts";
import type { JsonObject } from "../../../format/payload.ts";
import type { AgentOrigin } from "../../../graph/session.ts";
import { parentIn, spawnIn } from "./agent_activity.ts";
import { textIn } from "./log_line.ts";

/** The path of the agent; of one without, `/root` for a root, else the id of its thread. */
export function agentPathOf(meta: JsonObject, thread: ThreadId): string {
  return textIn(meta, "agent_path") ??
    (parentIn(meta) === null ? "/root" : thread);
}

/** How the thread began; unknown where it has a parent and was not recorded as spawned by it. */
export function originOf(meta: JsonObject, thread: ThreadId): AgentOrigin {
  const parent = parentIn(meta);
  const path = textIn(meta, "agent_path");
  if (parent === null) return { type: "root" };
  if (path === null && spawnIn(meta) === undefined) return { type: "unknown" };
  return {
    type: "spawned",
    parent_thread_id: parent,
    spawn_edge_id: spawnEdgeId(parent, thread),
    // Older versions give agents no names.
    task_name: path?.slice(path.lastIndexOf("/") + 1) ?? "",
    agent_role: textIn(meta, "agent_role") ?? "",
  };
}
