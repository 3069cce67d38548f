/**
 * Every point where schema 1 and schema 2 decide differently, side by side.
 *
 * The reducer asks these questions and nothing else about the schema. A third schema is a third
 * answer to each.
 *
 * @module
 */

import type { SchemaVersion } from "../format/manifest.ts";
import type { ConversationItemKind } from "../graph/conversation.ts";

/** The answers of one schema. */
export interface Rules {
  readonly schema: SchemaVersion;
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
   * request took it. Schema 1 does not look.
   */
  readonly positionsAreExclusive: boolean;
  /**
   * Whether responses extend what came before by position, and a mismatch is an error
   * (schema 1), or are matched by their ids, and the snapshot only follows the current call.
   */
  readonly responsesArePositional: boolean;
  /**
   * Kinds of items with a call id that are known by what they say where the reference goes by
   * the payload they stand in, and then refuses to see them again. In schema 2 it lets outputs
   * change, so a second one is a second item there.
   */
  readonly identifiesByContent: ReadonlySet<ConversationItemKind>;
  /**
   * Whether response items stay out of a thread's list until they are accepted or sent.
   * Schema 1 lists every item at once.
   */
  readonly hidesUnacceptedOutput: boolean;
  /** Whether the runtime's start says anew what kind of tool it is, and prevails. */
  readonly runtimeNamesKind: boolean;
  /**
   * Whether the items of a call are found in the order of their ids as texts, `:10` before
   * `:9`, or in order of creation.
   */
  readonly findsItemsByIdText: boolean;
  /** Whether a call of `exec` names the code cell it started. */
  readonly linksExecToCell: boolean;
  /** Whether every referenced payload must exist and be JSON, used or not. */
  readonly checksEveryPayload: boolean;
}

const CALL_KINDS: readonly ConversationItemKind[] = [
  "function_call",
  "custom_tool_call",
];
const OUTPUT_KINDS: readonly ConversationItemKind[] = [
  "function_call_output",
  "custom_tool_call_output",
];

/** Codex up to 0.164: history is guessed from what requests show. */
const SCHEMA_1: Rules = {
  schema: 1,
  responsesIds: false,
  emptyBodies: false,
  contentHashes: false,
  positionsAreExclusive: false,
  responsesArePositional: true,
  identifiesByContent: new Set([...CALL_KINDS, ...OUTPUT_KINDS]),
  hidesUnacceptedOutput: false,
  runtimeNamesKind: false,
  findsItemsByIdText: true,
  linksExecToCell: false,
  checksEveryPayload: false,
};

/** Codex from 0.165: the recorder says what was accepted into history. */
const SCHEMA_2: Rules = {
  schema: 2,
  responsesIds: true,
  emptyBodies: true,
  contentHashes: true,
  positionsAreExclusive: true,
  responsesArePositional: false,
  identifiesByContent: new Set(CALL_KINDS),
  hidesUnacceptedOutput: true,
  runtimeNamesKind: true,
  findsItemsByIdText: false,
  linksExecToCell: true,
  checksEveryPayload: true,
};

/** The rules of a schema. */
export function rulesOf(schema: SchemaVersion): Rules {
  switch (schema) {
    case 1:
      return SCHEMA_1;
    case 2:
      return SCHEMA_2;
  }
}
