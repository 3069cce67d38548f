/**
 * What a log has about a session without being reduced: how it ended, and where its first prompt and
 * its last answer are.
 *
 * @module
 */

import type { DecodedEvent, RawTraceEventPayload } from "../../format/event.ts";
import { allRefs } from "../../format/events/payload_ref.ts";
import type { ThreadId } from "../../format/ids.ts";
import {
  isComplete,
  type JsonValue,
  type RawPayloadRef,
} from "../../format/payload.ts";
import type {
  ExecutionStatus,
  Integer,
  RolloutStatus,
  UnixMs,
} from "../../format/vocabulary.ts";
import { elapsed, subtract } from "../../format/integers.ts";
import { ClockReader } from "../evidence/clock/clock_reader.ts";
import {
  type Outcome,
  outcomeOfStatus,
  outcomeOfThread,
  outcomeOfTurn,
} from "../failures/outcome/outcome.ts";
import type { ListedCounts } from "./list_answer.ts";
import { recordedError } from "../failures/request_failures.ts";
import type { BriefAnswer, BriefRequest } from "./brief_request.ts";

/** Answers that are kept: the last ones may be tool calls without text. */
const MAX_ANSWERS = 4;

/** The facts of a log for a list of bundles. */
export interface BriefLog {
  /** What became of the session; null when it may be in a lost event. */
  readonly outcome: Outcome | null;
  /** How the session ended, in the recorder's word; `running` where its end was not recorded. */
  readonly status: RolloutStatus;
  /** How long it took until its end or the last event; null without any, and across a jump. */
  readonly duration_ms: Integer | null;
  /** Events that could be read. */
  readonly events: number;
  /** Whether the recorder closed the log. */
  readonly is_closed: boolean;
  /** Payloads of which only the start was recorded. */
  readonly truncated_payloads: number;
  /** Payloads of which nothing was recorded. */
  readonly omitted_payloads: number;
  /** The payload with the input of the root's first request; null where that may be lost. */
  readonly first_request: RawPayloadRef | null;
  /** The root's last answers, the latest first. */
  readonly last_answers: readonly BriefAnswer[];
  /** Ids of the items that entered the history of a thread. */
  readonly accepted: ReadonlySet<string>;
  /** The last ends of turns of any thread, the latest first: they repeat the answers. */
  readonly turn_ends: readonly RawPayloadRef[];
  /** Ids of the root's turns. */
  readonly turns: ReadonlySet<string>;
  /** Whether the root's last response may be in a lost event. */
  readonly may_lack_answer: boolean;
  /** How the root's last turn ended; null while it runs. */
  readonly last_turn: ExecutionStatus | null;
  /** The last that went wrong in the root, in the recorder's words. */
  readonly last_error: string | null;
  /** What the log counts; null where events were lost. */
  readonly counts: ListedCounts | null;
  /** Models asked for answers, in order of their first request. */
  readonly models: readonly string[];
  /** The payload that describes the root thread. */
  readonly root_metadata: RawPayloadRef | null;
  /** Requests for answers, with the payload of the response; null where none arrived. */
  readonly requests: readonly BriefRequest[];
  /** Models of compaction requests, one for each. */
  readonly compaction_requests: readonly string[];
}

/** How a log is read in brief. */
export interface BriefOptions {
  /** The thread that the session began with. */
  readonly root: ThreadId;
  /** When the session began. */
  readonly startedAt: UnixMs;
  /** Whether lines could not be read; asked after the last event. */
  hasFaults(): boolean;
  /** How many events of an unknown type were skipped so far: none of them is a request. */
  unknownEvents(): number;
  /** Reads a payload; null where it cannot be read. */
  open(ref: RawPayloadRef): JsonValue;
}

/** Reads a log in brief. */
export function briefLog(
  events: Iterable<DecodedEvent>,
  { root, startedAt, hasFaults, unknownEvents, open }: BriefOptions,
): BriefLog {
  const brief = new BriefReader(root);
  const clock = new ClockReader(startedAt);
  for (const event of events) {
    brief.read(event, unknownEvents());
    clock.read(event.event);
  }
  const jumps = clock.jumps(open);
  return {
    ...brief.brief(hasFaults()),
    duration_ms: brief.isEmpty || jumps.length > 0
      ? null
      : elapsed(startedAt, brief.endedAt ?? clock.last.at),
  };
}

class BriefReader {
  readonly #root: ThreadId;
  readonly #calls: Set<string> = new Set();
  readonly #turns: Set<string> = new Set();
  readonly #answers: BriefAnswer[] = [];
  readonly #accepted: Set<string> = new Set();
  /** Ids of payloads that were truncated, and of those that were omitted. */
  readonly #limited = {
    truncated: new Set<string>(),
    omitted: new Set<string>(),
  };
  #isClosed = false;
  #status: RolloutStatus = "running";
  #end: UnixMs | null = null;
  readonly #turnEnds: RawPayloadRef[] = [];
  #events = 0;
  /** Undefined until a request of the root was read. */
  #request: RawPayloadRef | null | undefined;
  /** Whether a request of the root may be lost before the next event. */
  #mayLackRequest = true;
  #unknownEvents = 0;
  #turn: ExecutionStatus | null = null;
  #error: string | null = null;
  /** Outcome of the last turn of the root, and of the last request in it; undefined without any. */
  #turnOutcome: Outcome | null | undefined;
  #requestOutcome: Outcome | undefined;
  #lastSeq: Integer | null = null;
  /** Whether the numbers of events have a gap anywhere. */
  #hasLosses = false;
  readonly #counts = {
    turns: 0,
    failed_llm_requests: 0,
    errors: 0,
    tool_calls: 0,
    threads: 0,
  };
  #metadata: RawPayloadRef | null = null;
  readonly #requests: Map<string, BriefRequest> = new Map();
  readonly #compactions: string[] = [];
  /** The root's last request, while its end is unknown. */
  #openCall: string | null = null;
  /** Whether events are missing since the last request of the turn ended. */
  #hasGap = false;

  constructor(root: ThreadId) {
    this.#root = root;
  }

  read({ event, payloads }: DecodedEvent, unknownEvents: number): void {
    const { payload } = event;
    this.#events++;
    for (const ref of payloads) this.#count(ref);
    const step = subtract(event.seq, this.#lastSeq);
    if (step !== null && step > 1) {
      this.#hasGap = true;
      this.#hasLosses = true;
      const unknown = unknownEvents - this.#unknownEvents;
      if (step > 1 + unknown) this.#mayLackRequest = true;
    }
    this.#unknownEvents = unknownEvents;
    this.#countEvent(payload);
    this.#lastSeq = event.seq;
    switch (payload.type) {
      case "rollout_ended":
        this.#status = payload.status;
        this.#end = event.wall_time_unix_ms;
        break;
      case "recording_completed":
        this.#isClosed = true;
        break;
      case "thread_started":
      case "thread_resumed":
        if (payload.thread_id === this.#root) this.#mayLackRequest = false;
        break;
      case "codex_turn_started":
        if (payload.thread_id !== this.#root) break;
        this.#startTurn(payload.codex_turn_id);
        this.#hasGap = false;
        break;
      case "codex_turn_ended":
        if (event.thread_id === this.#root) {
          this.#mayStartTurn(payload.codex_turn_id);
        } else if (!this.#turns.has(payload.codex_turn_id)) break;
        this.#turn = payload.status;
        this.#turnOutcome = this.#hasGap && payload.status === "completed"
          ? null
          : outcomeOfTurn(payload.status, this.#requestOutcome);
        break;
      case "inference_started":
        if (payload.thread_id !== this.#root) break;
        this.#mayStartTurn(payload.codex_turn_id);
        this.#calls.add(payload.inference_call_id);
        this.#openCall = payload.inference_call_id;
        if (this.#request !== undefined) break;
        this.#request = this.#mayLackRequest
          ? null
          : payload.warmup_context_payload ?? payload.request_payload;
        break;
      case "inference_completed":
        if (!this.#calls.has(payload.inference_call_id)) {
          // The start of a request of the root may be lost: then its response is not known.
          const isOwn = event.thread_id === this.#root;
          if (isOwn) this.#openCall = payload.inference_call_id;
          break;
        }
        this.#ended(payload.inference_call_id);
        this.#requestEnded("ok");
        pushLast(this.#answers, {
          ref: payload.response_payload,
          is_partial: false,
        });
        break;
      case "history_item_accepted":
        this.#accepted.add(payload.item_id);
        break;
      case "protocol_event_observed":
        if (payload.event_type !== "turn_complete") break;
        pushLast(this.#turnEnds, payload.event_payload);
        break;
      case "compaction_request_started":
        if (payload.thread_id === this.#root) {
          this.#calls.add(payload.compaction_request_id);
        }
        break;
      case "compaction_request_completed":
        if (this.#calls.has(payload.compaction_request_id)) {
          this.#requestEnded("ok");
        }
        break;
      case "inference_failed":
        this.#failed(payload.inference_call_id, "failed", payload);
        break;
      case "inference_cancelled":
        this.#failed(payload.inference_call_id, "interrupted", payload);
        break;
      case "compaction_request_failed":
        this.#failed(payload.compaction_request_id, "failed", payload);
        break;
      default:
    }
  }

  /** What is counted of every thread, not only of the root. */
  #countEvent(payload: RawTraceEventPayload): void {
    switch (payload.type) {
      case "thread_started":
        this.#counts.threads++;
        if (payload.thread_id === this.#root) {
          this.#metadata ??= payload.metadata_payload;
        }
        break;
      case "codex_turn_started":
        this.#counts.turns++;
        break;
      case "tool_call_started":
        this.#counts.tool_calls++;
        break;
      case "inference_started":
        this.#requests.set(payload.inference_call_id, {
          model: payload.model,
          response: null,
        });
        break;
      case "inference_completed": {
        const request = this.#requests.get(payload.inference_call_id);
        if (request === undefined) break;
        const response = payload.response_payload;
        this.#requests.set(payload.inference_call_id, { ...request, response });
        break;
      }
      case "inference_failed":
        this.#counts.failed_llm_requests++;
        this.#counts.errors++;
        break;
      case "compaction_request_started":
        this.#compactions.push(payload.model);
        break;
      case "compaction_request_failed":
        this.#counts.errors++;
        break;
      case "tool_call_ended":
      case "code_cell_ended":
        if (payload.status === "failed") this.#counts.errors++;
        break;
    }
  }

  /** When the end of the session was recorded; null where it was not. */
  get endedAt(): UnixMs | null {
    return this.#end;
  }

  /** Whether no event was read. */
  get isEmpty(): boolean {
    return this.#events === 0;
  }

  brief(hasFaults: boolean): Omit<BriefLog, "duration_ms"> {
    const outcome = outcomeOfThread(this.#status, this.#turnOutcome, true);
    const requests = [...this.#requests.values()];
    return {
      outcome: hasFaults && outcome === "incomplete" ? null : outcome,
      status: this.#status,
      events: this.#events,
      is_closed: this.#isClosed,
      truncated_payloads: this.#limited.truncated.size,
      omitted_payloads: this.#limited.omitted.size,
      first_request: this.#request ?? null,
      last_answers: this.#answers.toReversed(),
      accepted: this.#accepted,
      turn_ends: this.#turnEnds.toReversed(),
      turns: this.#turns,
      may_lack_answer: this.#openCall !== null &&
        (hasFaults || this.#hasLosses),
      last_turn: this.#turn,
      last_error: this.#error,
      counts: hasFaults || this.#hasLosses
        ? null
        : { ...this.#counts, llm_requests: this.#requests.size },
      models: [...new Set(requests.map(({ model }) => model))],
      root_metadata: this.#metadata,
      requests,
      compaction_requests: this.#compactions,
    };
  }

  #count(ref: RawPayloadRef): void {
    if (isComplete(ref)) return;
    for (const { capture, raw_payload_id: id } of allRefs(ref)) {
      if (capture !== undefined) this.#limited[capture.status].add(id);
    }
  }

  #failed(
    call: string,
    outcome: Outcome,
    payload: RawTraceEventPayload,
  ): void {
    if (!this.#calls.has(call)) return;
    this.#ended(call);
    this.#error = recordedError(payload) ?? this.#error;
    const partial = "partial_response_payload" in payload
      ? payload.partial_response_payload
      : null;
    if (partial !== null) {
      pushLast(this.#answers, { ref: partial, is_partial: true });
    }
    this.#requestEnded(outcome);
  }

  #ended(call: string): void {
    if (call === this.#openCall) this.#openCall = null;
  }

  #startTurn(turn: string): void {
    this.#turns.add(turn);
    this.#turn = null;
    this.#error = null;
    this.#turnOutcome = outcomeOfStatus("running");
    this.#requestOutcome = undefined;
  }

  /** Starts a turn of the root whose start was lost. */
  #mayStartTurn(turn: string): void {
    if (!this.#turns.has(turn)) this.#startTurn(turn);
  }

  #requestEnded(outcome: Outcome): void {
    this.#requestOutcome = outcome;
    this.#hasGap = false;
  }
}

/** Adds to the last ones. */
function pushLast<T>(all: T[], last: T): void {
  all.push(last);
  if (all.length > MAX_ANSWERS) all.shift();
}
