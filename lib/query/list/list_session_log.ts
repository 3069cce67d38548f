/**
 * A session log in a list.
 *
 * @module
 */

import { sessionDuration } from "../evidence/clock/clock.ts";
import { firstPrompt, lastAnswer } from "../evidence/prompt_and_answer.ts";
import { errorText } from "../failures/error_text.ts";
import { getOutcomes } from "../failures/outcome/outcomes.ts";
import { openSessionLog } from "../session/session_log/open_session_log.ts";
import type { OpenOptions } from "../session/open_bundle.ts";
import { sessionIdOf, type TraceSession } from "../session/session.ts";
import { TokenCounter } from "../stats/measures/token_sum.ts";
import { lostEvidence } from "../evidence/known_count.ts";
import type { ListedAgent, ListedBundle, ListedResult } from "./list_answer.ts";

/**
 * A session log of a list.
 *
 * @throws {BundleFormatError} If it cannot be read.
 */
export function readListedLog(
  path: string,
  options: OpenOptions,
): Omit<ListedBundle, "size_bytes"> {
  const session = openSessionLog(path, options);
  const { trace, extent, sessionLog: facts } = session;
  const tokens = new TokenCounter();
  if (facts?.tokens != null) tokens.addReported(facts.tokens);
  const duration = sessionDuration(session);
  return {
    bundle: path,
    source: "session_log",
    trace_id: null,
    session_id: sessionIdOf(session),
    agent: agentOf(session),
    rollout_id: trace.rollout_id,
    schema_version: null,
    outcome: getOutcomes(session).session,
    status: trace.status,
    started_at_unix_ms: trace.started_at_unix_ms,
    duration_ms: duration === null ? null : Number(duration),
    events: extent?.events ?? 0,
    continues: null,
    counts: {
      threads: null,
      turns: trace.codex_turns.size,
      llm_requests: null,
      failed_llm_requests: null,
      errors: null,
      tool_calls: trace.tool_calls.size === 0 ? null : trace.tool_calls.size,
    },
    models: facts?.models ?? [],
    cwd: facts?.cwd ?? null,
    tokens: facts?.tokens == null ? null : tokens.sum(lostEvidence(session)),
    cost: null,
    recording: null,
    prompt: firstPrompt(session).item?.text ?? null,
    prompt_capture: null,
    result: resultOf(session),
    result_capture: null,
    error: null,
  };
}

/** The agent that a log is of; null of the root thread. */
function agentOf({ trace, sessionLog }: TraceSession): ListedAgent | null {
  const thread = trace.threads.get(trace.root_thread_id);
  const facts = sessionLog?.threads.get(trace.root_thread_id);
  const parent_thread_id = facts?.parent_thread_id ?? null;
  return parent_thread_id === null || thread === undefined ? null : {
    thread_id: thread.thread_id,
    agent_path: thread.agent_path,
    parent_thread_id,
  };
}

/** How the last turn failed, or the last answer. */
function resultOf(session: TraceSession): ListedResult | null {
  const { trace, sessionLog } = session;
  const last = [...trace.codex_turns.values()].at(-1);
  const outcome = last === undefined ? null : getOutcomes(session).turn(last);
  if (
    last !== undefined && (outcome === "failed" || outcome === "interrupted")
  ) {
    const { status } = last.execution;
    const error = sessionLog?.turns.get(last.codex_turn_id)?.error ?? null;
    const text = error === null
      ? `turn ${status}`
      : `turn ${status}: ${errorText(error).text}`;
    return { type: "error", text };
  }
  const text = lastAnswer(session).item?.text ?? null;
  return text === null ? null : { type: "answer", text };
}
