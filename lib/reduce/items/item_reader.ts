/**
 * Reads the elements of a payload as normalized items.
 *
 * @module
 */

import { describePayload, quote, ReplayError } from "../../errors.ts";
import type {
  PayloadDocument,
  RawElement,
  RawPayloadRef,
} from "../../format/payload.ts";
import type { ContentClasses, NormalizedItem } from "./content_class.ts";
import { normalizeItem } from "./normalize_item.ts";
import { PartMarkers } from "./part_markers.ts";
import type { ReduceRules } from "../rules.ts";

/** What elements are normalized with. */
export interface ItemReaderContext {
  readonly classes: ContentClasses;
  readonly rules: ReduceRules;
}

/** Normalizes the elements of one payload. */
export class ItemReader {
  readonly #context: ItemReaderContext;
  readonly #rawPayloadId: string;
  readonly #markers: PartMarkers;

  /** Reads elements of the payload `ref`. */
  constructor(context: ItemReaderContext, ref: RawPayloadRef) {
    this.#context = context;
    this.#rawPayloadId = ref.raw_payload_id;
    this.#markers = new PartMarkers(ref);
  }

  /** Missing parts of the payload, as {@linkcode PartMarkers.key}. */
  get missingParts(): string {
    return this.#markers.key;
  }

  /** Whether any element so far has a value that may be the marker of a missing part. */
  get mayHaveMarkers(): boolean {
    return this.#markers.seen;
  }

  /** Returns the item of an element; `null` when it is not part of the conversation. */
  read(element: RawElement): NormalizedItem | null {
    return this.#normalize(element, false);
  }

  /** Returns the item of a receipt; `null` when it is not part of the conversation. */
  readReceipt(element: RawElement): NormalizedItem | null {
    return this.#normalize(element, true);
  }

  #normalize(element: RawElement, isReceipt: boolean): NormalizedItem | null {
    const { classes, rules } = this.#context;
    const item = normalizeItem(
      element,
      this.#rawPayloadId,
      rules,
      this.#markers,
      isReceipt,
    );
    return item === null ? null : classes.classify(item);
  }

  /** Returns the items of all elements that are part of the conversation. */
  readAll(elements: readonly RawElement[]): NormalizedItem[] {
    return elements.map((element) => this.read(element))
      .filter((item) => item !== null);
  }
}

/**
 * Returns the items of a list that a payload must have.
 *
 * @throws {ReplayError} If the list is missing, or one of its items is not supported.
 */
export function requiredItems(
  context: ItemReaderContext,
  document: PayloadDocument,
  key: string,
  ref: RawPayloadRef,
): NormalizedItem[] {
  const elements = document.elements(key);
  if (elements === undefined) throw missingList(key, ref);
  return new ItemReader(context, ref).readAll(elements);
}

/** Returns the error for a payload without a required list. */
export function missingList(key: string, ref: RawPayloadRef): ReplayError {
  return new ReplayError(
    "malformed_payload",
    `payload ${describePayload(ref)} has no list ${quote(key)}`,
    { raw_payload_id: ref.raw_payload_id },
  );
}
