/**
 * One link from an object to another, before it becomes a step.
 *
 * @module
 */

import type { EvidenceSource } from "../evidence/links/evidence.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { Relation } from "./relation.ts";
import type { Integer, UnixMs } from "../../format/vocabulary.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import type { ExecutionWindow } from "../../graph/session.ts";

/** A link. Its evidence is computed only when it becomes a step. */
export interface Link {
  readonly relation: Relation;
  /** Where to. */
  readonly to: ObjectRef;
  /** The events about it. */
  readonly evidence: () => readonly EvidenceSource[];
  /** Words to be put before what the object is. */
  readonly note?: string;
  /** Whether the chain ends here: what follows is elsewhere in the answer, or belongs to others. */
  readonly leaf?: boolean;
  /** Whether it is left out where its object is in the chain already. */
  readonly unlessSeen?: boolean;
  /** From where on what follows counts, where that is not the beginning of the object. */
  readonly since?: Moment;
  /** Whether its object may have started before the object in front, though it is downstream. */
  readonly beganBefore?: boolean;
  /** Whether it is a step only of the explained object, not further in a chain. */
  readonly nearOnly?: boolean;
}

/** A place in the log. */
export interface Moment {
  /** Number of the event; null where only the time is known. */
  readonly seq: Integer | null;
  /** Its time. */
  readonly at: UnixMs;
}

/** Kinds of objects that an end bounds as well as a start. */
type Executed =
  | "turn"
  | "inference_call"
  | "compaction_request"
  | "tool_call"
  | "terminal_operation";

/** When an object ran; undefined for one that the graph does not have. */
function executionOf(
  trace: RolloutTrace,
  kind: Executed,
  id: string,
): ExecutionWindow | undefined {
  switch (kind) {
    case "turn":
      return trace.codex_turns.get(id)?.execution;
    case "inference_call":
      return trace.inference_calls.get(id)?.execution;
    case "compaction_request":
      return trace.compaction_requests.get(id)?.execution;
    case "tool_call":
      return trace.tool_calls.get(id)?.execution;
    case "terminal_operation":
      return trace.terminal_operations.get(id)?.execution;
  }
}

/**
 * When an object started; null for what runs before and after it is reached: threads, cells
 * and processes, and for what no event begins.
 */
export function beginOf(
  trace: RolloutTrace,
  { kind, id }: Pick<ObjectRef, "kind" | "id">,
): Moment | null {
  switch (kind) {
    case "turn":
    case "inference_call":
    case "compaction_request":
    case "tool_call":
    case "terminal_operation":
      return startOf(executionOf(trace, kind, id));
    case "edge":
      return edgeStart(trace, id);
    case "compaction":
      return at(trace.compactions.get(id)?.installed_at_unix_ms);
    case "thread":
    case "item":
    case "code_cell":
    case "terminal_session":
    case "payload":
      return null;
  }
}

/** When an execution ended; null while it runs. */
export function endOf(window: ExecutionWindow | undefined): Moment | null {
  const { ended_seq: seq = null, ended_at_unix_ms: end = null } = window ?? {};
  return end === null ? null : { seq, at: end };
}

/** Whether something is known to have been before something else. */
export function isBefore(one: Moment, other: Moment): boolean {
  return one.seq !== null && other.seq !== null
    ? one.seq < other.seq
    : one.at < other.at;
}

/** The later of two; null is the beginning. */
export function later(one: Moment | null, other: Moment | null): Moment | null {
  if (one === null || other === null) return one ?? other;
  return isBefore(one, other) ? other : one;
}

function startOf(window: ExecutionWindow | undefined): Moment | null {
  return window === undefined
    ? null
    : { seq: window.started_seq, at: window.started_at_unix_ms };
}

/** When an edge started; the call at its source has the number of the event. */
function edgeStart(trace: RolloutTrace, id: string): Moment | null {
  const edge = trace.interaction_edges.get(id);
  if (edge === undefined) return null;
  const { source, started_at_unix_ms: at } = edge;
  const call = source.type === "tool_call"
    ? trace.tool_calls.get(source.tool_call_id)
    : undefined;
  return { seq: call?.execution.started_seq ?? null, at };
}

/**
 * The place in the log after which nothing is a cause of an object: the end of what runs for a
 * while. Null while it runs, for threads, and where the number of the event is not known.
 */
export function lastCauseOf(
  trace: RolloutTrace,
  { kind, id }: Pick<ObjectRef, "kind" | "id">,
): Moment | null {
  switch (kind) {
    case "turn":
    case "inference_call":
    case "compaction_request":
    case "tool_call":
    case "terminal_operation":
      return endOf(executionOf(trace, kind, id));
    case "edge":
      return edgeStart(trace, id);
    case "compaction":
    case "thread":
    case "item":
    case "code_cell":
    case "terminal_session":
    case "payload":
      return null;
  }
}

/** The earlier of two with a number; null is the end of the log. */
export function earlier(
  one: Moment | null,
  other: Moment | null,
): Moment | null {
  if (one === null || one.seq === null) return other;
  if (other === null || other.seq === null) return one;
  return isBefore(other, one) ? other : one;
}

function at(time: UnixMs | undefined): Moment | null {
  return time === undefined ? null : { seq: null, at: time };
}
