/**
 * A recording in memory, and what it holds.
 *
 * @module
 */

import { MemoryStore } from "../../../../lib/bundle/write/store.ts";
import type { RootTraceOptions } from "../../../../lib/record/root.ts";
import { ThreadTraceContext } from "../../../../lib/record/thread.ts";
import { NEWEST_SCHEMA } from "../../../../lib/schema/registry.ts";
import { deterministic, ROOT_METADATA } from "./scripted_host.ts";
import { isPayloadRef, StoredPayloads } from "../stored_payloads.ts";

/** A root session that is being recorded into memory. */
export interface Recording {
  /** The root thread. */
  readonly thread: ThreadTraceContext;
  /** Where it is recorded. */
  readonly store: MemoryStore;
  /** Errors that were reported to the host. */
  readonly errors: Error[];
}

/**
 * Starts one, in the newest schema unless another one is asked for. It records all events: what
 * happens before them matters to few tests.
 */
export function startRecording(
  schemaVersion: number = NEWEST_SCHEMA.version,
  options: RootTraceOptions = {},
): Recording {
  const store = new MemoryStore();
  const errors: Error[] = [];
  const thread = ThreadTraceContext.startRoot(store, ROOT_METADATA, {
    ...deterministic(),
    schemaVersion,
    events: "all",
    onError: (error) => errors.push(error),
    ...options,
  });
  return { thread, store, errors };
}

/** One event of the log; payload references are replaced by what they point to. */
export interface LoggedEvent {
  /** Number of the event. */
  readonly seq: number;
  /** Thread of the envelope. */
  readonly thread: string | null;
  /** Turn of the envelope. */
  readonly turn: string | null;
  /** Its type. */
  readonly type: string;
  /** The event. */
  readonly event: Readonly<Record<string, unknown>>;
}

/** The log, without the two events that start the root. */
export function logOf(store: MemoryStore): LoggedEvent[] {
  return fullLogOf(store).slice(2);
}

/** The log. */
export function fullLogOf(store: MemoryStore): LoggedEvent[] {
  const payloads = new StoredPayloads((name) => store.bytes(name));
  const lines = (store.text("trace.jsonl") ?? "").split("\n");
  return lines.filter((line) => line !== "").map((line) => {
    const { seq, thread_id, codex_turn_id, payload } = JSON.parse(line);
    const event = Object.fromEntries(
      Object.entries(payload).map((
        [key, value],
      ) => [key, opened(payloads, value)]),
    );
    const type = String(event["type"]);
    return { seq, thread: thread_id, turn: codex_turn_id, type, event };
  });
}

/** Types of the events, without the two that start the root. */
export function typesOf(store: MemoryStore): string[] {
  return logOf(store).map((line) => line.type);
}

function opened(payloads: StoredPayloads, value: unknown): unknown {
  if (!isPayloadRef(value)) return value;
  return { kind: value.kind, body: JSON.parse(payloads.text(value)) };
}

/** The text of an object, by which the order of its keys can be compared. */
export function inOrder(value: unknown): string {
  return JSON.stringify(value);
}
