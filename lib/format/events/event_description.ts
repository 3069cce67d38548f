/**
 * What the program knows about one event of the log: how it is written, what it is about, and
 * what it means to the readers of the log.
 *
 * Everything about an event is in one description, so that a new event is one place to write.
 * The types are mapped over the fields of the event: a description that lacks one does not
 * compile.
 *
 * @module
 */

import type { Field, Fields } from "../decode/decode.ts";
import type { ThreadId } from "../ids.ts";
import type { RawPayloadKindName, RawPayloadRef } from "../payload.ts";
import type { EventSubject } from "./event_subject.ts";
import type { LifecycleStep } from "./lifecycle.ts";

/** The payload of any event, also of one that the unions of this program do not name. */
export interface EventShape {
  /** Name of the event. */
  readonly type: string;
}

/** Which part of an object's life an event is evidence of. */
export type EventPhase =
  /** It starts the object. */
  | "start"
  /** It brings the object's result, or ends it. */
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
  /** What part of an object's life it is evidence of, if of any. */
  readonly phase: EventPhase | undefined;
  /** What the graph lacks when the event is skipped. */
  readonly lost: string;
  /**
   * The ids that the event is about, the object that it happened to first. Payloads are left out.
   *
   * @param thread The thread of the envelope.
   */
  subjects(event: EventShape, thread: ThreadId | null): readonly EventSubject[];
  /** What starts, ends, is resumed or used. What only the envelope names is left out. */
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

/** Describes the event `P`, also one that {@linkcode RawTraceEventPayload} does not name. */
export function describeEvent<P extends EventShape>(
  type: P["type"],
  description: Omit<EventDescriptionOf<P>, "type">,
): EventDescriptionOf<P> {
  return { type, ...description };
}

/** Of an event that is about nothing, or starts, ends and uses nothing. */
export function none(): readonly never[] {
  return [];
}
