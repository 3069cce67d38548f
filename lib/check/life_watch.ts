/**
 * Watches over the lives that the events tell of: what starts has to end, and what ends must
 * have started.
 *
 * @module
 */

import type { DecodedEvent, RawTraceEvent } from "../format/event.ts";
import { EVENT_LOG_FILE } from "../format/manifest.ts";
import { quote } from "../errors.ts";
import type { FindingCode, FindingPlace, FindingSink } from "./finding.ts";
import { type Space, type Touch, touchesOf } from "./lives.ts";

interface Life {
  readonly space: Space;
  readonly ids: Readonly<Record<string, string>>;
  /** Where it started, or where it was missed first. */
  place: FindingPlace;
  /** Whether its start was recorded. */
  started: boolean;
  /** How many starts have no end yet. */
  open: number;
}

/** How a space is told of: its name, the key of its ids, and the code of an id nobody knows. */
const TOLD: {
  readonly [S in Space]: readonly [string, string, FindingCode];
} = {
  rollout: ["the rollout", "", "end_without_start"],
  thread: ["thread", "thread_id", "unknown_thread"],
  codex_turn: ["turn", "codex_turn_id", "unknown_turn"],
  inference_call: ["inference", "inference_call_id", "unknown_inference"],
  tool_call: ["tool call", "tool_call_id", "unknown_tool_call"],
  tool_call_runtime: [
    "the run behind tool call",
    "tool_call_id",
    "unknown_tool_call",
  ],
  code_cell: ["runtime cell", "runtime_cell_id", "unknown_code_cell"],
  compaction_request: [
    "compaction request",
    "compaction_request_id",
    "unknown_compaction_request",
  ],
};

/** Tools whose runtime tells only that something happened: an end without a start is theirs. */
const AGENT_TOOLS: ReadonlySet<string> = new Set([
  "spawn_agent",
  "assign_agent_task",
  "send_message",
  "wait_agent",
  "close_agent",
]);

/** Knows who lives. */
export class LifeWatch {
  readonly #sink: FindingSink;
  readonly #lives: Map<Space, Map<string, Life>> = new Map();
  readonly #agentCalls: Set<string> = new Set();
  /** Runtimes of each thread so far: a resumed thread has a new one, with ids of its own. */
  readonly #runtimes: Map<string, number> = new Map();

  /** Tells `sink` what is wrong. */
  constructor(sink: FindingSink) {
    this.#sink = sink;
  }

  /** Hears of every event, in order. */
  observe({ event, line }: DecodedEvent): void {
    const place: FindingPlace = {
      file: EVENT_LOG_FILE,
      line,
      seq: event.seq,
      event_type: event.payload.type,
    };
    if (
      event.payload.type === "tool_call_started" &&
      AGENT_TOOLS.has(event.payload.kind.type)
    ) this.#agentCalls.add(event.payload.tool_call_id);
    for (const touch of touchesOf(event)) this.#touch(touch, event, place);
  }

  /** Whether a thread started. */
  knowsThread(id: string): boolean {
    return this.#lives.get("thread")?.get(id)?.started === true;
  }

  /** Hears that there is no more: tells what never ended. */
  finish(): void {
    for (const [space, lives] of this.#lives) {
      if (space === "rollout") continue;
      for (const life of lives.values()) {
        if (life.open > 0) this.#tellOpen(life);
      }
    }
  }

  #touch(touch: Touch, event: RawTraceEvent, place: FindingPlace): void {
    const { space, id, what } = touch;
    const key = this.#keyOf(touch, event);
    const known = this.#lives.get(space)?.get(key);
    if (known !== undefined) return this.#again(known, touch, place);
    const ids = space === "rollout" ? {} : { [TOLD[space][1]]: id };
    const started = what === "start";
    const life = { space, ids, place, started, open: started ? 1 : 0 };
    let lives = this.#lives.get(space);
    if (lives === undefined) this.#lives.set(space, lives = new Map());
    lives.set(key, life);
    if (!started) this.#tellUnknown(ids, touch, place);
  }

  #keyOf({ space, id, what }: Touch, { thread_id }: RawTraceEvent): string {
    if (space === "thread" && what === "resume") {
      this.#runtimes.set(id, (this.#runtimes.get(id) ?? 0) + 1);
    }
    if (space !== "code_cell") return id;
    const thread = thread_id ?? "";
    return `${this.#runtimes.get(thread) ?? 0} ${thread} ${id}`;
  }

  #again(life: Life, touch: Touch, place: FindingPlace): void {
    switch (touch.what) {
      case "use":
        return;
      case "resume":
        life.open = 1;
        return;
      case "start":
        return this.#startAgain(life, touch, place);
      case "end":
        if (life.open > 0) life.open--;
        else if (life.started) this.#tellSecondEnd(life, touch, place);
        else this.#tellUnknown(life.ids, touch, place);
    }
  }

  #startAgain(life: Life, touch: Touch, place: FindingPlace): void {
    // A tool call may run several things, each with a start and an end.
    if (life.started && life.space !== "tool_call_runtime") {
      return this.#tellSecondStart(life, touch, place);
    }
    life.started = true;
    life.place = place;
    life.open++;
  }

  #tellUnknown(
    ids: Readonly<Record<string, string>>,
    touch: Touch,
    place: FindingPlace,
  ): void {
    const { space } = touch;
    if (this.#isAgentRun(touch)) return;
    const isEnd = touch.what === "end";
    this.#sink({
      code: isEnd ? "end_without_start" : TOLD[space][2],
      severity: "warning",
      ...place,
      ids,
      message: isEnd
        ? `${nameOf(space, touch.id)} ends, and its start was not recorded`
        : `${nameOf(space, touch.id)} was never started`,
    });
  }

  #isAgentRun({ space, id }: Touch): boolean {
    return space === "tool_call_runtime" && this.#agentCalls.has(id);
  }

  #tellSecondStart(life: Life, touch: Touch, place: FindingPlace): void {
    this.#sink({
      code: "duplicate_start",
      severity: "warning",
      ...place,
      ids: life.ids,
      message: `${nameOf(life.space, touch.id)} was started before, at line ${
        life.place.line ?? 0
      }`,
    });
  }

  #tellSecondEnd(life: Life, touch: Touch, place: FindingPlace): void {
    if (this.#isAgentRun(touch)) return;
    this.#sink({
      code: "ended_twice",
      severity: "warning",
      ...place,
      ids: life.ids,
      message: `${nameOf(life.space, touch.id)} has ended before`,
    });
  }

  #tellOpen({ space, ids, place }: Life): void {
    const [id = ""] = Object.values(ids);
    this.#sink({
      code: "start_without_end",
      severity: "warning",
      ...place,
      ids,
      message: `${nameOf(space, id)} starts, and its end was not recorded`,
    });
  }
}

function nameOf(space: Space, id: string): string {
  const [name] = TOLD[space];
  return space === "rollout" ? name : `${name} ${quote(id)}`;
}
