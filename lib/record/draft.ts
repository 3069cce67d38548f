/**
 * Events before they are written: their payloads are not written yet, and it is known what the
 * event needs in the log and what it adds to it.
 *
 * @module
 */

import type {
  EventOf,
  EventType,
  RawTraceEventPayload,
} from "../format/event.ts";
import type { RawPayloadKindName, RawPayloadRef } from "../format/payload.ts";
import type { LossKey } from "./losses.ts";
import type { EventContext } from "./trace_writer.ts";

/** A payload that is still to be written. */
export class PayloadDraft<Required extends boolean = boolean> {
  /** What it holds. */
  readonly kind: RawPayloadKindName;
  /** Makes its content; called when it is written. */
  readonly content: () => unknown;
  /** Whether the event is not written without it. */
  readonly required: Required;
  /** What others may need of the payload itself. */
  readonly gives: readonly LossKey[];

  /** Made by {@linkcode requiredPayload} and {@linkcode optionalPayload}. */
  constructor(
    kind: RawPayloadKindName,
    content: () => unknown,
    required: Required,
    gives: readonly LossKey[] = [],
  ) {
    this.kind = kind;
    this.content = content;
    this.required = required;
    this.gives = gives;
  }
}

/** A payload without which its event is not written. */
export function requiredPayload(
  kind: RawPayloadKindName,
  content: () => unknown,
): PayloadDraft<true> {
  return new PayloadDraft(kind, content, true);
}

/** A payload without which its event is written with null. */
export function optionalPayload(
  kind: RawPayloadKindName,
  content: () => unknown,
  gives: readonly LossKey[] = [],
): PayloadDraft<false> {
  return new PayloadDraft(kind, content, false, gives);
}

type DraftValue<T> = RawPayloadRef extends T
  ? null extends T ? PayloadDraft | null : PayloadDraft<true>
  : T;

/** Types of the events that are recorded; `other` has no reducer. */
export type RecordedType = Exclude<EventType, "other">;

/** An event whose payload references are still {@linkcode PayloadDraft}s. */
export type DraftEvent<K extends RecordedType = RecordedType> = K extends
  RecordedType ? { [F in keyof EventOf<K>]: DraftValue<EventOf<K>[F]> }
  : never;

/** An event, its envelope, and its place among the others. */
export interface Draft {
  /** Thread and turn of the envelope. */
  readonly context: EventContext;
  /** The event. */
  readonly event: DraftEvent;
  /** What must not be lost, or the event is withheld. */
  readonly needs: readonly LossKey[];
  /** What is lost when the event is not written. */
  readonly gives: readonly LossKey[];
}

/** The event with its payloads written by `write`, in the order of its keys. */
export function settleDraft(
  event: DraftEvent,
  write: (payload: PayloadDraft) => RawPayloadRef | null,
): RawTraceEventPayload {
  const entries = Object.entries(event).map(([key, value]) =>
    [key, value instanceof PayloadDraft ? write(value) : value] as const
  );
  // `DraftEvent` replaced the type of each field, and this restores it.
  return Object.fromEntries(entries) as RawTraceEventPayload;
}
