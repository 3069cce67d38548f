/**
 * Reads the clock of a recording: the times of its events, and what Codex measured itself.
 *
 * @module
 */

import { subtract } from "../../../format/integers.ts";
import type { RawTraceEvent } from "../../../format/event.ts";
import {
  isJsonObject,
  type JsonValue,
  type RawPayloadRef,
} from "../../../format/payload.ts";
import type { Integer, UnixMs } from "../../../format/vocabulary.ts";
import type { ClockJump } from "./clock_jump.ts";

/** Between two events: how much the clock advanced. */
interface Step {
  readonly after: Integer;
  readonly before: Integer;
  readonly ms: number;
}

type Range = Pick<Run, "from" | "to">;

/** A run, and how much longer it took by the clock than Codex measured. */
interface Measured {
  readonly run: Run;
  readonly excess: number;
}

/** From one event to another, and the payload with the time that Codex measured. */
interface Run {
  readonly from: Integer;
  readonly to: Integer;
  /** By the clock, the steps back left out: what they hide was not measured less. */
  readonly ms: number;
  readonly hasStepBack: boolean;
  /** The steps in it in which a jump forward may be. */
  readonly longSteps: readonly [from: number, to: number];
  readonly measured: RawPayloadRef | null;
}

interface Moment {
  readonly seq: Integer;
  readonly at: UnixMs;
}

interface Start extends Moment {
  /** Milliseconds by which the clock was set back before. */
  readonly setBack: number;
  /** Long steps before. */
  readonly longSteps: number;
}

/** Reads the payload of a reference; null where it cannot be read. */
export type OpenPayload = (ref: RawPayloadRef) => JsonValue;

/**
 * How much longer something may take by the clock than Codex measured. Recordings differ by 20 ms;
 * a computer under load writes an event later.
 */
const MAX_CLOCK_DEVIATION_MS = 2000;

/** Collects the times of events, in the order of the log, and finds the jumps among them. */
export class ClockReader {
  #last: Moment;
  #setBack = 0;
  readonly #back: Step[] = [];
  /** Steps so long that a jump may be in them. */
  readonly #long: Step[] = [];
  readonly #turnStarts: Map<string, Start> = new Map();
  readonly #turns: Map<string, Run> = new Map();
  readonly #turnEnds: RawPayloadRef[] = [];
  readonly #toolStarts: Map<string, Start> = new Map();
  readonly #tools: Run[] = [];

  /** Begins with the start of the manifest. */
  constructor(startedAt: UnixMs) {
    this.#last = { seq: 0, at: startedAt };
  }

  /** The last event. */
  get last(): Moment {
    return this.#last;
  }

  /** Reads a moment. */
  readMoment(seq: Integer, at: UnixMs): void {
    const { seq: after, at: earlier } = this.#last;
    this.#last = { seq, at };
    const step = { after, before: seq, ms: msBetween(earlier, at) };
    if (step.ms < 0) {
      this.#back.push(step);
      this.#setBack -= step.ms;
    }
    if (step.ms >= MAX_CLOCK_DEVIATION_MS) this.#long.push(step);
  }

  /** Reads an event. */
  read({ seq, wall_time_unix_ms: at, payload }: RawTraceEvent): void {
    this.readMoment(seq, at);
    switch (payload.type) {
      case "codex_turn_started":
        this.#turnStarts.set(payload.codex_turn_id, this.#start());
        break;
      case "codex_turn_ended": {
        const { codex_turn_id: id } = payload;
        const run = this.#runOf(this.#turnStarts.get(id), null);
        if (run !== null) this.#turns.set(id, run);
        break;
      }
      case "protocol_event_observed":
        // It follows the end of its turn, which the payload names.
        if (
          this.#turns.size > 0 &&
          /^turn_(?:complete|aborted)$/.test(payload.event_type)
        ) this.#turnEnds.push(payload.event_payload);
        break;
      case "tool_call_runtime_started":
        this.#toolStarts.set(payload.tool_call_id, this.#start());
        break;
      case "tool_call_runtime_ended": {
        const { tool_call_id: id, runtime_payload: measured } = payload;
        const run = this.#runOf(this.#toolStarts.get(id), measured ?? null);
        if (run !== null) this.#tools.push(run);
        break;
      }
      default:
    }
  }

  /** The jumps, in the order of the log, as far as the payloads show those forward. */
  jumps(open: OpenPayload): ClockJump[] {
    const back = this.#back.map(({ after, before, ms }): ClockJump => ({
      direction: "back",
      after_seq: after,
      before_seq: before,
      by_ms: -ms,
    }));
    const turns = this.#measuredTurns(open);
    const isMeasured = (run: Run) =>
      turns.some(({ run: turn, excess }) =>
        isIn(run, turn) && Math.abs(excess) <= MAX_CLOCK_DEVIATION_MS
      );
    const tools = this.#tools.filter((run) => !isMeasured(run))
      .flatMap((run) => {
        const ms = toolTime(open, run);
        return ms === null ? [] : [{ run, excess: excessOf(run, ms) }];
      });
    const found: ClockJump[] = [];
    for (const { run: turn, excess } of turns) {
      const inside = tools.filter(({ run }) => isIn(run, turn));
      for (const jump of this.#jumpsIn(turn, excess, inside)) found.push(jump);
    }
    for (const { run, excess } of tools) {
      const isInTurn = turns.some(({ run: turn }) => isIn(run, turn));
      if (isInTurn) continue;
      for (const jump of this.#jumpsIn(run, excess, [])) found.push(jump);
    }
    return [...back, ...found].sort((a, b) =>
      a.before_seq < b.before_seq ? -1 : a.before_seq > b.before_seq ? 1 : 0
    );
  }

  #start(): Start {
    const longSteps = this.#long.length;
    return { ...this.#last, setBack: this.#setBack, longSteps };
  }

  /** A run since its start; null where no jump forward can be in it. */
  #runOf(start: Start | undefined, measured: RawPayloadRef | null): Run | null {
    if (start === undefined || start.longSteps === this.#long.length) {
      return null;
    }
    const { seq, at } = this.#last;
    const setBack = this.#setBack - start.setBack;
    return {
      from: start.seq,
      to: seq,
      ms: msBetween(start.at, at) + setBack,
      hasStepBack: setBack > 0,
      longSteps: [start.longSteps, this.#long.length],
      measured,
    };
  }

  #measuredTurns(open: OpenPayload): Measured[] {
    return this.#turnEnds.flatMap((ref) => {
      const payload = open(ref);
      if (!isJsonObject(payload)) return [];
      const { turn_id: id, duration_ms: ms } = payload;
      const turn = this.#turns.get(typeof id === "string" ? id : "");
      return turn === undefined || typeof ms !== "number"
        ? []
        : [{ run: turn, excess: excessOf(turn, ms) }];
    });
  }

  #jumpsIn(
    { from: after_seq, to: before_seq, longSteps }: Run,
    excess: number,
    tools: readonly Measured[],
  ): ClockJump[] {
    if (Math.abs(excess) <= MAX_CLOCK_DEVIATION_MS) return [];
    const by_ms = Math.round(Math.abs(excess));
    if (excess < 0) {
      return [{ direction: "back", after_seq, before_seq, by_ms }];
    }
    const steps = this.#long.slice(...longSteps).filter((step) =>
      !tools.some(({ run, excess }) =>
        isIn({ from: step.after, to: step.before }, run) &&
        excess <= MAX_CLOCK_DEVIATION_MS
      )
    );
    const enough = steps.filter(({ ms }) =>
      ms >= excess - MAX_CLOCK_DEVIATION_MS
    );
    const places = enough.length > 0 ? enough : steps;
    if (places.length === 0) {
      return [{ direction: "forward", after_seq, before_seq, by_ms }];
    }
    return places.map(({ after, before }) => ({
      direction: "forward",
      after_seq: after,
      before_seq: before,
      by_ms: places.length === 1 ? by_ms : null,
    }));
  }
}

/**
 * How much longer a run took by the clock than Codex measured. Where the clock was set back, what it
 * took is a minimum: then it is not shorter.
 */
function excessOf({ ms, hasStepBack }: Run, measured: number): number {
  const excess = ms - measured;
  return hasStepBack ? Math.max(0, excess) : excess;
}

/** The time of a tool in the payload of its end. */
function toolTime(open: OpenPayload, { measured }: Run): number | null {
  const payload = measured === null ? null : open(measured);
  if (!isJsonObject(payload)) return null;
  const { duration } = payload;
  if (!isJsonObject(duration)) return null;
  const { secs, nanos } = duration;
  return typeof secs === "number" && typeof nanos === "number"
    ? secs * 1000 + nanos / 1e6
    : null;
}

function isIn(inner: Range, outer: Range): boolean {
  return inner.from >= outer.from && inner.to <= outer.to;
}

function msBetween(from: UnixMs, to: UnixMs): number {
  return Number(subtract(to, from));
}
