/**
 * The answer of `search`.
 *
 * @module
 */

import type { PayloadCapture } from "../../format/payload.ts";
import type { Integer, UnixMs } from "../../format/vocabulary.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";

/**
 * What is searched. `items`: conversation items. `arguments`: the names and arguments of tool calls.
 * `outputs`: the outputs of tools. `sources`: the code of code cells. `errors`: recorded errors,
 * warnings and reasons. `events`: other texts of the log, such as results of agents and names of
 * models. `payloads`: the evidence as recorded. A text may be in several of them.
 */
export type SearchScope =
  | "items"
  | "arguments"
  | "outputs"
  | "sources"
  | "errors"
  | "events"
  | "payloads";

/** Every place. */
export const SEARCH_SCOPES: readonly SearchScope[] = [
  "items",
  "arguments",
  "outputs",
  "sources",
  "errors",
  "events",
  "payloads",
];

/** Scopes that a `state.json` lacks: they are in the log and in payloads only. */
export const BUNDLE_SCOPES: ReadonlySet<SearchScope> = new Set([
  "errors",
  "events",
  "payloads",
]);

/** Where a text occurs. */
export interface SearchAnswer {
  /** What was searched for. */
  readonly pattern: SearchedPattern;
  /** Where; a `state.json` has neither the log nor payloads. */
  readonly scopes: readonly SearchScope[];
  /** The one thread that was searched; null when all were. */
  readonly thread: ObjectRef | null;
  /** When the session began. */
  readonly started_at_unix_ms: UnixMs;
  /** How many hits there are, those that are not listed included. */
  readonly hit_count: number;
  /** Whether there are more: after half a million, only the first of an object are counted. */
  readonly has_more_hits: boolean;
  /** What holds them, in the order in which it first appeared. */
  readonly objects: readonly ObjectHit[];
  /** Payloads that could not be read completely, so that they may have more hits. */
  readonly unreadable_payloads: readonly UnreadablePayload[];
}

/** What was searched for. */
export interface SearchedPattern {
  /** A text, or a regular expression. */
  readonly type: "text" | "regex";
  /** As it was given. */
  readonly text: string;
  /** Whether upper and lower case differ. */
  readonly case_sensitive: boolean;
}

/** An object that holds the text. */
export interface ObjectHit {
  /** Its name. */
  readonly object: ObjectRef;
  /** The narrowest place it belongs to. */
  readonly scope: SearchScope;
  /** What it is, in a few words, such as `user message` or `tool_result`. */
  readonly label: string;
  /** Thread it belongs to; null where none is recorded. */
  readonly thread: ObjectRef | null;
  /** Sequence number of the event with which it appeared; null where that is not known. */
  readonly seq: Integer | null;
  /** When it appeared; null where that is not known. */
  readonly at_unix_ms: UnixMs | null;
  /**
   * Milliseconds since the session began; null where that is not known, also after a jump of the
   * clock.
   */
  readonly since_start_ms: Integer | null;
  /** How many hits it has, those that are not listed included. */
  readonly hit_count: number;
  /** Whether it has more, which were not counted. */
  readonly has_more_hits: boolean;
  /** How many of them are copies of hits of other objects. */
  readonly copied_hit_count: number;
  /** The objects that have those. */
  readonly copy_of: readonly ObjectRef[];
  /** The first of its hits: those that are no copies are first. */
  readonly hits: readonly SearchHit[];
}

/** One occurrence of the text. */
export interface SearchHit {
  /** The field, such as `body.parts[0].text`; of a payload, the path to the value. */
  readonly field: string;
  /** Where the match begins in the field's text, in UTF-16 units from 0. */
  readonly offset: number;
  /** How long the match is, in UTF-16 units. */
  readonly length: number;
  /** The text before it, its end only. */
  readonly before: string;
  /** What matches, cut at 200 units. */
  readonly match: string;
  /** The text after it, its beginning only. */
  readonly after: string;
  /**
   * Of a hit in a payload: the object that has the same text and was found for it; null
   * where there is none.
   */
  readonly copy_of: ObjectRef | null;
}

/** A payload that could not be searched. */
export interface UnreadablePayload {
  /** Its name. */
  readonly object: ObjectRef;
  /** Why it could not be read. */
  readonly reason: string;
  /** How much of it was recorded, when that is the reason; null when it could not be read. */
  readonly capture: PayloadCapture | null;
}
