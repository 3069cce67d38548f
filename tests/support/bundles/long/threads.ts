/**
 * How threads begin and end.
 *
 * @module
 */

import { historyItem } from "./history.ts";
import { message } from "./items.ts";
import { type BenchSession, CWD, MODEL } from "./session.ts";
import { BenchThread } from "./thread.ts";

/** Starts a thread; `parent` is undefined for the root. */
export function startThread(
  session: BenchSession,
  calls: number,
  parent?: BenchThread,
): BenchThread {
  const name = `worker_${session.threads.length}`;
  const thread = parent === undefined
    ? new BenchThread(session.rootThread, "/root", calls)
    : new BenchThread(
      session.noise.prng.uuid(),
      `${parent.agentPath}/${name}`,
      calls,
    );
  recordStart(session, thread, parent, name);
  session.threads.push(thread);
  thread.context = contextOf(session, thread).map(historyItem);
  const inherited = session.shape.fork && parent !== undefined
    ? parent.history.items
    : thread.context;
  for (const item of inherited) thread.append(item);
  return thread;
}

/** The instructions, the permissions and the surroundings of a thread. */
export function contextOf(session: BenchSession, thread: BenchThread) {
  const { noise } = session;
  return [
    message(noise, "developer", [session.prompt]),
    message(noise, "developer", session.permissions),
    message(noise, "user", [
      "<environment_context>\n" +
      `  <cwd>${CWD}</cwd>\n  <agent>${thread.agentPath}</agent>\n` +
      "</environment_context>",
    ]),
  ];
}

function recordStart(
  session: BenchSession,
  thread: BenchThread,
  parent: BenchThread | undefined,
  name: string,
): void {
  const { files } = session;
  const rollout_path = `/home/u/sessions/rollout-${thread.id}.jsonl`;
  const metadata_payload = files.payload("session_metadata", {
    thread_id: thread.id,
    agent_path: thread.agentPath,
    task_name: parent === undefined ? null : name,
    nickname: null,
    agent_role: null,
    session_source: parent === undefined ? "exec" : spawnedBy(parent, thread),
    cwd: CWD,
    rollout_path,
    ...MODEL,
    approval_policy: "never",
    sandbox_policy: "DangerFullAccess",
  });
  files.event({
    type: "thread_started",
    thread_id: thread.id,
    agent_path: thread.agentPath,
    metadata_payload,
  });
  session.protocol("session_configured", {
    type: "session_configured",
    session_id: session.rootThread,
    thread_id: thread.id,
    model: MODEL.model,
    model_provider_id: MODEL.provider_name,
    approval_policy: "never",
    cwd: CWD,
    rollout_path,
  });
}

function spawnedBy(parent: BenchThread, thread: BenchThread): object {
  return {
    subagent: {
      thread_spawn: {
        parent_thread_id: parent.id,
        depth: 1,
        agent_path: thread.agentPath,
        agent_nickname: null,
        agent_role: "worker",
      },
    },
  };
}

/** Ends a thread. */
export function endThread(session: BenchSession, thread: BenchThread): void {
  session.protocol("shutdown_complete", { type: "shutdown_complete" });
  session.files.event({
    type: "thread_ended",
    thread_id: thread.id,
    status: "completed",
  });
}
