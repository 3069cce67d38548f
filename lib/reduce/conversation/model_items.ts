/**
 * Elements of a payload → normalised items.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type {
  PayloadDocument,
  RawElement,
  RawPayloadRef,
} from "../../format/payload.ts";
import type { NormalizedItem } from "./item_record.ts";
import { normalizeItem } from "./normalize.ts";
import type { ReducerState } from "../state.ts";

/** Normalises every element that is part of the conversation. */
export function normalizeAll(
  state: ReducerState,
  elements: readonly RawElement[],
  ref: RawPayloadRef,
): NormalizedItem[] {
  const items: NormalizedItem[] = [];
  for (const element of elements) {
    const item = normalizeOne(state, element, ref);
    if (item !== null) items.push(item);
  }
  return items;
}

/** Normalises one element; `null` when it is no part of the conversation. */
export function normalizeOne(
  state: ReducerState,
  element: RawElement,
  ref: RawPayloadRef,
): NormalizedItem | null {
  const item = normalizeItem(element, ref.raw_payload_id, state.rules);
  return item === null ? null : state.classes.classify(item);
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
  return normalizeAll(state, elements, ref);
}

/** A payload lacks a list that its kind must have. */
export function missingList(key: string, ref: RawPayloadRef): ReplayError {
  return new ReplayError(
    "malformed_payload",
    `payload ${quote(ref.raw_payload_id)} (${quote(ref.path)}) has no list ${
      quote(key)
    }`,
    { raw_payload_id: ref.raw_payload_id },
  );
}
