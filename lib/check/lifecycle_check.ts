/**
 * Checks that what starts also ends, and that what ends or is used has started: threads, turns,
 * calls, cells and compaction requests.
 *
 * @module
 */

import type { DecodedEvent, RawTraceEvent } from "../format/event.ts";
import {
  type LifecycleSpace,
  type LifecycleStep,
  uses,
} from "../format/events/event_description.ts";
import { EVENT_LOG_FILE } from "../format/manifest.ts";
import { quote } from "../errors.ts";
import type { FindingCode, FindingPosition, FindingSink } from "./report.ts";

/** One thread, turn, call, cell or compaction request. */
interface Lifecycle {
  readonly space: LifecycleSpace;
  readonly ids: Readonly<Record<string, string>>;
  /** Where it started; without a recorded start, where it was first used. */
  place: FindingPosition;
  /** Whether its start was recorded. */
  started: boolean;
  /** How many starts have no end yet. */
  open: number;
}

/** For each space: its name in messages, the key of its ids, and the code of an unknown id. */
const SPACES: {
  readonly [S in LifecycleSpace]: readonly [string, string, FindingCode];
} = {
  rollout: ["the rollout", "", "end_without_start"],
  thread: ["thread", "thread_id", "unknown_thread"],
  codex_turn: ["turn", "codex_turn_id", "unknown_turn"],
  inference_call: ["inference", "inference_call_id", "unknown_inference"],
  tool_call: ["tool call", "tool_call_id", "unknown_tool_call"],
  tool_call_runtime: [
    "the runtime of tool call",
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

/** Tools whose runtime reports ends without starts. */
const AGENT_TOOLS: ReadonlySet<string> = new Set([
  "spawn_agent",
  "assign_agent_task",
  "send_message",
  "wait_agent",
  "close_agent",
]);

/** Tracks what has started and not ended. */
export class LifecycleCheck {
  readonly #sink: FindingSink;
  readonly #lifecycles: Map<LifecycleSpace, Map<string, Lifecycle>> = new Map();
  readonly #agentCalls: Set<string> = new Set();
  /** How often each thread was resumed: a resumed thread has a new runtime, which reuses ids. */
  readonly #runtimes: Map<string, number> = new Map();

  /** Reports findings to `sink`. */
  constructor(sink: FindingSink) {
    this.#sink = sink;
  }

  /** Must be called for every event of a known type, in order. */
  observe(decoded: DecodedEvent): void {
    const { event, line } = decoded;
    const place: FindingPosition = {
      file: EVENT_LOG_FILE,
      line,
      seq: event.seq,
      event_type: event.payload.type,
    };
    if (
      event.payload.type === "tool_call_started" &&
      AGENT_TOOLS.has(event.payload.kind.type)
    ) this.#agentCalls.add(event.payload.tool_call_id);
    for (const step of stepsOf(decoded)) this.#apply(step, event, place);
  }

  /** Whether the start of a thread was recorded. */
  hasStartedThread(id: string): boolean {
    return this.#lifecycles.get("thread")?.get(id)?.started === true;
  }

  /** Must be called after the last event: reports what did not end. */
  finish(): void {
    for (const [space, lifecycles] of this.#lifecycles) {
      if (space === "rollout") continue;
      for (const lifecycle of lifecycles.values()) {
        if (lifecycle.open > 0) this.#reportOpen(lifecycle);
      }
    }
  }

  #apply(
    step: LifecycleStep,
    event: RawTraceEvent,
    place: FindingPosition,
  ): void {
    const { space, id, action } = step;
    const key = this.#keyOf(step, event);
    const known = this.#lifecycles.get(space)?.get(key);
    if (known !== undefined) return this.#applyToKnown(known, step, place);
    const ids = space === "rollout" ? {} : { [SPACES[space][1]]: id };
    const started = action === "start";
    const lifecycle = { space, ids, place, started, open: started ? 1 : 0 };
    let lifecycles = this.#lifecycles.get(space);
    if (lifecycles === undefined) {
      this.#lifecycles.set(space, lifecycles = new Map());
    }
    lifecycles.set(key, lifecycle);
    if (!started) this.#reportUnknown(ids, step, place);
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

  #applyToKnown(
    lifecycle: Lifecycle,
    step: LifecycleStep,
    place: FindingPosition,
  ): void {
    switch (step.action) {
      case "use":
        return;
      case "resume":
        lifecycle.open = 1;
        return;
      case "start":
        return this.#applyStart(lifecycle, step, place);
      case "end":
        if (lifecycle.open > 0) lifecycle.open--;
        else if (lifecycle.started) {
          this.#reportSecondEnd(lifecycle, step, place);
        } else this.#reportUnknown(lifecycle.ids, step, place);
    }
  }

  #applyStart(
    lifecycle: Lifecycle,
    step: LifecycleStep,
    place: FindingPosition,
  ): void {
    // A tool call may run several things, each with a start and an end.
    if (lifecycle.started && lifecycle.space !== "tool_call_runtime") {
      return this.#reportSecondStart(lifecycle, step, place);
    }
    lifecycle.started = true;
    lifecycle.place = place;
    lifecycle.open++;
  }

  #reportUnknown(
    ids: Readonly<Record<string, string>>,
    step: LifecycleStep,
    place: FindingPosition,
  ): void {
    const { space } = step;
    if (this.#isAgentRun(step)) return;
    const isEnd = step.action === "end";
    this.#sink({
      code: isEnd ? "end_without_start" : SPACES[space][2],
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

  #reportSecondStart(
    lifecycle: Lifecycle,
    step: LifecycleStep,
    place: FindingPosition,
  ): void {
    this.#sink({
      code: "duplicate_start",
      severity: "warning",
      ...place,
      ids: lifecycle.ids,
      message: `${
        nameOf(lifecycle.space, step.id)
      } was started before, at line ${lifecycle.place.line ?? 0}`,
    });
  }

  #reportSecondEnd(
    lifecycle: Lifecycle,
    step: LifecycleStep,
    place: FindingPosition,
  ): void {
    if (this.#isAgentRun(step)) return;
    this.#sink({
      code: "ended_twice",
      severity: "warning",
      ...place,
      ids: lifecycle.ids,
      message: `${nameOf(lifecycle.space, step.id)} has ended before`,
    });
  }

  #reportOpen({ space, ids, place }: Lifecycle): void {
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
  const [name] = SPACES[space];
  return space === "rollout" ? name : `${name} ${quote(id)}`;
}

/** The steps in the event's payload, then uses of the thread and turn of its envelope. */
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
