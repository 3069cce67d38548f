/**
 * The reducer: builds the graph of a session from its manifest, events and payloads. It uses
 * neither a disk nor a clock, so the same bundle always has the same graph.
 *
 * @module
 */

import type { DecodedEvent } from "../format/event.ts";
import type { TraceBundleManifest } from "../format/manifest.ts";
import type { PayloadSource } from "../format/payload.ts";
import type { AgentThread, CodexTurn } from "../graph/session.ts";
import type { InferenceCall } from "../graph/runtime.ts";
import type { RolloutTrace } from "../graph/rollout_trace.ts";
import { edgesAtEnd } from "./agents/delivery.ts";
import { applyEvent } from "./handlers.ts";
import { FaultHandler, type ReduceOptions } from "./fault_handler.ts";
import type { ReduceRules } from "./rules.ts";
import { restoreLostStarts } from "./state/lost_starts.ts";
import { ReducerState } from "./state/reducer_state.ts";

/**
 * Returns the graph of a recorded session.
 *
 * @param manifest The bundle's manifest.
 * @param rules How the schema of the bundle is reduced.
 * @param events The events in the order of the log.
 * @param payloads Reads the payloads that events refer to.
 * @throws {ReplayError} If the evidence contradicts itself; it names the event.
 * @throws {PayloadError} If a required payload is missing or malformed, and no event needed it.
 *
 * A tolerant reduction throws neither.
 */
export function reduceTrace(
  manifest: TraceBundleManifest,
  rules: ReduceRules,
  events: Iterable<DecodedEvent>,
  payloads: PayloadSource,
  options: ReduceOptions = {},
): RolloutTrace {
  const reduction = new Reduction(manifest, rules, payloads, options);
  for (const decoded of events) reduction.add(decoded);
  return reduction.finish();
}

/** A reduction that takes the events of a session one by one. */
export class Reduction {
  readonly #state: ReducerState;
  readonly #payloads: PayloadSource;

  /** As {@linkcode reduceTrace}, without an event. */
  constructor(
    manifest: TraceBundleManifest,
    rules: ReduceRules,
    payloads: PayloadSource,
    options: ReduceOptions = {},
  ) {
    const faults = new FaultHandler(options);
    const state = new ReducerState(manifest, rules, payloads, faults);
    state.logHasGaps = options.logHasGaps ?? (() => false);
    state.lostEvents = options.lostEvents ?? (() => 0);
    state.edges.maxEdgePayloads = options.maxEdgePayloads ?? Infinity;
    this.#state = state;
    this.#payloads = payloads;
  }

  /**
   * Reduces the next event.
   *
   * @throws {ReplayError} If it contradicts the events before it, unless the reduction is tolerant.
   */
  add(decoded: DecodedEvent): void {
    reduceEvent(this.#state, decoded);
  }

  /**
   * Returns the graph of the events so far, as if none followed. Its objects belong to the
   * reduction: the next event may change them.
   *
   * @throws {ReplayError} If the end contradicts itself, unless the reduction is tolerant.
   */
  graph(): RolloutTrace {
    const { faults } = this.#state;
    // What is pending may be resolved by a later event, so it is reported at the end alone.
    return graphOf(this.#state, (...fault) => {
      if (!faults.isTolerant) faults.reject(...fault);
    });
  }

  /**
   * Returns the graph, after everything is checked that can be at the end alone. No event may
   * follow.
   *
   * @throws As {@linkcode reduceTrace}.
   */
  finish(): RolloutTrace {
    const state = this.#state;
    const { faults } = state;
    const graph = graphOf(state, (...fault) => faults.reject(...fault));
    if (state.rules.checksEveryPayload) {
      this.#payloads.verifyAll(
        state.recordingComplete,
        (fault) => faults.rejectPayload(fault),
      );
    }
    return graph;
  }
}

function reduceEvent(
  state: ReducerState,
  decoded: DecodedEvent,
): void {
  const { event, payloads, line } = decoded;
  const origin = { seq: event.seq, line, eventType: event.payload.type };
  let registered: Iterable<string> = [];
  let removeRestored: (() => void) | undefined;
  try {
    registered = state.rawPayloads.register(payloads);
    removeRestored = restoreLostStarts(state, decoded);
    applyEvent(state, decoded);
  } catch (error) {
    removeRestored?.();
    state.rawPayloads.markReplaceable(registered);
    state.faults.reject(error, origin, decoded.meaning.lost);
  }
}

/**
 * Returns the items, without turn ids that have no turn. A receipt names its turn, which is not
 * checked at once: if evidence before it was lost, the start of the turn may be lost too.
 */
function itemsOf(state: ReducerState): RolloutTrace["conversation_items"] {
  const dangling = [...state.itemsOfUnknownTurns].filter(({ item }) =>
    item.codex_turn_id !== null && !state.turns.has(item.codex_turn_id)
  );
  if (dangling.length === 0) return state.items;
  const items = new Map(state.items);
  for (const { item } of dangling) {
    items.set(item.item_id, { ...item, codex_turn_id: null });
  }
  return items;
}

function graphOf(
  state: ReducerState,
  onFault: (...fault: Parameters<FaultHandler["reject"]>) => void,
): RolloutTrace {
  return {
    schema_version: state.rules.schema,
    trace_id: state.traceId,
    rollout_id: state.rolloutId,
    started_at_unix_ms: state.startedAt,
    ended_at_unix_ms: state.endedAt,
    status: state.status,
    ...recordingOf(state),
    root_thread_id: state.rootThreadId,
    threads: threadsOf(state),
    codex_turns: new Map<string, CodexTurn>(
      Array.from(state.turns, ([id, record]) => [id, record.turn]),
    ),
    conversation_items: itemsOf(state),
    inference_calls: new Map<string, InferenceCall>(
      Array.from(state.inferences, ([id, record]) => [id, record.call]),
    ),
    code_cells: state.cells.graph,
    tool_calls: state.tools.graph,
    terminal_sessions: state.terminals.sessions,
    terminal_operations: state.terminals.operations,
    compactions: state.compactions,
    compaction_requests: state.compactionRequests,
    interaction_edges: edgesAtEnd(state, onFault),
    raw_payloads: state.rawPayloads.graph,
  };
}

/** Returns whether the recording was closed, under the key of the schema. */
function recordingOf(
  { rules, recordingComplete, rawPayloads }: ReducerState,
): Pick<RolloutTrace, "recording_complete" | "recording_status"> {
  switch (rules.recordingKey) {
    case null:
      return {};
    case "recording_complete":
      return { recording_complete: recordingComplete };
    case "recording_status":
      return {
        recording_status: !recordingComplete
          ? "unclosed"
          : rawPayloads.hasPartial
          ? "closed_with_partial_payloads"
          : "complete",
      };
  }
}

/** Returns the threads, each with the items that its model saw, in the order of the thread. */
function threadsOf(state: ReducerState): Map<string, AgentThread> {
  const threads = new Map<string, AgentThread>();
  for (const [id, { thread, items, isReordered }] of state.threads) {
    const ordered = isReordered
      ? items.toSorted((a, b) => a.position - b.position)
      : items;
    thread.conversation_item_ids = ordered
      .filter((record) => record.visible)
      .map((record) => record.item.item_id);
    threads.set(id, thread);
  }
  return threads;
}
