/**
 * Parses the parts of a request that the last full request does not have.
 *
 * The result `undefined`, or a `SyntaxError`, means that the request has an unusual form and must be
 * parsed completely.
 *
 * @module
 */

import type { ByteBuffer } from "../byte_buffer.ts";
import type { JsonReader } from "../json_reader.ts";
import type { PrefixComparer } from "./common_prefix.ts";
import {
  afterComma,
  JsonScanError,
  skipSpace,
  walkElements,
  walkMembers,
} from "../../format/json/json_bytes.ts";
import {
  type FreshElement,
  isJsonObject,
  type JsonValue,
  type RequestWindow,
} from "../../format/payload.ts";
import { RepeatedElements } from "./repeated_elements.ts";
import {
  countShared,
  type RequestLayout,
  type SharedRequest,
} from "./request_layout.ts";

const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

/** A request and its layout. */
export interface ParsedRequest {
  window: RequestWindow;
  layout: RequestLayout;
}

/**
 * Parses a request whose elements are all new: the members up to the first `input` that is an array,
 * then the rest. The members after `input` may still be shared with another request.
 */
export function parseFresh(
  loaded: ByteBuffer,
  json: JsonReader,
  against?: { last: SharedRequest; comparer: PrefixComparer },
): ParsedRequest | undefined {
  const input = findInput(loaded);
  if (input === undefined) return undefined;
  const head = json.parse(`${loaded.text(0, input.start)}]}`);
  // Fewer keys than members: a key is repeated, maybe `input` in another spelling.
  if (!isJsonObject(head) || Object.keys(head).length !== input.members) {
    return undefined;
  }
  const layout: RequestLayout = {
    inputStart: input.start,
    ends: [],
    tailStart: 0,
    memberEnds: [],
    tailSizes: [],
    hasPreviousResponseId: "previous_response_id" in head,
    headPreviousResponseId: head["previous_response_id"],
  };
  return parseRest(loaded, layout, 0, json, against);
}

/** Returns the offset after the brace that opens the payload. */
function topLevel(loaded: ByteBuffer): number {
  const open = skipSpace(loaded.bytes, 0);
  if (loaded.bytes[open] !== OPEN_BRACE) {
    throw new JsonScanError("the payload is not an object");
  }
  return open + 1;
}

/**
 * Finds the first member `input` whose value is an array. Returns the offset after its `[`, and the
 * number of members up to and including it.
 */
function findInput(
  loaded: ByteBuffer,
): { start: number; members: number } | undefined {
  const { bytes, length } = loaded;
  let start: number | undefined;
  let members = 0;
  walkMembers(
    bytes,
    topLevel(loaded),
    length,
    (keyStart, keyEnd, valueStart) => {
      members++;
      const isInput = keyEnd - keyStart === 7 &&
        loaded.text(keyStart, keyEnd) === '"input"';
      if (isInput && bytes[valueStart] === OPEN_BRACKET) start = valueStart + 1;
      return start === undefined;
    },
  );
  return start === undefined ? undefined : { start, members };
}

/** Parses what follows the bytes that a request shares with the last full one. */
export function parseAgainst(
  last: SharedRequest,
  loaded: ByteBuffer,
  json: JsonReader,
  comparer: PrefixComparer,
): ParsedRequest | undefined {
  const { layout } = last;
  const shared = countShared(layout.ends, last.common, loaded.bytes, 0);
  const next: RequestLayout = {
    ...layout,
    // A copy: the last request keeps its own if this one turns out to be incremental.
    ends: layout.ends.slice(0, shared),
    tailStart: 0,
    memberEnds: [],
    tailSizes: [],
  };
  return parseRest(loaded, next, shared, json, { last, comparer });
}

/** Parses the elements from index `shared`, and the members after `input`. */
function parseRest(
  loaded: ByteBuffer,
  layout: RequestLayout,
  shared: number,
  json: JsonReader,
  against?: { last: SharedRequest; comparer: PrefixComparer },
): ParsedRequest | undefined {
  const fresh = parseElements(loaded, layout, shared, json, against);
  if (fresh === undefined) return undefined;
  const tail = parseTail(loaded, layout, json, against);
  if (tail === undefined) return undefined;
  const previous = tail.previous === undefined
    ? layout.headPreviousResponseId
    : tail.previous;
  const previousResponseId = typeof previous === "string" ? previous : null;
  return {
    window: { input: "list", previousResponseId, shared, fresh },
    layout,
  };
}

/** Where an element is, and which one of the last request it repeats, if any. */
interface ElementPlace {
  readonly start: number;
  readonly end: number;
  readonly sameAs?: number;
}

function parseElements(
  loaded: ByteBuffer,
  layout: RequestLayout,
  shared: number,
  json: JsonReader,
  against: { last: SharedRequest; comparer: PrefixComparer } | undefined,
): FreshElement[] | undefined {
  const places = placeElements(loaded, layout, shared, json, against);
  const fresh: FreshElement[] = [];
  let parsed: ElementPlace[] = [];
  const parse = (): boolean => {
    const [first, last] = [parsed[0], parsed.at(-1)];
    if (first === undefined || last === undefined) return true;
    const values = json.parse(`[${loaded.text(first.start, last.end)}]`);
    if (!Array.isArray(values) || values.length !== parsed.length) return false;
    for (const [index, place] of parsed.entries()) {
      fresh.push(new LoadedElement(loaded, place, json, values[index]));
    }
    parsed = [];
    return true;
  };
  for (const place of places) {
    if (place.sameAs === undefined) parsed.push(place);
    else if (parse()) fresh.push(new LoadedElement(loaded, place, json));
    else return undefined;
  }
  return parse() ? fresh : undefined;
}

/** Finds the elements from index `shared` on, and adds their ends to the layout. */
function placeElements(
  loaded: ByteBuffer,
  layout: RequestLayout,
  shared: number,
  json: JsonReader,
  against: { last: SharedRequest; comparer: PrefixComparer } | undefined,
): ElementPlace[] {
  const { bytes, length } = loaded;
  const { ends, inputStart } = layout;
  const places: ElementPlace[] = [];
  const repeated = against &&
    new RepeatedElements(against.last, against.comparer, shared);
  let from = ends.at(-1) ?? inputStart;
  layout.tailStart = walkElements(
    bytes,
    from,
    length,
    shared > 0,
    2,
    (start, end) => {
      const run = repeated?.find(loaded, from, end);
      if (run === undefined) {
        places.push({ start, end });
        ends.push(from = end);
      } else {
        for (const [index, end] of run.ends.entries()) {
          const start = afterComma(bytes, skipSpace(bytes, from));
          places.push({ start, end, sameAs: run.first + index });
          ends.push(from = end);
        }
      }
      json.checkElements(places.length);
      return from;
    },
  );
  return places;
}

/** An element of a request, in the bytes that hold it. */
class LoadedElement implements FreshElement {
  readonly sameAs: number | undefined;
  readonly #buffer: ByteBuffer;
  readonly #place: ElementPlace;
  readonly #json: JsonReader;
  #value: JsonValue | undefined;

  /** Parses it when it is needed, unless its value is given. */
  constructor(
    buffer: ByteBuffer,
    place: ElementPlace,
    json: JsonReader,
    value?: JsonValue,
  ) {
    this.sameAs = place.sameAs;
    this.#buffer = buffer;
    this.#place = place;
    this.#json = json;
    this.#value = value;
  }

  get value(): JsonValue {
    return this.#value ??= this.#json.parse(this.source());
  }

  source(): string {
    return this.#buffer.text(this.#place.start, this.#place.end);
  }
}

/** Parses the members after `input`, without those that the last request has byte for byte. */
function parseTail(
  loaded: ByteBuffer,
  layout: RequestLayout,
  json: JsonReader,
  against: { last: SharedRequest; comparer: PrefixComparer } | undefined,
): { previous: JsonValue | undefined } | undefined {
  let sharedEnd = 0;
  if (against !== undefined && !against.last.layout.hasPreviousResponseId) {
    const { memberEnds } = against.last.layout;
    const common = commonTail(loaded, layout.tailStart, against);
    const members = countShared(
      memberEnds,
      common,
      loaded.bytes,
      layout.tailStart,
    );
    layout.memberEnds = memberEnds.slice(0, members);
    layout.tailSizes = against.last.layout.tailSizes.slice(0, members);
    sharedEnd = layout.memberEnds[members - 1] ?? 0;
  }
  const rest = loaded.text(layout.tailStart + sharedEnd);
  const wrapped = wrapTail(rest);
  if (wrapped === undefined) return undefined;
  const tail = json.parse(wrapped.text);
  if (!isJsonObject(tail) || "input" in tail) return undefined;
  if (wrapped.expectsMembers) addMemberEnds(loaded, layout, sharedEnd);
  if ("previous_response_id" in tail) layout.hasPreviousResponseId = true;
  return { previous: tail["previous_response_id"] };
}

/** Returns the number of common bytes after `input`. */
function commonTail(
  loaded: ByteBuffer,
  start: number,
  { last, comparer }: { last: SharedRequest; comparer: PrefixComparer },
): number {
  const { tail, tailOffset, layout: old } = last;
  // If the requests differ only after their lists, the comparison is already done.
  if (old.tailStart < tailOffset) return last.common - old.tailStart;
  const from = old.tailStart - tailOffset;
  const limit = Math.min(tail.length - from, loaded.length - start);
  return comparer.commonPrefix(tail, from, loaded, start, limit);
}

/** Returns members that follow others as an object. */
function wrapTail(
  rest: string,
): { text: string; expectsMembers: boolean } | undefined {
  const text = rest.trimStart();
  if (text.startsWith("}")) return { text: `{${text}`, expectsMembers: false };
  if (text.startsWith(",")) {
    return { text: `{${text.slice(1)}`, expectsMembers: true };
  }
  return undefined;
}

/** Stores where the members after `sharedEnd` end, for the next request. */
function addMemberEnds(
  loaded: ByteBuffer,
  layout: RequestLayout,
  sharedEnd: number,
): void {
  const { bytes, length } = loaded;
  const comma = skipSpace(bytes, layout.tailStart + sharedEnd);
  const before = layout.memberEnds.length;
  walkMembers(bytes, comma + 1, length, () => true, (end) => {
    layout.memberEnds.push(end - layout.tailStart);
  });
  if (layout.memberEnds.length === before) {
    throw new JsonScanError("a member must follow a comma");
  }
}
