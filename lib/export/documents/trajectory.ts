/**
 * A session as a trajectory of ATIF, the Agent Trajectory Interchange Format: of each thread the
 * messages in order, each response of the model with its tool calls and what they returned.
 *
 * The format has no place for the rest: what was not recorded, a compaction, a response that the
 * history never took are steps or `extra`, so that a reader sees that something is there.
 *
 * @module
 */

import type { ConversationItemId, ThreadId } from "../../format/ids.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import type { TokenUsage, TraceAnchor } from "../../graph/runtime.ts";
import type { AgentThread } from "../../graph/session.ts";
import type { TraceSession } from "../../query/session/session.ts";
import { callsOfThread } from "../../query/session/thread_calls.ts";
import { openTranscript } from "../../query/transcript/transcript.ts";
import { SESSION_LOG_TEXT } from "../../text/session_log_text.ts";
import type { AtifTrajectory } from "./atif.ts";
import { ATIF_VERSION } from "./atif.ts";
import type { SpawnedThreads, TrajectoryOptions } from "./trajectory_steps.ts";
import { exact, figure, StepMaker } from "./trajectory_steps.ts";

/**
 * The trajectory of a session, in pieces that make one line: that of its root thread, in which
 * those of the agents that it spawned are embedded, and so on. A session without threads has none.
 */
export function* atifLine(
  session: TraceSession,
  options: TrajectoryOptions,
): Iterable<string> {
  const { trace } = session;
  const root = trace.threads.get(trace.root_thread_id) ??
    trace.threads.values().next().value;
  if (root === undefined) return;
  const embedded = embeddedThreads(trace, root);
  // A stack, since agents may have spawned agents to any depth.
  const open = [[root].values()];
  let separator = "";
  for (let level = open.at(-1); level !== undefined; level = open.at(-1)) {
    const { value: thread } = level.next();
    if (thread === undefined) {
      open.pop();
      if (open.length > 0) yield "]}";
      separator = ",";
      continue;
    }
    const agents = embedded.get(thread.thread_id) ?? [];
    const spawned = spawnedBy(trace, agents);
    const made = trajectoryOf(session, thread, spawned, options);
    const text = separator + JSON.stringify(made);
    if (agents.length === 0) {
      yield text;
      separator = ",";
      continue;
    }
    yield `${text.slice(0, -1)},"subagent_trajectories":[`;
    separator = "";
    open.push(agents.values());
  }
  yield "\n";
}

/**
 * The threads embedded in each thread: those that it spawned. In that of the root are also those
 * whose parents are not in the graph, or form a ring.
 */
function embeddedThreads(
  { threads }: RolloutTrace,
  { thread_id: root }: AgentThread,
): ReadonlyMap<ThreadId, readonly AgentThread[]> {
  const all = [...threads.values()];
  const parentOf = ({ origin }: AgentThread) =>
    origin.type === "spawned" && threads.has(origin.parent_thread_id)
      ? origin.parent_thread_id
      : null;
  const children = Map.groupBy(all, parentOf);
  const embedded = new Map<ThreadId, AgentThread[]>([[root, []]]);
  // The second and the third take what is no descendant of the root.
  for (const start of [children.get(root), children.get(null), all]) {
    const found = (start ?? []).map((thread) => ({ parent: root, thread }));
    for (const { parent, thread } of found) {
      const id = thread.thread_id;
      if (embedded.has(id)) continue;
      embedded.get(parent)?.push(thread);
      embedded.set(id, []);
      for (const child of children.get(id) ?? []) {
        found.push({ parent: id, thread: child });
      }
    }
  }
  return embedded;
}

/** Which of some threads the call of an item spawned. */
function spawnedBy(
  trace: RolloutTrace,
  agents: readonly AgentThread[],
): SpawnedThreads {
  const spawned = new Map<ConversationItemId, ThreadId[]>();
  for (const { thread_id: thread, origin } of agents) {
    if (origin.type !== "spawned") continue;
    const edge = trace.interaction_edges.get(origin.spawn_edge_id);
    if (edge === undefined) continue;
    for (const item of callItems(trace, edge.source)) {
      const threads = spawned.get(item);
      if (threads === undefined) spawned.set(item, [thread]);
      else threads.push(thread);
    }
  }
  return spawned;
}

/** The items by which the model made a call; none where code or the harness made it. */
function callItems(
  { tool_calls: calls }: RolloutTrace,
  anchor: TraceAnchor,
): readonly ConversationItemId[] {
  switch (anchor.type) {
    case "conversation_item":
      return [anchor.item_id];
    case "tool_call":
      return calls.get(anchor.tool_call_id)?.model_visible_call_item_ids ?? [];
    case "thread":
      return [];
  }
}

/** The trajectory of a thread; of one without a message, a step that states so. */
function trajectoryOf(
  session: TraceSession,
  thread: AgentThread,
  spawned: SpawnedThreads,
  options: TrajectoryOptions,
): AtifTrajectory {
  const { trace, sessionLog } = session;
  const maker = new StepMaker(session, spawned, options);
  const opened = openTranscript(session, { thread: thread.thread_id });
  for (const entry of opened?.entries() ?? []) maker.take(entry);
  const steps = maker.finish();
  const [model = sessionLog?.models[0]] = steps.flatMap((each) =>
    each.model_name ?? []
  );
  return {
    schema_version: ATIF_VERSION,
    session_id: trace.root_thread_id,
    trajectory_id: thread.thread_id,
    agent: {
      name: "codex",
      // No bundle has the version of the program that recorded it.
      version: sessionLog?.cli_version ?? "unknown",
      ...model === undefined ? {} : { model_name: model },
    },
    steps,
    // Without responses, each of their items is a step.
    ...sessionLog === undefined ? {} : { notes: SESSION_LOG_TEXT },
    final_metrics: {
      ...totalsOf(session, thread),
      total_steps: steps.length,
    },
    extra: {
      ...sessionLog === undefined ? { trace_id: trace.trace_id } : {},
      rollout_id: trace.rollout_id,
      agent_path: thread.agent_path,
      is_root: thread.thread_id === trace.root_thread_id,
      ...thread.origin.type === "spawned"
        ? { parent_thread_id: thread.origin.parent_thread_id }
        : {},
    },
  };
}

/** Sums of all requests of a thread; a sum is left out unless every request has its figure. */
function totalsOf(session: TraceSession, { thread_id: id }: AgentThread) {
  const reported = session.sessionLog?.threads.get(id)?.tokens ?? null;
  if (reported !== null && session.extent?.skipped_events === 0) {
    return totalFigures((key) => {
      const total = reported[key];
      return total === null ? null : exact(total);
    });
  }
  const usages = callsOfThread(session.trace, id).map(({ usage }) => usage);
  const isComplete = usages.every((usage) => usage !== null) &&
    session.extent?.skipped_events !== undefined &&
    session.extent.skipped_events === 0 && session.diagnostics.length === 0;
  if (!isComplete || usages.length === 0) return {};
  return totalFigures((key) =>
    exact(
      usages.reduce(
        (sum, usage) => usage === null ? sum : sum + BigInt(usage[key]),
        0n,
      ),
    )
  );
}

function totalFigures(totalOf: (key: keyof TokenUsage) => number | null) {
  return {
    ...figure("total_prompt_tokens", totalOf("input_tokens")),
    ...figure("total_completion_tokens", totalOf("output_tokens")),
    ...figure("total_cached_tokens", totalOf("cached_input_tokens")),
  };
}
