/**
 * Compares the output of a runtime with what its reader received of it.
 *
 * @module
 */

import type { PayloadCapture } from "../../../format/payload.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";

/** How the shown text relates to the output. */
export type Verdict =
  /** The same text. */
  | "identical"
  /** All of the text, with words of the program around it. */
  | "complete"
  /** All of the text, but for line ends and spaces at its end. */
  | "complete_ignoring_whitespace"
  /** Its beginning and its end, or one of them; the rest was left out. */
  | "truncated"
  /** All of it or its beginning, split over the outputs of several operations. */
  | "split"
  /** The chunk that one operation read of the output of a process that several operations read. */
  | "chunk"
  /** The output was not recorded: only the shown text is known. */
  | "not_recorded"
  /** Another text. */
  | "different"
  /** The output was empty. */
  | "empty"
  /** Nothing was shown. */
  | "not_shown"
  /** The shown text is unknown: it may be in a partially recorded request. */
  | "unknown"
  /** One of the two cannot be read. */
  | "incomparable";

/** One output, on both sides. */
export interface Comparison {
  /** The output of the runtime. */
  readonly runtime: OutputSide;
  /** What was shown. */
  readonly shown: OutputSide;
  /** Who it was shown to: the model, or the code cell whose code made the call. */
  readonly shown_to: "model" | "code_cell";
  /**
   * Whether a request carried any of it to the model: an output may be in the history and be
   * compacted away before. Null for a code cell, and where only requests that were not recorded
   * completely may have carried it.
   */
  readonly sent: boolean | null;
  /** How the two relate. */
  readonly verdict: Verdict;
  /** Of the runtime's output, the bytes at its beginning that were shown. */
  readonly head_bytes: number;
  /** Of the runtime's output, the bytes at its end that were shown. */
  readonly tail_bytes: number;
  /** Of the runtime's output, the bytes that were left out; null where that is unknown. */
  readonly omitted_bytes: number | null;
  /** Of what was shown, the bytes that are not of the runtime's output; null as above. */
  readonly added_bytes: number | null;
  /** Outputs that hold a chunk of it; 1, unless it is split over several. */
  readonly chunks: number;
  /** The chunk of it that one operation read; null but for the verdict `chunk`. */
  readonly chunk: Chunk | null;
  /** What was shown in place of what was left out, or its beginning. */
  readonly marker: string | null;
}

/** A chunk of an output. */
export interface Chunk {
  /** Where it begins. */
  readonly from_byte: number;
  /** How long it is; 0 where nothing of the output is found in what was shown. */
  readonly bytes: number;
}

/** One side of a comparison. */
export interface OutputSide {
  /** The objects it is in. */
  readonly in: readonly ObjectRef[];
  /** The keys of the values with it; null for the text of items. */
  readonly key: string | null;
  /** Its size; null where it cannot be read. */
  readonly bytes: number | null;
  /** Its beginning. */
  readonly excerpt: string | null;
  /** How much was kept of the payload that has it, when not all of it was: then it is unknown. */
  readonly capture: PayloadCapture | null;
}
