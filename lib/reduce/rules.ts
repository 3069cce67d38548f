/**
 * Every point where the schemas reduce differently: one rule each, with a value per schema.
 *
 * The reducer reads these rules and never a version number. The values are part of the schemas in
 * `lib/schema/`.
 *
 * @module
 */

import type { ConversationItemKind } from "../graph/conversation.ts";
import type { Integer, UnixMs } from "../format/vocabulary.ts";

/** When an event was recorded, and in which thread and turn. */
export interface AddedEventContext {
  /** Sequence number of the event. */
  readonly seq: Integer;
  /** When it was recorded. */
  readonly at: UnixMs;
  /** Thread of the envelope. */
  readonly threadId: string | null;
  /** Turn of the envelope. */
  readonly turnId: string | null;
}

/** Reduces an event that only one schema has; `state` is the `ReducerState`. */
export type AddedHandler = {
  // A method, whose parameters are compared both ways: a handler may name the reducer's type.
  handle(state: object, payload: object, context: AddedEventContext): void;
}["handle"];

/** How the root of the graph shows whether the recording was closed. */
export type RecordingKey = "recording_complete" | "recording_status" | null;

/** The rules of one schema. */
export interface ReduceRules {
  /** Schema version that is written into the graph. */
  readonly schema: number;
  /**
   * Whether items have the id of the Responses API, and two items with different ids are never
   * the same. Schema 1 compares the content only.
   */
  readonly responsesIds: boolean;
  /**
   * Whether a list without readable content becomes a body without parts. Schema 1 adds a payload
   * reference instead.
   */
  readonly emptyBodies: boolean;
  /**
   * Whether content that the graph does not hold is known by its hash, so that an image sent
   * again is the same image. Schema 1 knows it by its payload: each observation is a new one.
   */
  readonly contentHashes: boolean;
  /**
   * Whether an element of a request matches the item at the same index only if no earlier element
   * of the request matched it. Schema 1 does not check this.
   */
  readonly positionsAreExclusive: boolean;
  /**
   * Whether responses extend the history by position, and a mismatch is an error (schema 1). If
   * not, they are matched by their ids, and only the current request extends the snapshot.
   */
  readonly responsesArePositional: boolean;
  /**
   * Kinds of items with a call id that are compared by their content although the reference
   * reducer compares their payloads, and fails when they are sent again. In schema 2 it accepts
   * changed outputs, so a second output is a second item there.
   */
  readonly identifiesByContent: ReadonlySet<ConversationItemKind>;
  /**
   * Whether response items stay out of a thread's list until they are accepted or sent.
   * Schema 1 lists every item at once.
   */
  readonly hidesUnacceptedOutput: boolean;
  /** Whether the start of the runtime names the kind of the tool, and overrides the dispatcher. */
  readonly runtimeNamesKind: boolean;
  /**
   * Whether the items of a call are ordered by their ids as strings (`:10` before `:9`). If not,
   * they have the order of the thread.
   */
  readonly findsItemsByIdText: boolean;
  /** Whether a call of `exec` names the code cell it started. */
  readonly linksExecToCell: boolean;
  /** Whether every referenced payload must exist and be valid, used or not. */
  readonly checksEveryPayload: boolean;
  /** Whether the log holds receipts of tool outputs, which order the items of a thread. */
  readonly acceptsToolOutputs: boolean;
  /** Whether a request has the prompt that was prepared for it. */
  readonly preparesPrompts: boolean;
  /** Whether a payload id has one reference only. In schemas 1 and 2 the last one is used. */
  readonly refsAreUnique: boolean;
  /**
   * Whether an event links a `wait` call to its cell. Before schema 3 the invocation does, so it
   * is read for every tool.
   */
  readonly resolvesWaits: boolean;
  /** Whether events of code cells must name their thread. Before schema 3 a turn is enough. */
  readonly cellsNameThread: boolean;
  /** Whether an assistant's message whose text is JSON may deliver an agent's message. */
  readonly textDeliveries: boolean;
  /** Whether an agent message may have an id of any type; one that is not a string is ignored. */
  readonly anyMessageId: boolean;
  /** Types of Responses items that are not part of the conversation. */
  readonly skippedItems: ReadonlySet<string>;
  /** Which key of the root shows whether the recording was closed. */
  readonly recordingKey: RecordingKey;
  /** Handlers of events that no other schema has, by type. */
  readonly addedHandlers: Readonly<Record<string, AddedHandler>>;
}
