/**
 * Events before they are written: their payloads are not written yet, and it is known which objects
 * the event requires in the log and which it provides.
 *
 * A reducer refuses an end without its start, or a turn of an unknown thread. If an event cannot be
 * written, all events that require it are withheld, and those that require these in turn, until the
 * missing object is written after all. Only objects that the recorder failed to write count: ids that
 * the host never introduced are written as they are.
 *
 * @module
 */

import type {
  EventOf,
  EventType,
  RawTraceEventPayload,
} from "../format/event.ts";
import type {
  CodexTurnId,
  CompactionRequestId,
  InferenceCallId,
  RuntimeCellId,
  ThreadId,
  ToolCallId,
} from "../format/ids.ts";
import type { RawPayloadKindName, RawPayloadRef } from "../format/payload.ts";
import type { PayloadDraft } from "../bundle/write/payload_draft.ts";
import { HashedTexts } from "./evidence/hashed_texts.ts";
import type { EventContext } from "./trace_writer.ts";

/** Key of an object that one event provides and others require, made by {@linkcode dependencyKey}. */
export type DependencyKey = string;

/** Makes the keys: those of different kinds of objects are never equal. */
export const dependencyKey = {
  /** The start of a thread. */
  thread: (id: ThreadId): DependencyKey => join("thread", id),
  /** The end of a thread, without which it cannot be resumed. */
  threadEnd: (id: ThreadId): DependencyKey => join("thread_end", id),
  /** The start of a turn. */
  turn: (id: CodexTurnId): DependencyKey => join("turn", id),
  /** An LLM request. */
  inference: (id: InferenceCallId): DependencyKey => join("inference", id),
  /** A response, to which a later request of the thread may add. */
  response: (thread: ThreadId, id: string): DependencyKey =>
    join("response", thread, id),
  /** The start of a tool call. */
  tool: (id: ToolCallId): DependencyKey => join("tool", id),
  invocation: (id: ToolCallId): DependencyKey => join("invocation", id),
  /** The start of one kind of runtime of a tool call. */
  runtime: (id: ToolCallId, sort: string): DependencyKey =>
    join("runtime", sort, id),
  /** The start of a code cell. */
  cell: (thread: ThreadId, id: RuntimeCellId): DependencyKey =>
    join("cell", thread, id),
  compactionRequest: (id: CompactionRequestId): DependencyKey =>
    join("compaction_request", id),
} as const;

function join(...parts: string[]): DependencyKey {
  return parts.join("\0");
}

/** Objects that the log lacks because they were not recorded. */
export class MissingDependencies {
  readonly #keys = new Set<DependencyKey>();
  /** Those of them that readers would take, and that could not be written. */
  readonly #unwritten = new Set<DependencyKey>();
  readonly #recorded = new HashedTexts();

  /** Whether any of `keys` is missing. */
  hasAny(keys: readonly DependencyKey[]): boolean {
    return this.#keys.size > 0 && keys.some((key) => this.#keys.has(key));
  }

  /** Whether `keys` are missing because an event that readers take could not be written. */
  areUnwritten(keys: readonly DependencyKey[]): boolean {
    return keys.length > 0 && keys.every((key) => this.#unwritten.has(key));
  }

  /** Records that `keys` are missing. */
  add(keys: readonly DependencyKey[]): void {
    for (const key of keys) this.#keys.add(key);
  }

  /** Records that an event is left out that starts `keys`, unless another one has started them. */
  addNew(keys: readonly DependencyKey[]): void {
    this.add(keys.filter((key) => !this.#recorded.has(key)));
  }

  /** Records that `keys` could not be written. */
  addUnwritten(keys: readonly DependencyKey[]): void {
    this.add(keys);
    for (const key of keys) this.#unwritten.add(key);
  }

  /** Records that `keys` are in the log now. */
  remove(keys: readonly DependencyKey[]): void {
    for (const key of keys) {
      this.#keys.delete(key);
      this.#unwritten.delete(key);
      this.#recorded.set(key, 1);
    }
  }
}

/** A payload that is not written yet. */
export class PendingPayload<Required extends boolean = boolean> {
  /** What it holds. */
  readonly kind: RawPayloadKindName;
  /** Makes its content; called when it is written. */
  readonly content: () => unknown;
  /** Whether the event is not written without it. */
  readonly required: Required;
  /** What the payload provides to other events. */
  readonly provides: readonly DependencyKey[];

  /** Made by {@linkcode requiredPayload} and {@linkcode optionalPayload}. */
  constructor(
    kind: RawPayloadKindName,
    content: () => unknown,
    required: Required,
    provides: readonly DependencyKey[] = [],
  ) {
    this.kind = kind;
    this.content = content;
    this.required = required;
    this.provides = provides;
  }
}

/** A payload without which its event is not written. */
export function requiredPayload(
  kind: RawPayloadKindName,
  content: () => unknown,
): PendingPayload<true> {
  return new PendingPayload(kind, content, true);
}

/** A payload without which its event is written with null. */
export function optionalPayload(
  kind: RawPayloadKindName,
  content: () => unknown,
  provides: readonly DependencyKey[] = [],
): PendingPayload<false> {
  return new PendingPayload(kind, content, false, provides);
}

type PendingValue<T> = RawPayloadRef extends T
  ? null extends T ? PendingPayload | null : PendingPayload<true>
  : T;

/** Types of the events that are recorded; `other` has no reducer. */
export type RecordedType = Exclude<EventType, "other">;

/** An event whose payload references are still {@linkcode PendingPayload}s. */
export type PendingEventBody<K extends RecordedType = RecordedType> = K extends
  RecordedType ? { [F in keyof EventOf<K>]: PendingValue<EventOf<K>[F]> }
  : never;

/** An event, its envelope, and its dependencies. */
export interface PendingEvent {
  /** Thread and turn of the envelope. */
  readonly context: EventContext;
  readonly event: PendingEventBody;
  /** The event is withheld if any of these is missing. */
  readonly requires: readonly DependencyKey[];
  /** Missing when the event is not written. */
  readonly provides: readonly DependencyKey[];
  /** Whether its payload must describe a command. */
  readonly isOfCommand?: boolean;
}

/** A payload of an event, which becomes text and then a reference. */
export interface EventPayload {
  /** Its key in the event. */
  readonly key: string;
  /** What the host reported. */
  readonly pending: PendingPayload;
  /** Its text; null before it is read, and when it is left out. */
  draft: PayloadDraft | null;
  /** The reference to it; null before it is written, and when it is left out. */
  ref: RawPayloadRef | null;
}

/** The payloads of an event in the order of the event; none is read. */
export function payloadsOf(event: PendingEventBody): EventPayload[] {
  const payloads: EventPayload[] = [];
  for (const [key, value] of Object.entries(event)) {
    if (!(value instanceof PendingPayload)) continue;
    payloads.push({ key, pending: value, draft: null, ref: null });
  }
  return payloads;
}

/** Returns an event with a reference for each of its payloads. */
export function withReferences(
  event: PendingEventBody | RawTraceEventPayload,
  payloads: readonly EventPayload[],
  reference: (payload: EventPayload) => RawPayloadRef | null,
): RawTraceEventPayload {
  const copy = { ...event };
  for (const payload of payloads) {
    Object.assign(copy, { [payload.key]: reference(payload) });
  }
  // `PendingEventBody` replaced the type of each field, and this restores it.
  return copy as RawTraceEventPayload;
}
