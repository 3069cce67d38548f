/**
 * What a runtime put out beside what its reader was shown of it.
 *
 * @module
 */

import type { PayloadCapture } from "../../../format/payload.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";

/** How what was shown relates to what was put out. */
export type Verdict =
  /** The same text. */
  | "identical"
  /** All of the text, with words of the program around it. */
  | "complete"
  /** All of the text, but for line ends and spaces at its end. */
  | "complete_ignoring_whitespace"
  /** Its beginning and its end, or one of them; the rest was left out. */
  | "truncated"
  /** All of it or its beginning, spread over the outputs of several operations. */
  | "split"
  /** What one operation brought of the output of a process that several operations read. */
  | "chunk"
  /** No runtime told what was put out: only what was shown is known. */
  | "not_recorded"
  /** Another text. */
  | "different"
  /** Nothing was put out. */
  | "empty"
  /** Nothing was shown. */
  | "not_shown"
  /** What was shown is unknown: it may be in a request that was not recorded whole. */
  | "unknown"
  /** One of the two cannot be read. */
  | "incomparable";

/** One output, on both sides. */
export interface Comparison {
  /** What the runtime put out. */
  readonly runtime: OutputSide;
  /** What was shown. */
  readonly shown: OutputSide;
  /** Who it was shown to: the model, or the code cell whose code made the call. */
  readonly shown_to: "model" | "code_cell";
  /**
   * Whether a request carried any of it to the model: an output may stand in the history and be
   * compacted away before. Null for a code cell, and where only requests that were not recorded
   * whole may have carried it.
   */
  readonly sent: boolean | null;
  /** How the two relate. */
  readonly verdict: Verdict;
  /** Of the runtime's output, the bytes at its beginning that were shown. */
  readonly head_bytes: number;
  /** Of the runtime's output, the bytes at its end that were shown. */
  readonly tail_bytes: number;
  /** Of the runtime's output, the bytes that were left out; null where that cannot be told. */
  readonly omitted_bytes: number | null;
  /** Of what was shown, the bytes that are not of the runtime's output; null as above. */
  readonly added_bytes: number | null;
  /** Outputs that hold a piece of it; 1, unless it is spread over several. */
  readonly chunks: number;
  /** Which piece of it one operation brought; null but for the verdict `piece`. */
  readonly chunk: Chunk | null;
  /** What was shown in place of what was left out, or its beginning. */
  readonly marker: string | null;
}

/** A piece of an output. */
export interface Chunk {
  /** Where it begins. */
  readonly from_byte: number;
  /** How long it is; 0 where nothing of the output is found in what was shown. */
  readonly bytes: number;
}

/** One side of a comparison. */
export interface OutputSide {
  /** Where it stands. */
  readonly in: readonly ObjectRef[];
  /** The keys under which it stands there; null for the text of items. */
  readonly key: string | null;
  /** Its size; null where it cannot be read. */
  readonly bytes: number | null;
  /** Its beginning. */
  readonly excerpt: string | null;
  /** How much was kept of the payload that has it, when not all of it was: then it is unknown. */
  readonly capture: PayloadCapture | null;
}
