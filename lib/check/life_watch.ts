/**
 * Watches over the lives that the events tell of: what starts has to end, and what ends must
 * have started.
 *
 * @module
 */

import type { DecodedEvent, RawTraceEvent } from "../format/event.ts";
import { uses } from "../format/events/lifecycle.ts";
import type {
  LifecycleSpace,
  LifecycleStep,
} from "../format/events/lifecycle.ts";
import { EVENT_LOG_FILE } from "../format/manifest.ts";
import { quote } from "../errors.ts";
import type { FindingCode, FindingPlace, FindingSink } from "./finding.ts";

interface Life {
  readonly space: LifecycleSpace;
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
  readonly [S in LifecycleSpace]: readonly [string, string, FindingCode];
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
  readonly #lives: Map<LifecycleSpace, Map<string, Life>> = new Map();
  readonly #agentCalls: Set<string> = new Set();
  /** Runtimes of each thread so far: a resumed thread has a new one, with ids of its own. */
  readonly #runtimes: Map<string, number> = new Map();

  /** Tells `sink` what is wrong. */
  constructor(sink: FindingSink) {
    this.#sink = sink;
  }

  /** Hears of every event, in order. */
  observe(decoded: DecodedEvent): void {
    const { event, line } = decoded;
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
    for (const step of stepsOf(decoded)) this.#take(step, event, place);
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

  #take(step: LifecycleStep, event: RawTraceEvent, place: FindingPlace): void {
    const { space, id, action } = step;
    const key = this.#keyOf(step, event);
    const known = this.#lives.get(space)?.get(key);
    if (known !== undefined) return this.#again(known, step, place);
    const ids = space === "rollout" ? {} : { [TOLD[space][1]]: id };
    const started = action === "start";
    const life = { space, ids, place, started, open: started ? 1 : 0 };
    let lives = this.#lives.get(space);
    if (lives === undefined) this.#lives.set(space, lives = new Map());
    lives.set(key, life);
    if (!started) this.#tellUnknown(ids, step, place);
  }

  #keyOf(
    { space, id, action }: LifecycleStep,
    { thread_id }: RawTraceEvent,
  ): string {
    if (space === "thread" && action === "resume") {
      this.#runtimes.set(id, (this.#runtimes.get(id) ?? 0) + 1);
    }
    if (space !== "code_cell") return id;
    const thread = thread_id ?? "";
    return `${this.#runtimes.get(thread) ?? 0} ${thread} ${id}`;
  }

  #again(life: Life, step: LifecycleStep, place: FindingPlace): void {
    switch (step.action) {
      case "use":
        return;
      case "resume":
        life.open = 1;
        return;
      case "start":
        return this.#startAgain(life, step, place);
      case "end":
        if (life.open > 0) life.open--;
        else if (life.started) this.#tellSecondEnd(life, step, place);
        else this.#tellUnknown(life.ids, step, place);
    }
  }

  #startAgain(life: Life, step: LifecycleStep, place: FindingPlace): void {
    // A tool call may run several things, each with a start and an end.
    if (life.started && life.space !== "tool_call_runtime") {
      return this.#tellSecondStart(life, step, place);
    }
    life.started = true;
    life.place = place;
    life.open++;
  }

  #tellUnknown(
    ids: Readonly<Record<string, string>>,
    step: LifecycleStep,
    place: FindingPlace,
  ): void {
    const { space } = step;
    if (this.#isAgentRun(step)) return;
    const isEnd = step.action === "end";
    this.#sink({
      code: isEnd ? "end_without_start" : TOLD[space][2],
      severity: "warning",
      ...place,
      ids,
      message: isEnd
        ? `${nameOf(space, step.id)} ends, and its start was not recorded`
        : `${nameOf(space, step.id)} was never started`,
    });
  }

  #isAgentRun({ space, id }: LifecycleStep): boolean {
    return space === "tool_call_runtime" && this.#agentCalls.has(id);
  }

  #tellSecondStart(life: Life, step: LifecycleStep, place: FindingPlace): void {
    this.#sink({
      code: "duplicate_start",
      severity: "warning",
      ...place,
      ids: life.ids,
      message: `${nameOf(life.space, step.id)} was started before, at line ${
        life.place.line ?? 0
      }`,
    });
  }

  #tellSecondEnd(life: Life, step: LifecycleStep, place: FindingPlace): void {
    if (this.#isAgentRun(step)) return;
    this.#sink({
      code: "ended_twice",
      severity: "warning",
      ...place,
      ids: life.ids,
      message: `${nameOf(life.space, step.id)} has ended before`,
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

function nameOf(space: LifecycleSpace, id: string): string {
  const [name] = TOLD[space];
  return space === "rollout" ? name : `${name} ${quote(id)}`;
}

/** What an event says: in its payload first, then by the thread and turn of its envelope. */
function stepsOf(
  { event, meaning }: DecodedEvent,
): readonly LifecycleStep[] {
  const steps = meaning.lifecycle(event.payload);
  const { thread_id, codex_turn_id } = event;
  if (thread_id === null && codex_turn_id === null) return steps;
  return [
    ...steps,
    ...(thread_id === null ? [] : [uses("thread", thread_id)]),
    ...(codex_turn_id === null ? [] : [uses("codex_turn", codex_turn_id)]),
  ];
}
