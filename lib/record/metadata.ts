/**
 * What a host knows about a thread when it starts.
 *
 * @module
 */

import type { WriteRules } from "../bundle/write/write_rules.ts";
import type { ThreadId } from "../format/ids.ts";

/** A thread as it starts. Keys are those of the payload; missing ones are written as null. */
export interface ThreadStartedTraceMetadata {
  /** Id of the thread. */
  thread_id: ThreadId;
  /** Its place in the tree of agents: `/root`, `/root/worker`. */
  agent_path: string;
  /** Task it was spawned for. */
  task_name?: string | null;
  /** Name for people. */
  nickname?: string | null;
  /** Role it was spawned in. */
  agent_role?: string | null;
  /**
   * Where the session was started. A spawned thread is known by
   * `{subagent: {thread_spawn: {parent_thread_id, …}}}`.
   */
  session_source?: unknown;
  /** Working folder. */
  cwd?: string | null;
  /** The host's own record of the session. */
  rollout_path?: string | null;
  /** Model the thread begins with. */
  model?: string | null;
  /** Who serves it. */
  provider_name?: string | null;
  /** When the user is asked. */
  approval_policy?: unknown;
  /**
   * What commands may touch: `danger-full-access`, `read-only`, `workspace-write`. In schemas
   * before 3 it is written as `sandbox_policy`.
   */
  permissions_profile?: unknown;
  /** The same, as hosts of schemas before 3 have it; used when the other one is missing. */
  sandbox_policy?: unknown;
}

/** The metadata as a payload. */
export function metadataBody(
  metadata: ThreadStartedTraceMetadata,
  { permissionsKey }: WriteRules,
): object {
  const { permissions_profile, sandbox_policy } = metadata;
  const permissions = permissionsKey === "permissions_profile"
    ? permissions_profile ?? sandbox_policy
    : sandbox_policy ?? permissions_profile;
  return {
    thread_id: metadata.thread_id,
    agent_path: metadata.agent_path,
    task_name: metadata.task_name ?? null,
    nickname: metadata.nickname ?? null,
    agent_role: metadata.agent_role ?? null,
    session_source: metadata.session_source ?? null,
    cwd: metadata.cwd ?? null,
    rollout_path: metadata.rollout_path ?? null,
    model: metadata.model ?? null,
    provider_name: metadata.provider_name ?? null,
    approval_policy: metadata.approval_policy ?? null,
    [permissionsKey]: permissions ?? null,
  };
}
