/**
 * Every point where the schemas reduce differently, as questions with one answer per schema.
 *
 * The reducer asks these questions and never for a version; the answers are part of the schemas
 * in `lib/schema/`.
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

/** Reduces an event that only one schema has; `state` is the reducer's own `ReducerState`. */
export type AddedHandler = {
  // A method, whose parameters are compared both ways: a handler may name the reducer's type.
  handle(state: object, payload: object, context: AddedEventContext): void;
}["handle"];

/** How the root of the graph shows whether the recording was closed. */
export type RecordingKey = "recording_complete" | "recording_status" | null;

/** The answers of one schema. */
export interface ReduceRules {
  /** Number that the graph carries. */
  readonly schema: number;
  /**
   * Whether items carry the id the Responses API gave them, and two items with different ids
   * are never the same. Schema 1 goes by content alone.
   */
  readonly responsesIds: boolean;
  /**
   * Whether a list without anything to show leaves a body without parts. Schema 1 puts a
   * payload reference there.
   */
  readonly emptyBodies: boolean;
  /**
   * Whether content that the graph does not hold is known by its hash, so that an image sent
   * again is the same image. Schema 1 knows it by its payload: each sighting is a new one.
   */
  readonly contentHashes: boolean;
  /**
   * Whether a request may take the item at the same index only if no earlier element of the
   * request took it. Schema 1 does not check.
   */
  readonly positionsAreExclusive: boolean;
  /**
   * Whether responses extend what came before by position, and a mismatch is an error
   * (schema 1), or are matched by their ids, and the snapshot only follows the current call.
   */
  readonly responsesArePositional: boolean;
  /**
   * Kinds of items with a call id that are known by their content where the reference goes by
   * the payload they are in, and then refuses to see them again. In schema 2 it lets outputs
   * change, so a second one is a second item there.
   */
  readonly identifiesByContent: ReadonlySet<ConversationItemKind>;
  /**
   * Whether response items stay out of a thread's list until they are accepted or sent.
   * Schema 1 lists every item at once.
   */
  readonly hidesUnacceptedOutput: boolean;
  /** Whether the runtime's start names the kind of the tool, and prevails. */
  readonly runtimeNamesKind: boolean;
  /**
   * Whether the items of a call are found in the order of their ids as texts, `:10` before
   * `:9`, or in the order of the thread.
   */
  readonly findsItemsByIdText: boolean;
  /** Whether a call of `exec` names the code cell it started. */
  readonly linksExecToCell: boolean;
  /** Whether every referenced payload must exist and be valid, used or not. */
  readonly checksEveryPayload: boolean;
  /** Whether the log holds receipts of tool outputs, which order the items of a thread. */
  readonly acceptsToolOutputs: boolean;
  /** Whether a request comes with the prompt that was prepared for it. */
  readonly preparesPrompts: boolean;
  /** Whether an id of a payload may be used for one reference only. Schemas 1 and 2: the last counts. */
  readonly refsAreUnique: boolean;
  /**
   * Whether an event links a `wait` call to its cell. Before schema 3 its invocation did, which
   * therefore is read for every tool.
   */
  readonly resolvesWaits: boolean;
  /** Whether events of code cells must name their thread. Before schema 3 a turn is enough. */
  readonly cellsNameThread: boolean;
  /** Whether an assistant's message whose text is JSON may deliver an agent's message. */
  readonly textDeliveries: boolean;
  /** Whether an agent message may have an id of any type; one that is no string counts as none. */
  readonly anyMessageId: boolean;
  /** Types of Responses items that are no part of the conversation. */
  readonly skippedItems: ReadonlySet<string>;
  /** Which key of the root shows whether the recording was closed. */
  readonly recordingKey: RecordingKey;
  /** Handlers of events that no other schema has, by type. */
  readonly addedHandlers: Readonly<Record<string, AddedHandler>>;
}
