/**
 * What the answers state about a session, as the names of facts: each value of `show`, `list`,
 * `stats`, `timeline` and `explain` that a log knows as well.
 *
 * @module
 */

import { explain } from "../../../lib/query/explain/explain.ts";
import type { ExplainAnswer } from "../../../lib/query/explain/explain_answer.ts";
import { GraphLinks } from "../../../lib/query/evidence/links/graph_links.ts";
import { getFailures } from "../../../lib/query/failures/failures.ts";
import { listBundle } from "../../../lib/query/list/list_bundles.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { ObjectKind } from "../../../lib/query/session/names/object_kind.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { summarize } from "../../../lib/query/show/show.ts";
import { getStats } from "../../../lib/query/stats/stats.ts";
import type {
  StatsBy,
  StatsRow,
} from "../../../lib/query/stats/stats_answer.ts";
import type { Activity } from "../../../lib/query/stats/measures/activity.ts";
import type { Latencies } from "../../../lib/query/stats/measures/latencies.ts";
import type { TokenSum } from "../../../lib/query/stats/measures/token_sum.ts";
import { getTimeline } from "../../../lib/query/timeline/timeline.ts";
import { USAGE_KEYS } from "./fact.ts";
import { pageStatements } from "./page_statements.ts";
import { type Stated, type Statement, Statements } from "./statement.ts";

/** The kinds of objects that facts are about, by the kinds of the answers. */
export const FACT_KINDS: Partial<Record<ObjectKind, string>> = {
  thread: "thread",
  turn: "turn",
  inference_call: "call",
  compaction_request: "creq",
  tool_call: "tool",
  code_cell: "cell",
  compaction: "comp",
  edge: "edge",
};

/** Everything that the answers state about a bundle. */
export function statementsOf(bundle: string): Statement[] {
  const session = openBundle(bundle);
  return [
    ...showStatements(session),
    ...listStatements(bundle),
    ...statsStatements(session),
    ...timelineStatements(session),
    ...explainStatements(session),
    ...pageStatements(session),
  ];
}

function tokensOf(tokens: TokenSum | null): Record<string, Stated> {
  if (tokens === null) return {};
  return {
    calls_with_usage: tokens.calls_with_usage,
    ...Object.fromEntries(USAGE_KEYS.map((key) => [key, tokens[key]])),
  };
}

function showStatements(session: TraceSession): Statement[] {
  const stated = new Statements("show");
  const { identity, completeness, ...answer } = summarize(session);
  // A list is of what is known: without a row, and after losses, it states no number.
  const rowCount = ({ length }: readonly unknown[]) =>
    length === 0 && !completeness.is_complete ? null : length;
  stated.add("session", "", {
    trace_id: identity.trace_id,
    rollout_id: identity.rollout_id,
    schema_version: identity.bundle_schema_version,
    started_at: identity.started_at_unix_ms,
    ended_at: identity.ended_at_unix_ms,
    duration: identity.duration_ms,
    status: identity.status,
    outcome: identity.outcome,
    source: identity.session_source,
    cwd: identity.cwd,
    recording_complete: identity.schema_version === 1
      ? undefined
      : completeness.recording_complete,
    events: completeness.events,
    prompt: answer.prompt?.text ?? null,
    answer: answer.answer?.text ?? null,
    threads: rowCount(answer.threads),
    turns: rowCount(answer.turns),
    ...tokensOf(answer.tokens),
    ...answer.time,
  });
  for (const row of answer.threads) {
    stated.add("thread", row.thread.id, {
      origin: row.origin,
      parent: row.parent,
      agent_path: row.agent_path,
      nickname: row.nickname,
      model: row.model,
      outcome: row.outcome,
      status: row.status,
      turns: row.turns,
      failed_turns: row.failed_turns,
      ...activityOf(row),
    });
  }
  for (const row of answer.turns) {
    stated.add("turn", row.turn.id, {
      thread: row.thread,
      outcome: row.outcome,
      status: row.status,
      duration: row.duration_ms,
      ...activityOf(row),
    });
  }
  for (const { model, calls, failed_calls } of answer.models) {
    stated.add("model", model, {
      requests: calls,
      failed_requests: failed_calls,
    });
  }
  for (const { tool, calls, failed, total_ms } of answer.tools) {
    stated.add("tools", tool, {
      tool_calls: calls,
      failed_tool_calls: failed,
      tool_total_ms: total_ms,
    });
  }
  for (const row of answer.compactions.filter(({ installed }) => installed)) {
    stated.add("comp", row.compaction.id, {
      turn: row.turn,
      items_before: row.items_before,
      items_after: row.items_after,
      requests: rowCount(row.requests),
    });
  }
  return stated.all;
}

function activityOf(row: Activity): Record<string, Stated> {
  return {
    requests: row.calls,
    failed_requests: row.failed_calls,
    tool_calls: row.tool_calls,
    failed_tool_calls: row.failed_tool_calls,
    ...tokensOf(row.tokens),
  };
}

function listStatements(bundle: string): Statement[] {
  const stated = new Statements("list");
  const { result, recording, ...row } = listBundle(bundle);
  stated.add("session", "", {
    rollout_id: row.rollout_id,
    schema_version: row.schema_version,
    outcome: row.outcome,
    status: row.status,
    started_at: row.started_at_unix_ms,
    duration: row.duration_ms,
    events: row.events,
    recording_complete: row.schema_version === 1
      ? undefined
      : recording === null
      ? null
      : recording.recording_status !== "unclosed",
    prompt: row.prompt,
    // An error is in place of the answer.
    answer: result === null
      ? null
      : result.type === "answer"
      ? result.text
      : undefined,
  });
  return stated.all;
}

/** The groups whose figures the raw log states by object. */
const STATS_KINDS = {
  model: "model",
  turn: "turn",
  tool: "tools",
  thread: "thread",
  bundle: "session",
} as const satisfies Partial<Record<StatsBy, string>>;

function statsStatements(session: TraceSession): Statement[] {
  const found: Statement[] = [];
  for (const by of ["model", "turn", "tool", "thread", "bundle"] as const) {
    const stated = new Statements(`stats --by ${by}`);
    const { rows, total } = getStats(session, { by });
    for (const row of rows) {
      const id = row.object?.id ?? (by === "bundle" ? "" : row.group);
      stated.add(STATS_KINDS[by], id, {
        // The requests of a tool are those that first carried its outputs.
        ...figuresOf(
          by === "tool"
            ? {
              ...row,
              calls: null,
              failed_calls: null,
              call_latency: null,
              tokens: null,
              time: null,
            }
            : row,
        ),
        status: row.status ?? undefined,
      });
    }
    stated.add("session", "", figuresOf(total));
    found.push(...stated.all);
  }
  return found;
}

function figuresOf(row: StatsRow): Record<string, Stated> {
  return {
    requests: row.calls ?? undefined,
    failed_requests: row.failed_calls ?? undefined,
    tool_calls: row.tool_calls ?? undefined,
    failed_tool_calls: row.failed_tool_calls ?? undefined,
    ...latenciesOf("request", row.call_latency),
    ...latenciesOf("tool", row.tool_latency),
    ...tokensOf(row.tokens),
    ...row.time,
  };
}

function latenciesOf(
  what: string,
  figures: Latencies | null,
): Record<string, Stated> {
  if (figures === null) return {};
  return {
    [`${what}_measured`]: figures.measured,
    [`${what}_p50_ms`]: figures.p50_ms,
    [`${what}_p90_ms`]: figures.p90_ms,
    [`${what}_p99_ms`]: figures.p99_ms,
    [`${what}_p100_ms`]: figures.max_ms,
    [`${what}_total_ms`]: figures.total_ms,
  };
}

function timelineStatements(session: TraceSession): Statement[] {
  const stated = new Statements("timeline");
  const { entries, ...answer } = getTimeline(session);
  stated.add("session", "", {
    started_at: answer.started_at_unix_ms,
    ended_at: answer.ended_at_unix_ms,
    outcome: answer.outcome,
    status: answer.status,
  });
  for (const { object, detail, ...entry } of entries) {
    if (detail.type === "undelivered") {
      stated.add("result", String(entry.started_seq), { delivered: false });
    }
    const kind = object === null ? undefined : FACT_KINDS[object.kind];
    if (kind === undefined || object === null) continue;
    if (detail.type === "edge") {
      stated.add(kind, object.id, {
        kind: detail.edge_kind,
        from: detail.from,
        to: detail.to,
        is_there: true,
      });
      if (detail.edge_kind === "agent_result") {
        stated.add("result", String(entry.started_seq), { delivered: true });
      }
      continue;
    }
    const isRun = detail.type !== "compaction";
    stated.add(kind, object.id, {
      thread: kind === "thread" ? undefined : entry.thread,
      turn: kind === "thread" || kind === "turn" ? undefined : entry.turn,
      started_seq: entry.started_seq,
      ...isRun && {
        status: kind === "cell" ? undefined : entry.status,
        outcome: entry.outcome,
        ended_seq: entry.ended_seq,
        started_at: entry.started_at_unix_ms,
        ended_at: entry.ended_at_unix_ms,
        duration: entry.duration_ms,
      },
      ...detail.type === "inference_call" && {
        model: detail.model,
        ...Object.fromEntries(
          USAGE_KEYS.map((key) => [key, detail.usage?.[key] ?? null]),
        ),
      },
      ...detail.type === "compaction_request" && { model: detail.model },
      ...detail.type === "tool_call" && {
        tool: detail.tool,
        requester: detail.requester,
      },
      ...detail.type === "thread" && {
        agent_path: detail.agent_path,
        nickname: detail.nickname,
        model: detail.model,
      },
      ...detail.type === "turn" && {
        requests: detail.calls,
        tool_calls: detail.tool_calls,
      },
      ...detail.type === "compaction" && {
        items_before: detail.items_before,
        items_after: detail.items_after,
      },
    });
  }
  return stated.all;
}

/** Facts of `explain` by their names there; some are of some kinds only. */
const EXPLAINED: Readonly<Record<string, string>> = {
  ended_at_unix_ms: "ended_at",
  duration_ms: "duration",
  agent_path: "agent_path",
  nickname: "nickname",
  origin: "origin",
  parent: "parent",
  turns: "turns",
  requests: "requests",
  tool_calls: "tool_calls",
  model: "model",
  error: "error",
  input_tokens: "input_tokens",
  of_which_cached_tokens: "cached_input_tokens",
  output_tokens: "output_tokens",
  of_which_reasoning_tokens: "reasoning_output_tokens",
  items_sent: "sent",
  items_answered: "answered",
  items_before: "items_before",
  items_after: "items_after",
  from: "from",
  to: "to",
  kind: "kind",
  outcome: "outcome",
};

function explainStatements(session: TraceSession): Statement[] {
  const stated = new Statements("explain");
  const links = new GraphLinks(session.trace);
  const failures = getFailures(session);
  for (const [objects, kind] of Object.entries(FACT_KINDS)) {
    for (const ref of session.names.all(objects as ObjectKind)) {
      const answer = explain(session, ref, { links, failures });
      if (answer === null) throw new Error(`${ref.handle} is not explained`);
      explained(stated, kind, ref.id, answer);
    }
  }
  return stated.all;
}

function explained(
  stated: Statements,
  kind: string,
  id: string,
  answer: ExplainAnswer,
): void {
  const isRun = kind !== "comp" && kind !== "edge";
  stated.add(kind, id, {
    ...isRun && { started_at: answer.started_at_unix_ms },
    ...isRun && kind !== "cell" && { status: answer.status },
    ...isRun && kind !== "thread" && { thread: answer.thread },
    ...kind !== "thread" && kind !== "turn" && kind !== "edge" &&
      { turn: answer.turn },
  });
  for (const { name, value, object } of answer.facts) {
    if (name === "requested_by" && kind === "tool") {
      stated.add(kind, id, {
        requester: object === null ? "model" : "code_cell",
        requester_cell: object ?? undefined,
      });
    }
    const what = EXPLAINED[name];
    // The kind of a tool is not that of its runtime, and a process ends after its call.
    const isOther = name === "kind" && kind !== "edge" || name === "model" &&
        kind === "comp" ||
      kind === "edge" && name === "ended_at_unix_ms";
    if (what === undefined || isOther) continue;
    stated.add(kind, id, { [what]: object ?? value });
  }
}
