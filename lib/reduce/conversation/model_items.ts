/**
 * Elements of a payload → normalised items.
 *
 * @module
 */

import { describePayload, quote, ReplayError } from "../../errors.ts";
import type {
  PayloadDocument,
  RawElement,
  RawPayloadRef,
} from "../../format/payload.ts";
import type { NormalizedItem } from "./item_record.ts";
import { normalizeItem } from "./normalize.ts";
import { PartMarkers } from "./part_markers.ts";
import type { ReducerState } from "../state.ts";

/** Normalises the elements of one payload. */
export class ItemReader {
  readonly #state: ReducerState;
  readonly #rawPayloadId: string;
  readonly #markers: PartMarkers;

  /** Reads elements of the payload `ref`. */
  constructor(state: ReducerState, ref: RawPayloadRef) {
    this.#state = state;
    this.#rawPayloadId = ref.raw_payload_id;
    this.#markers = new PartMarkers(ref);
  }

  /** The missing parts of the payload, as {@linkcode PartMarkers.key}. */
  get missingParts(): string {
    return this.#markers.key;
  }

  /** Whether any element so far has what may be the marker of a missing part. */
  get looksMarked(): boolean {
    return this.#markers.seen;
  }

  /** Normalises one element; `null` when it is no part of the conversation. */
  read(element: RawElement): NormalizedItem | null {
    return this.#normalize(element, false);
  }

  /** Normalises the item of a receipt; `null` when it is no part of the conversation. */
  readReceipt(element: RawElement): NormalizedItem | null {
    return this.#normalize(element, true);
  }

  #normalize(element: RawElement, isReceipt: boolean): NormalizedItem | null {
    const { classes, rules } = this.#state;
    const item = normalizeItem(
      element,
      this.#rawPayloadId,
      rules,
      this.#markers,
      isReceipt,
    );
    return item === null ? null : classes.classify(item);
  }

  /** Normalises every element that is part of the conversation. */
  readAll(elements: readonly RawElement[]): NormalizedItem[] {
    return elements.map((element) => this.read(element))
      .filter((item) => item !== null);
  }
}

/**
 * The normalised items of a list that a payload must have.
 *
 * @throws {ReplayError} If it has none, or one of the items is not supported.
 */
export function requiredItems(
  state: ReducerState,
  document: PayloadDocument,
  key: string,
  ref: RawPayloadRef,
): NormalizedItem[] {
  const elements = document.elements(key);
  if (elements === undefined) throw missingList(key, ref);
  return new ItemReader(state, ref).readAll(elements);
}

/** A payload lacks a list that its kind must have. */
export function missingList(key: string, ref: RawPayloadRef): ReplayError {
  return new ReplayError(
    "malformed_payload",
    `payload ${describePayload(ref)} has no list ${quote(key)}`,
    { raw_payload_id: ref.raw_payload_id },
  );
}
