/**
 * Descriptions of events: how an event is written, and what it means
 * to the readers of the log.
 *
 * A new event is one description. The types are mapped over the fields of the event: a description
 * that lacks a field does not compile.
 *
 * @module
 */

import type { Field, Fields } from "../decode/decode.ts";
import type { RuntimeCellId, ThreadId } from "../ids.ts";
import type { RawPayloadKindName, RawPayloadRef } from "../payload.ts";

/** A space of ids that events use. */
export type SubjectSpace =
  | "thread"
  | "turn"
  | "inference_call"
  | "tool_call"
  /** A cell of a thread's code runtime: {@linkcode runtimeCellKey}. */
  | "runtime_cell"
  /** A code cell, by the call id under which the model knows it. */
  | "cell_call"
  | "compaction"
  | "compaction_request"
  | "edge"
  /** An item, by the id that the Responses API assigned. */
  | "responses_item"
  | "payload";

/** One id that an event is about. */
export interface EventSubject {
  /** The space the id belongs to. */
  readonly space: SubjectSpace;
  /** The id. */
  readonly id: string;
}

/** The id of a runtime cell: it is unique within its thread only. */
export function runtimeCellKey(
  thread: ThreadId | null,
  cell: RuntimeCellId,
): string {
  return JSON.stringify([thread, cell]);
}

export function runtimeCell(
  thread: ThreadId | null,
  cell: RuntimeCellId,
): EventSubject {
  return { space: "runtime_cell", id: runtimeCellKey(thread, cell) };
}

/** What runs for a while. Each space has ids of its own. */
export type LifecycleSpace =
  | "rollout"
  | "thread"
  | "codex_turn"
  | "inference_call"
  | "tool_call"
  | "tool_call_runtime"
  | "code_cell"
  | "compaction_request";

/** One step in the lifecycle of an object. */
export interface LifecycleStep {
  /** What it is. */
  readonly space: LifecycleSpace;
  /** Its id; empty for the rollout, of which a bundle has one. */
  readonly id: string;
  /** What happens to it. */
  readonly action: "start" | "end" | "resume" | "use";
}

export function starts(space: LifecycleSpace, id: string): LifecycleStep {
  return { space, id, action: "start" };
}

export function ends(space: LifecycleSpace, id: string): LifecycleStep {
  return { space, id, action: "end" };
}

/** It ended before and continues. */
export function resumes(space: LifecycleSpace, id: string): LifecycleStep {
  return { space, id, action: "resume" };
}

/** It is named by an event about something else. */
export function uses(space: LifecycleSpace, id: string): LifecycleStep {
  return { space, id, action: "use" };
}

/** The payload of any event, also of one that the unions of this program do not name. */
export interface EventShape {
  /** Name of the event. */
  readonly type: string;
}

/** Which phase of an object an event is evidence of. */
export type EventPhase =
  /** It starts the object. */
  | "start"
  /** It contains the result of the object, or ends it. */
  | "end"
  /** A compaction takes effect. */
  | "installed"
  /** The runtime behind a tool call starts, or resolves what the call works on. */
  | "runtime"
  /** The runtime behind a tool call reports its result. */
  | "output";

/** What a payload of an event may hold; `any` where the format leaves it open. */
export type AllowedPayloadKinds = readonly RawPayloadKindName[] | "any";

/** The keys of `P` that hold payload references. */
export type PayloadKey<P> = {
  [K in keyof P]-?: NonNullable<P[K]> extends
    RawPayloadRef | readonly RawPayloadRef[] ? K : never;
}[keyof P];

/** What an event means to the readers of the log, however it is written. */
export interface EventMeaning {
  /** Name of the event. */
  readonly type: string;
  /** What each of its payloads may hold, in the order of the disk. */
  readonly payloadKinds: Readonly<Record<string, AllowedPayloadKinds>>;
  /** Which phase of an object it is evidence of, if any. */
  readonly phase: EventPhase | undefined;
  /** What the graph lacks when the event is skipped. */
  readonly lost: string;
  /**
   * The ids that the event is about, the object that it happened to first. Payloads are omitted.
   *
   * @param thread The thread of the envelope.
   */
  subjects(event: EventShape, thread: ThreadId | null): readonly EventSubject[];
  /** What starts, ends, is resumed or used. What only the envelope names is omitted. */
  lifecycle(event: EventShape): readonly LifecycleStep[];
}

/** How an event is written, and what it means. */
export interface EventDescription extends EventMeaning {
  /** Its fields, in the order of the disk. */
  readonly fields: Readonly<Record<string, Field<unknown>>>;
}

/** How the event `P` is written, and what it means. */
export interface EventDescriptionOf<P extends EventShape>
  extends EventDescription {
  readonly type: P["type"];
  readonly fields: Fields<Omit<P, "type">>;
  readonly payloadKinds: {
    readonly [K in PayloadKey<P> & string]: AllowedPayloadKinds;
  };
  // Methods, whose parameters are compared both ways: a description of one event is one of any.
  subjects(event: P, thread: ThreadId | null): readonly EventSubject[];
  lifecycle(event: P): readonly LifecycleStep[];
}

/** Describes an event that {@linkcode RawTraceEventPayload} does not name. */
export function describeEvent<P extends EventShape>(
  type: P["type"],
  description: Omit<EventDescriptionOf<P>, "type">,
): EventDescriptionOf<P> {
  return { type, ...description };
}

/** Returns an empty list: for an event without subjects, or without lifecycle steps. */
export function none(): readonly never[] {
  return [];
}
