/**
 * Reads the events of a log one by one, and keeps only what has not ended.
 *
 * Handles are numbered as in the graph: the third request that starts is `call:3`.
 *
 * @module
 */

import type {
  DecodedEvent,
  EventOf,
  EventType,
} from "../../../format/event.ts";
import { runtimeCellKey } from "../../../format/events/event_description.ts";
import { elapsed, subtract } from "../../../format/integers.ts";
import type { ThreadId } from "../../../format/ids.ts";
import type { RawPayloadRef } from "../../../format/payload.ts";
import type {
  ExecutionStatus,
  Integer,
  RolloutStatus,
  UnixMs,
} from "../../../format/vocabulary.ts";
import { withoutEnvelope } from "../../../reduce/items/message_envelope.ts";
import {
  type Outcome,
  outcomeOfStatus,
  outcomeOfThread,
  outcomeOfTurn,
} from "../../failures/outcome/outcome.ts";
import type { SessionDiagnostic } from "../../session/session_diagnostics.ts";
import type { FollowedDetail, FollowedEvent } from "./followed_event.ts";
import {
  cellEnded,
  edgeEvent,
  ended,
  errorOf,
  type Handler,
  type Handlers,
  lossEvent,
  type Place,
  plain,
  PROTOCOL_ISSUES,
  protocolEvent,
  toolEnded,
  unknownToolEnded,
} from "./made_events.ts";
import { agentBegin, agentEnd, type AgentFacts } from "./agent_facts.ts";
import { OpenObjects, type OpenTool } from "./open_objects.ts";
import { type Evidence, processEnd, toolEnd } from "./payload_facts.ts";

/** Follows the events of one session. */
export class FollowReader {
  readonly #root: ThreadId;
  readonly #startedAt: UnixMs;
  /** What has not ended. */
  readonly open = new OpenObjects();
  #lastSeq: Integer | null = null;
  /** How many times events were found lost. */
  #losses = 0;
  #status: RolloutStatus = "running";
  #isCompleted = false;

  /** Follows a session from its first event. */
  constructor(root: ThreadId, startedAt: UnixMs) {
    this.#root = root;
    this.#startedAt = startedAt;
  }

  /** Whether the end of the session was recorded. */
  get hasEnded(): boolean {
    return this.#status !== "running";
  }

  /** Whether the recorder closed the log: nothing follows. */
  get isCompleted(): boolean {
    return this.#isCompleted;
  }

  /** Whether a line could not be read, or an event is missing. */
  get hasLosses(): boolean {
    return this.#losses > 0;
  }

  /** What became of the session so far; null where it may be in a lost event. */
  get outcome(): Outcome | null {
    const turn = this.open.threads.get(this.#root)?.lastTurn;
    const outcome = outcomeOfThread(this.#status, turn, true);
    return this.hasLosses && outcome === "incomplete" ? null : outcome;
  }

  /**
   * Reads the next event and returns what is printed of it; `undefined` for most.
   *
   * @param evidence Reads payloads; null where nothing is printed.
   */
  read(
    { event, line }: DecodedEvent,
    evidence: Evidence | null,
  ): FollowedEvent | undefined {
    const { payload, seq, thread_id: thread, codex_turn_id: turn } = event;
    const step = subtract(seq, this.#lastSeq);
    if (step !== null && step > 1) this.#losses++;
    this.#lastSeq = seq;
    const place = {
      seq,
      line,
      at_unix_ms: event.wall_time_unix_ms,
      ...this.#placeOf(thread, turn),
      object: null,
      duration_ms: null,
      error: null,
    };
    return this.#handle(payload, place, evidence);
  }

  /** Returns what is printed of a line that is no event of the schema. */
  readLoss(diagnostic: SessionDiagnostic): FollowedEvent {
    if (diagnostic.code !== "unknown_event_type") this.#losses++;
    return lossEvent(diagnostic, this.#placeOf(null, null));
  }

  #handle<K extends EventType>(
    payload: EventOf<K>,
    place: Place,
    evidence: Evidence | null,
  ): FollowedEvent | undefined {
    const handlers: { readonly [T in K]: Handler<T> | null } = this.#handlers;
    const type: K = payload.type;
    return handlers[type]?.(payload, place, evidence);
  }

  /** Where something happened. */
  #placeOf(thread: ThreadId | null, turn: string | null) {
    return {
      thread: thread === null ? null : this.open.threadRef(thread),
      agent_path: this.open.threads.get(thread ?? "")?.path ?? null,
      turn: turn === null ? null : this.open.turnRef(turn),
    };
  }

  readonly #handlers: Handlers = {
    rollout_started: (_, place) => plain(place, { type: "session_started" }),
    rollout_ended: ({ status }, place) => {
      this.#status = status;
      const duration_ms = elapsed(this.#startedAt, place.at_unix_ms);
      const type = "session_ended";
      return ended({ ...place, duration_ms }, this.outcome, status, { type });
    },
    recording_completed: (_, place) => {
      this.#isCompleted = true;
      return plain(place, { type: "recording_completed" });
    },
    thread_started: ({ thread_id, agent_path }, place) => {
      this.open.startThread(thread_id, agent_path, place.at_unix_ms);
      return this.#ofThread(place, thread_id, { type: "thread_started" });
    },
    thread_ended: ({ thread_id, status }, place) => {
      const thread = this.open.threads.get(thread_id);
      const outcome = outcomeOfThread(status, thread?.lastTurn, false);
      const event = this.#ofThread(place, thread_id, { type: "thread_ended" });
      const duration_ms = elapsed(thread?.startedAt ?? null, place.at_unix_ms);
      return ended({ ...event, duration_ms }, outcome, status, event.detail);
    },
    thread_resumed: ({ thread_id }, place) =>
      this.#ofThread(place, thread_id, { type: "thread_resumed" }),
    codex_turn_started: ({ thread_id, codex_turn_id: id }, place) => {
      const started = { thread: thread_id, at: place.at_unix_ms };
      this.open.startTurn(id, started, this.#losses);
      const { threads } = this.open;
      const thread = threads.get(thread_id);
      if (thread !== undefined) thread.lastTurn = outcomeOfStatus("running");
      const at = { ...place, ...this.#placeOf(thread_id, id) };
      return plain({ ...at, object: at.turn }, { type: "turn_started" });
    },
    codex_turn_ended: ({ codex_turn_id: id, status }, place) => {
      const turn = this.open.turns.take(id);
      const hasGap = turn !== undefined && turn.losses !== this.#losses;
      const outcome = hasGap && status === "completed"
        ? null
        : outcomeOfTurn(status, turn?.last);
      const thread = turn?.thread ?? null;
      const known = this.open.threads.get(thread ?? "");
      if (known !== undefined) known.lastTurn = outcome;
      const object = turn?.ref ?? this.open.turnRef(id);
      const at = thread === null ? {} : this.#placeOf(thread, null);
      return ended(
        {
          ...place,
          ...at,
          turn: object,
          object,
          duration_ms: elapsed(turn?.startedAt ?? null, place.at_unix_ms),
        },
        outcome,
        status,
        {
          type: "turn_ended",
          calls: turn?.calls ?? null,
          tool_calls: turn?.tools ?? null,
        },
      );
    },
    inference_started: (payload, place, evidence) => {
      const { thread_id, codex_turn_id: turn } = payload;
      this.open.startCall(payload.inference_call_id, payload, place);
      if (this.open.turns.get(turn)?.calls !== 1) return undefined;
      const { prepared_prompt_payload: prompt, request_payload } = payload;
      const request = prompt ?? request_payload;
      const text = evidence?.userMessage(request, thread_id) ?? null;
      if (text === null) return undefined;
      const at = { ...place, ...this.#placeOf(thread_id, turn) };
      return plain({ ...at, object: at.turn }, { type: "user_message", text });
    },
    inference_completed: ({ inference_call_id: id, ...payload }, place, by) =>
      this.#requestEnded(id, "completed", place, {
        ref: payload.response_payload,
        by,
      }),
    inference_failed: ({ inference_call_id: id, error }, place) =>
      this.#requestEnded(id, "failed", { ...place, ...errorOf(error) }, null),
    inference_cancelled: ({ inference_call_id: id, reason }, place) =>
      this.#requestEnded(id, "cancelled", {
        ...place,
        ...errorOf(reason),
      }, null),
    tool_call_started: (payload, place) =>
      this.open.startTool(payload, place.turn?.id ?? null, place),
    tool_call_runtime_started: (
      { tool_call_id: id, ...payload },
      place,
      evidence,
    ) => {
      const tool = this.open.tools.get(id);
      if (tool === undefined) return undefined;
      tool.runtimeStart = payload.runtime_payload;
      tool.kind = payload.kind ?? tool.kind;
      return this.#edgeOf(tool, place, agentBegin(tool, evidence));
    },
    tool_call_runtime_ended: (
      { tool_call_id: id, ...end },
      place,
      evidence,
    ) => {
      const tool = this.open.endRuntime(id, end);
      if (tool === undefined) return undefined;
      if (tool.hasEnded) this.open.tools.take(id);
      const edge = this.#edgeOf(tool, place, agentEnd(tool, evidence));
      if (edge !== undefined || !tool.hasEnded) return edge;
      const facts = processEnd(tool, evidence);
      const at = { ...place, ...this.#placeOf(tool.thread, tool.turn) };
      return toolEnded(tool, at, end.status, facts, "process_ended");
    },
    tool_call_ended: (
      { tool_call_id: id, status, result_payload },
      place,
      by,
    ) => {
      const tool = this.open.tools.get(id);
      if (tool === undefined) {
        const object = this.open.unknownRef("tool_call", id);
        return unknownToolEnded({ ...place, object }, status);
      }
      tool.hasEnded = true;
      const isRunning = tool.runtimeStart !== null && tool.runtimeEnd === null;
      if (!isRunning) this.open.tools.take(id);
      const facts = toolEnd(tool, status, result_payload, by);
      const at = { ...place, ...this.#placeOf(tool.thread, tool.turn) };
      return toolEnded(tool, at, status, facts, "tool_call_ended");
    },
    code_cell_started: (payload, place) => this.open.startCell(payload, place),
    code_cell_ended: (
      { runtime_cell_id: id, status, response_payload },
      place,
      evidence,
    ) => {
      const key = runtimeCellKey(place.thread?.id ?? null, id);
      const error = evidence?.cellError(response_payload) ?? null;
      return cellEnded(this.open.cells.take(key), place, status, error);
    },
    compaction_request_started: (payload, place) =>
      this.open.startSummary(payload.compaction_request_id, payload, place),
    compaction_request_completed: ({ compaction_request_id: id }, place) =>
      this.#summaryEnded(id, "completed", place),
    compaction_request_failed: ({ compaction_request_id: id, error }, place) =>
      this.#summaryEnded(id, "failed", { ...place, ...errorOf(error) }),
    compaction_installed: ({ compaction_id: id }, place) =>
      plain({ ...place, object: this.open.compactionRef(id) }, {
        type: "compaction",
      }),
    agent_result_observed: (payload, place) => {
      const { child_thread_id: from, parent_thread_id: to } = payload;
      const text = withoutEnvelope(payload.message);
      return this.#edge(place, from, { kind: "agent_result", to, text });
    },
    protocol_event_observed: ({ event_type, event_payload }, place, by) => {
      if (!PROTOCOL_ISSUES.has(event_type)) return undefined;
      return protocolEvent(place, event_type, by?.message(event_payload));
    },
    other: ({ kind, summary }, place) =>
      plain(place, { type: "other", kind, summary }),
    history_item_accepted: null,
    mcp_tool_call_correlation_assigned: null,
    stdin_target_resolved: null,
    code_cell_wait_target_resolved: null,
    code_cell_initial_response: null,
  };

  #ofThread(
    place: Place,
    id: ThreadId,
    detail: FollowedDetail,
  ): FollowedEvent {
    const at = this.#placeOf(id, null);
    return plain({ ...place, ...at, object: at.thread }, detail);
  }

  /** To whom a tool call leads, once. A thread that never started is not closed. */
  #edgeOf(
    tool: OpenTool,
    place: Place,
    facts: AgentFacts | null,
  ): FollowedEvent | undefined {
    const { thread, hasEdge } = tool;
    if (facts === null || hasEdge || thread === null) return undefined;
    const isClose = tool.kind.type === "close_agent";
    if (isClose && !this.open.threads.has(facts.to)) return undefined;
    tool.hasEdge = true;
    return this.#edge(place, thread, facts);
  }

  #edge(place: Place, from: ThreadId, facts: AgentFacts): FollowedEvent {
    const at = { ...this.#placeOf(from, null), turn: place.turn };
    return edgeEvent({ ...place, ...at }, this.open.threadRef(facts.to), facts);
  }

  #requestEnded(
    id: string,
    status: ExecutionStatus,
    place: Place,
    response: {
      readonly ref: RawPayloadRef;
      readonly by: Evidence | null;
    } | null,
  ): FollowedEvent {
    const call = this.open.calls.take(id);
    const outcome = outcomeOfStatus(status);
    this.#noteRequest(call?.turn ?? null, outcome);
    const { usage = null, unread = null } =
      response?.by?.response(response.ref) ?? {};
    return ended(
      {
        ...place,
        ...call === undefined ? {} : this.#placeOf(call.thread, call.turn),
        object: call?.ref ?? this.open.unknownRef("inference_call", id),
        duration_ms: elapsed(call?.startedAt ?? null, place.at_unix_ms),
      },
      outcome,
      status,
      {
        type: "inference_ended",
        model: call?.model ?? null,
        usage,
        response_unread: unread,
      },
    );
  }

  #summaryEnded(
    id: string,
    status: ExecutionStatus,
    place: Place,
  ): FollowedEvent {
    const request = this.open.summaries.take(id);
    const outcome = outcomeOfStatus(status);
    this.#noteRequest(request?.turn ?? null, outcome);
    return ended(
      {
        ...place,
        ...request === undefined
          ? {}
          : this.#placeOf(request.thread, request.turn),
        object: request?.ref ?? this.open.unknownRef("compaction_request", id),
        duration_ms: elapsed(request?.startedAt ?? null, place.at_unix_ms),
      },
      outcome,
      status,
      { type: "compaction_request_ended", model: request?.model ?? null },
    );
  }

  /** The outcome of a turn is that of its last request. */
  #noteRequest(turnId: string | null, outcome: Outcome): void {
    const turn = this.open.turns.get(turnId ?? "");
    if (turn === undefined) return;
    turn.last = outcome;
    turn.losses = this.#losses;
  }
}
