/**
 * A session as spans: one tree of what ran inside what, with times that nest.
 *
 * No text of the session is in a span: names are those of models, tools and agents.
 *
 * @module
 */

import type { Integer, UnixMs } from "../../format/vocabulary.ts";
import type { ExecutionWindow } from "../../graph/session.ts";
import type { TraceAnchor } from "../../graph/runtime.ts";
import { getClock } from "../../query/evidence/clock/clock.ts";
import {
  roundedDurationOf,
  sessionDuration,
} from "../../query/evidence/clock/clock.ts";
import type { Failure } from "../../query/failures/failure.ts";
import { getFailures } from "../../query/failures/failures.ts";
import { getOutcomes } from "../../query/failures/outcome/outcomes.ts";
import type { ObjectKind } from "../../query/session/names/object_kind.ts";
import { toolName } from "../../query/session/names/tool_name.ts";
import { recordingId, type TraceSession } from "../../query/session/session.ts";

import type {
  SessionSpan,
  SpanFacts,
  SpanKind,
  SpanLink,
  SpanTree,
} from "./span.ts";

/** Makes the spans of a session. */
export function spansOf(session: TraceSession): SpanTree {
  return new SpanMaker(session).make();
}

/** A span before its parent is known. */
interface Draft
  extends
    Omit<SessionSpan, "parent" | "failures" | "hasEnd" | "start" | "end"> {
  /** What it belongs to, as {@linkcode keyOf} names it; the session without. */
  readonly owner: string | null;
  readonly window: Pick<
    ExecutionWindow,
    "started_at_unix_ms" | "ended_at_unix_ms"
  >;
}

class SpanMaker {
  readonly #session: TraceSession;
  readonly #failures: Map<string, Failure[]> = new Map();
  readonly #made: Map<string, SessionSpan> = new Map();
  readonly #last: number;

  constructor(session: TraceSession) {
    this.#session = session;
    this.#last = Number(getClock(session).last.at);
    for (const each of getFailures(session)) {
      const key = each.about === null
        ? SESSION
        : keyOf(each.about.kind, each.about.id);
      const known = this.#failures.get(key);
      if (known === undefined) this.#failures.set(key, [each]);
      else known.push(each);
    }
  }

  make(): SpanTree {
    const drafts = [...this.#drafts()];
    const root = this.#root(drafts);
    this.#made.set(SESSION, root);
    const spans = [root];
    for (const draft of drafts) {
      const span = this.#span(draft);
      this.#made.set(keyOf(draft.kind, draft.id), span);
      spans.push(span);
    }
    return { root, spans, links: [...this.#links()] };
  }

  /** The session: from its beginning, or the first start in it, to the last end in it. */
  #root(drafts: readonly Draft[]): SessionSpan {
    const { trace } = this.#session;
    const windows = drafts.map((draft) => this.#timesOf(draft.window));
    const start = windows.reduce(
      (first, each) => Math.min(first, each.start),
      Number(trace.started_at_unix_ms),
    );
    const end = windows.reduce(
      (last, each) => Math.max(last, each.end),
      Math.max(start, Number(trace.ended_at_unix_ms ?? this.#last)),
    );
    return {
      kind: "session",
      id: recordingId(this.#session),
      handle: "session",
      name: "session",
      thread: null,
      parent: null,
      start,
      end,
      hasEnd: trace.ended_at_unix_ms !== null,
      duration: trace.ended_at_unix_ms === null
        ? null
        : numberOf(sessionDuration(this.#session)),
      outcome: getOutcomes(this.#session).session,
      facts: { status: trace.status },
      failures: this.#failures.get(SESSION) ?? [],
    };
  }

  #span({ owner, window, ...draft }: Draft): SessionSpan {
    const times = this.#timesOf(window);
    let parent = this.#made.get(owner ?? SESSION) ?? null;
    while (
      parent !== null && parent.parent !== null &&
      (times.start < parent.start || times.end > parent.end)
    ) parent = parent.parent;
    return {
      ...draft,
      ...times,
      parent: parent ?? this.#made.get(SESSION) ?? null,
      failures: this.#failures.get(keyOf(draft.kind, draft.id)) ?? [],
    };
  }

  #timesOf(
    { started_at_unix_ms, ended_at_unix_ms }: Draft["window"],
  ): Pick<SessionSpan, "start" | "end" | "hasEnd"> {
    const start = Number(started_at_unix_ms);
    if (ended_at_unix_ms === null) {
      return { start, end: Math.max(start, this.#last), hasEnd: false };
    }
    const end = Number(ended_at_unix_ms);
    return { start, end: Math.max(start, end), hasEnd: true };
  }

  *#drafts(): Generator<Draft> {
    yield* this.#threads();
    yield* this.#turns();
    yield* this.#requests();
    yield* this.#compactions();
    yield* this.#cells();
    yield* this.#tools();
    yield* this.#operations();
  }

  *#threads(): Generator<Draft> {
    const { trace } = this.#session;
    const outcomes = getOutcomes(this.#session);
    for (const [id, thread] of trace.threads) {
      yield {
        ...this.#plain("thread", id, thread.execution, id),
        name: thread.agent_path,
        owner: null,
        outcome: outcomes.thread(id, thread.execution),
        facts: {
          ...factsOf(thread.execution),
          agentPath: thread.agent_path,
        },
      };
    }
  }

  *#turns(): Generator<Draft> {
    for (const [id, turn] of this.#session.trace.codex_turns) {
      yield {
        ...this.#plain("turn", id, turn.execution, turn.thread_id),
        name: "turn",
        owner: keyOf("thread", turn.thread_id),
        outcome: getOutcomes(this.#session).turn(turn),
        facts: factsOf(turn.execution),
      };
    }
  }

  *#requests(): Generator<Draft> {
    const { trace } = this.#session;
    const outcomes = getOutcomes(this.#session);
    for (const [id, call] of trace.inference_calls) {
      yield {
        ...this.#plain("inference_call", id, call.execution, call.thread_id),
        name: `chat ${call.model}`,
        owner: keyOf("turn", call.codex_turn_id),
        outcome: outcomes.request(call, "inference_call"),
        facts: {
          ...factsOf(call.execution),
          model: call.model,
          provider: call.provider_name,
          responseId: call.response_id,
          usage: call.usage,
        },
      };
    }
    for (const [id, request] of trace.compaction_requests) {
      yield {
        ...this.#plain(
          "compaction_request",
          id,
          request.execution,
          request.thread_id,
        ),
        name: `chat ${request.model} (compaction)`,
        owner: keyOf("turn", request.codex_turn_id),
        outcome: outcomes.request(request, "compaction_request"),
        facts: {
          ...factsOf(request.execution),
          model: request.model,
          provider: request.provider_name,
        },
      };
    }
  }

  *#compactions(): Generator<Draft> {
    for (const [id, compaction] of this.#session.trace.compactions) {
      const at: UnixMs = compaction.installed_at_unix_ms;
      const window = { started_at_unix_ms: at, ended_at_unix_ms: at };
      yield {
        ...this.#plain("compaction", id, window, compaction.thread_id),
        name: "compaction",
        owner: keyOf("turn", compaction.codex_turn_id),
        outcome: "ok",
        facts: {
          items: {
            before: compaction.input_item_ids.length,
            after: compaction.replacement_item_ids.length,
          },
        },
      };
    }
  }

  *#cells(): Generator<Draft> {
    for (const [id, cell] of this.#session.trace.code_cells) {
      yield {
        ...this.#plain("code_cell", id, cell.execution, cell.thread_id),
        name: "code cell",
        owner: keyOf("turn", cell.codex_turn_id),
        outcome: getOutcomes(this.#session).cell(cell),
        facts: factsOf(cell.execution),
      };
    }
  }

  *#tools(): Generator<Draft> {
    const { trace } = this.#session;
    for (const [id, tool] of trace.tool_calls) {
      const { requester, started_by_codex_turn_id: turn } = tool;
      const operation = trace.terminal_operations.get(
        tool.terminal_operation_id ?? "",
      );
      const name = toolName(tool);
      yield {
        ...this.#plain("tool_call", id, tool.execution, tool.thread_id),
        name: `execute_tool ${name}`,
        owner: requester.type === "code_cell"
          ? keyOf("code_cell", requester.code_cell_id)
          : turn === null
          ? keyOf("thread", tool.thread_id)
          : keyOf("turn", turn),
        outcome: getOutcomes(this.#session).tool(tool),
        facts: {
          ...factsOf(tool.execution),
          tool: name,
          callId: tool.model_visible_call_id,
          exitCode: operation?.result?.exit_code ?? null,
        },
      };
    }
  }

  *#operations(): Generator<Draft> {
    const { trace } = this.#session;
    for (const [id, operation] of trace.terminal_operations) {
      const { execution, tool_call_id: tool, kind, result } = operation;
      yield {
        ...this.#plain(
          "terminal_operation",
          id,
          execution,
          trace.tool_calls.get(tool)?.thread_id ?? null,
        ),
        name: kind,
        owner: keyOf("tool_call", tool),
        outcome: getOutcomes(this.#session).of({
          kind: "terminal_operation",
          id,
        }),
        facts: {
          ...factsOf(execution),
          exitCode: result?.exit_code ?? null,
        },
      };
    }
  }

  #plain(
    kind: Exclude<SpanKind, "session">,
    id: string,
    window: ExecutionWindow | Draft["window"],
    thread: string | null,
  ): Pick<
    Draft,
    "kind" | "id" | "handle" | "window" | "thread" | "duration"
  > {
    const handle = this.#session.names.handle(kind, id);
    // What has no events of its own took no time.
    const duration = "started_seq" in window
      ? roundedDurationOf(this.#session, kind, window)
      : 0;
    return { kind, id, handle, window, thread, duration };
  }

  *#links(): Generator<SpanLink> {
    for (const [id, edge] of this.#session.trace.interaction_edges) {
      const from = this.#anchor(edge.source);
      const to = this.#anchor(edge.target);
      if (from === undefined || to === undefined) continue;
      const end = edge.ended_at_unix_ms;
      yield {
        id,
        kind: edge.kind,
        start: Number(edge.started_at_unix_ms),
        end: end === null ? null : Number(end),
        from,
        to,
      };
    }
  }

  /** The span of an end of an edge; of an item, the turn that it was first seen in. */
  #anchor(anchor: TraceAnchor): SessionSpan | undefined {
    switch (anchor.type) {
      case "tool_call":
        return this.#made.get(keyOf("tool_call", anchor.tool_call_id));
      case "thread":
        return this.#made.get(keyOf("thread", anchor.thread_id));
      case "conversation_item": {
        const item = this.#session.trace.conversation_items.get(anchor.item_id);
        return this.#made.get(keyOf("turn", item?.codex_turn_id ?? "")) ??
          this.#made.get(keyOf("thread", item?.thread_id ?? ""));
      }
    }
  }
}

const SESSION = "session";

function keyOf(kind: ObjectKind | SpanKind, id: string): string {
  return `${kind} ${id}`;
}

function factsOf(
  { status, started_seq }: ExecutionWindow,
): Pick<SpanFacts, "status" | "startedSeq"> {
  return { status, startedSeq: started_seq };
}

function numberOf(value: Integer | null): number | null {
  return value === null ? null : Number(value);
}
