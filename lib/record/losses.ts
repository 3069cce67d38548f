/**
 * What the log lacks, and therefore must not be built upon.
 *
 * A reducer refuses an end without its start, or a turn of a thread it never met. When an event
 * could not be written, everything that needs it is withheld, and what depends on that in turn,
 * until the missing thing is written after all. Only our own losses count: an id that the host
 * never introduced is the host's word, and is written as said.
 *
 * @module
 */

import type {
  CodexTurnId,
  CompactionRequestId,
  InferenceCallId,
  RuntimeCellId,
  ThreadId,
  ToolCallId,
} from "../format/ids.ts";

/** Name of one thing that an event introduces and others need. Made by {@linkcode lossKey} alone. */
export type LossKey = string;

/** One name for each sort of thing, never equal across sorts. */
export const lossKey = {
  /** The start of a thread. */
  thread: (id: ThreadId): LossKey => join("thread", id),
  /** The end of a thread, without which it cannot be resumed. */
  threadEnd: (id: ThreadId): LossKey => join("thread_end", id),
  /** The start of a turn. */
  turn: (id: CodexTurnId): LossKey => join("turn", id),
  /** A request to a model. */
  inference: (id: InferenceCallId): LossKey => join("inference", id),
  /** An answer, to which a later request of the thread may add. */
  response: (thread: ThreadId, id: string): LossKey =>
    join("response", thread, id),
  /** The start of a tool call. */
  tool: (id: ToolCallId): LossKey => join("tool", id),
  /** What a tool call was asked to do. */
  invocation: (id: ToolCallId): LossKey => join("invocation", id),
  /** The start of one sort of runtime behind a tool call. */
  runtime: (id: ToolCallId, sort: string): LossKey => join("runtime", sort, id),
  /** The start of a code cell. */
  cell: (thread: ThreadId, id: RuntimeCellId): LossKey =>
    join("cell", thread, id),
  /** A request for a summary. */
  compactionRequest: (id: CompactionRequestId): LossKey =>
    join("compaction_request", id),
} as const;

function join(...parts: string[]): LossKey {
  return parts.join("\0");
}

/** The things a log lacks. It stays empty as long as nothing fails. */
export class Losses {
  readonly #lost = new Set<LossKey>();

  /** Whether any of `keys` is lacking. */
  lacks(keys: readonly LossKey[]): boolean {
    return this.#lost.size > 0 && keys.some((key) => this.#lost.has(key));
  }

  /** Notes that `keys` could not be written. */
  lose(keys: readonly LossKey[]): void {
    for (const key of keys) this.#lost.add(key);
  }

  /** Notes that `keys` are in the log now. */
  regain(keys: readonly LossKey[]): void {
    for (const key of keys) this.#lost.delete(key);
  }
}
