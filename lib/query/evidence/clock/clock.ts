/**
 * How long things took: unknown where the clock of the recording jumped meanwhile.
 *
 * @module
 */

import { elapsed } from "../../../format/integers.ts";
import type { Integer, UnixMs } from "../../../format/vocabulary.ts";
import type { ExecutionWindow } from "../../../graph/session.ts";
import type { InferenceCall } from "../../../graph/runtime.ts";
import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import { PayloadError } from "../../../errors.ts";
import type { ObjectKind } from "../../session/names/object_kind.ts";
import type { TraceSession } from "../../session/session.ts";
import { isStartLost } from "../recorded/losses.ts";
import { type ClockJump, countBefore, JumpIndex } from "./clock_jump.ts";
import { ClockReader } from "./clock_reader.ts";

/** A moment in the log. */
export interface Moment {
  /** The event. */
  readonly seq: Integer;
  /** Its time. */
  readonly at: UnixMs;
}

/** What a clock is read from. */
type Recording = Pick<
  TraceSession,
  "trace" | "log" | "payloads" | "sessionLog"
>;

/** The clock of a recording. */
export class Clock {
  /** Its jumps, in the order of the log. */
  readonly jumps: readonly ClockJump[];
  /** The start of the session. */
  readonly first: Moment;
  /** The last recorded moment. */
  readonly last: Moment;
  readonly #index: JumpIndex;
  readonly #ends: readonly Integer[];

  /** Reads the events, or what the graph has of them. */
  constructor({ trace, log, payloads, sessionLog }: Recording) {
    const { started_at_unix_ms: startedAt } = trace;
    const reader = new ClockReader(startedAt);
    for (const { event } of log?.events ?? []) reader.read(event);
    if (log === null) {
      // A session log has a command in one line, which is written at its end.
      const moments = momentsOf(
        sessionLog === undefined
          ? trace
          : { ...trace, terminal_operations: new Map() },
      );
      for (const { seq, at } of moments) reader.readMoment(seq, at);
    }
    this.jumps = reader.jumps((ref) => {
      try {
        return payloads?.open(ref).value ?? null;
      } catch (error) {
        if (error instanceof PayloadError) return null;
        throw error;
      }
    });
    this.#index = new JumpIndex(this.jumps);
    this.#ends = this.jumps.map(({ before_seq }) => before_seq);
    this.first = { seq: 0, at: startedAt };
    const { seq, at } = reader.last;
    this.last = { seq, at: log === null ? trace.ended_at_unix_ms ?? at : at };
  }

  /** Milliseconds from one moment to another; null where the clock jumped between them. */
  between(from: Moment, to: Moment): Integer | null {
    return this.#index.isBetween(from.seq, to.seq)
      ? null
      : elapsed(from.at, to.at);
  }

  /** Milliseconds since the start of the session; null after a jump. */
  sinceStart(moment: Moment): Integer | null {
    return this.between(this.first, moment);
  }

  /** The jumps while something ran; none where its end was not recorded. */
  jumpsIn(
    { started_seq: from, ended_seq: to, ended_at_unix_ms: at }: ExecutionWindow,
  ): readonly ClockJump[] {
    if (at === null) return [];
    const end = to ?? this.last.seq;
    if (!this.#index.isBetween(from, end)) return [];
    return this.jumps.filter(({ after_seq: after, before_seq: before }) =>
      after >= from && before <= end
    );
  }

  /** How many jumps end before an event: times of events with the same number are comparable. */
  jumpsBefore(seq: Integer): number {
    return countBefore(this.#ends, BigInt(seq) + 1n);
  }
}

const CLOCKS: WeakMap<Recording, Clock> = new WeakMap();

/** Returns the clock of a session. */
export function getClock(session: Recording): Clock {
  let clock = CLOCKS.get(session);
  if (clock === undefined) {
    clock = new Clock(session);
    CLOCKS.set(session, clock);
  }
  return clock;
}

/**
 * Returns how long something ran, in milliseconds; null when its start or its end was not recorded,
 * and when the clock jumped meanwhile.
 */
export function durationOf(
  session: Recording,
  kind: ObjectKind,
  window: ExecutionWindow,
): Integer | null {
  const { started_at_unix_ms, started_seq, ended_at_unix_ms: at } = window;
  if (at === null) return null;
  // Of all that ran, a session log has the start and the end of turns alone.
  if (session.sessionLog !== undefined && kind !== "turn") return null;
  const isRestored = kind === "thread" || kind === "turn";
  if (isRestored && isStartLost(session, kind, window)) return null;
  const clock = getClock(session);
  const seq = window.ended_seq ?? clock.last.seq;
  return clock.between(
    { seq: started_seq, at: started_at_unix_ms },
    { seq, at },
  );
}

/**
 * Returns the time from the end of the earlier of two requests to the start of the other, in
 * milliseconds; null where that end is unknown, or where the clock jumped meanwhile.
 */
export function gapBetween(
  session: Recording,
  { execution: a }: InferenceCall,
  { execution: b }: InferenceCall,
): Integer | null {
  const [before, after] = a.started_seq <= b.started_seq ? [a, b] : [b, a];
  const { ended_seq: seq, ended_at_unix_ms: at } = before;
  return seq === null || at === null ? null : getClock(session).between(
    { seq, at },
    { seq: after.started_seq, at: after.started_at_unix_ms },
  );
}

/**
 * Returns how long a session took, in milliseconds, until its end or else until the last recorded
 * moment; null when the clock jumped meanwhile.
 */
export function sessionDuration(session: Recording): Integer | null {
  const clock = getClock(session);
  const { last } = clock;
  return clock.sinceStart({
    seq: last.seq,
    at: session.trace.ended_at_unix_ms ?? last.at,
  });
}

/** Returns {@linkcode durationOf} as a number, for sums; it is rounded beyond 2^53. */
export function roundedDurationOf(
  session: Recording,
  kind: ObjectKind,
  window: ExecutionWindow,
): number | null {
  const duration = durationOf(session, kind, window);
  return duration === null ? null : Number(duration);
}

/** Every moment that the graph knows with its event, in order. */
function momentsOf(trace: RolloutTrace): Moment[] {
  const maps = [
    trace.threads,
    trace.codex_turns,
    trace.inference_calls,
    trace.compaction_requests,
    trace.tool_calls,
    trace.code_cells,
    trace.terminal_operations,
  ];
  const moments: Moment[] = [];
  for (const map of maps) {
    for (const { execution } of map.values()) {
      const { started_seq, ended_seq, ended_at_unix_ms: end } = execution;
      moments.push({ seq: started_seq, at: execution.started_at_unix_ms });
      if (ended_seq !== null && end !== null) {
        moments.push({ seq: ended_seq, at: end });
      }
    }
  }
  return moments.sort((a, b) => a.seq < b.seq ? -1 : a.seq > b.seq ? 1 : 0);
}
