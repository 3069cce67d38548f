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
  JsonScanError,
  skipSpace,
  walkElements,
  walkMembers,
} from "../../format/json/json_bytes.ts";
import {
  isJsonObject,
  type JsonValue,
  type RawElement,
  type RequestMember,
  type RequestWindow,
} from "../../format/payload.ts";

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
    ends: layout.ends.length === shared
      ? layout.ends
      : layout.ends.slice(0, shared),
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
  const fresh = parseElements(loaded, layout, shared, json);
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

function parseElements(
  loaded: ByteBuffer,
  layout: RequestLayout,
  shared: number,
  json: JsonReader,
): RawElement[] | undefined {
  const from = shared === 0
    ? layout.inputStart
    : layout.ends[shared - 1] ?? layout.inputStart;
  const starts: number[] = [];
  const { ends } = layout;
  layout.tailStart = walkElements(
    loaded.bytes,
    from,
    loaded.length,
    shared > 0,
    2,
    (start, end) => {
      json.checkElements(starts.push(start));
      ends.push(end);
    },
  );
  const first = starts[0];
  const last = ends[ends.length - 1];
  if (first === undefined || last === undefined) return [];
  const values = json.parse(`[${loaded.text(first, last)}]`);
  if (!Array.isArray(values) || values.length !== starts.length) {
    return undefined;
  }
  return values.map((value, index) =>
    new LoadedElement(
      value,
      loaded,
      starts[index] ?? 0,
      ends[shared + index] ?? 0,
    )
  );
}

/** An element of a request, read from the bytes that hold it. */
class LoadedElement implements RawElement {
  readonly value: JsonValue;
  readonly #buffer: ByteBuffer;
  readonly #start: number;
  readonly #end: number;

  constructor(
    value: JsonValue,
    buffer: ByteBuffer,
    start: number,
    end: number,
  ) {
    this.value = value;
    this.#buffer = buffer;
    this.#start = start;
    this.#end = end;
  }

  source(): string {
    return this.#buffer.text(this.#start, this.#end);
  }
}

const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;
const QUOTE = 0x22;

/** The positions of the parts of a request in its bytes. */
export interface RequestLayout {
  /** Offset after the `[` of `input`. */
  inputStart: number;
  /** Offset after each element of `input`. */
  ends: number[];
  /** Offset after the `]`. */
  tailStart: number;
  /** Offset after each member that follows `input`, relative to `tailStart`. */
  memberEnds: number[];
  /** Whether it has `previous_response_id`: then the tail is never shared. */
  hasPreviousResponseId: boolean;
  /** The value of `previous_response_id` before `input`, if any. */
  headPreviousResponseId: JsonValue | undefined;
  /** Sizes of the members before `input`, once they are measured. */
  headSizes?: readonly RequestMember[];
  /** Sizes of the first of `memberEnds`, as far as they are measured. */
  tailSizes: readonly RequestMember[];
}

/** The last full request, which a request is diffed against. */
export interface SharedRequest {
  layout: RequestLayout;
  /** Length of the common prefix in bytes. */
  common: number;
  /** The bytes of the last full request from `tailOffset` to its end. */
  tail: ByteBuffer;
  tailOffset: number;
}

/**
 * Returns how many values are shared when `common` bytes after `base` are: those that end within
 * them. A number that ends exactly at the end may continue differently, as `1` in `12`.
 */
export function countShared(
  ends: readonly number[],
  common: number,
  bytes: Uint8Array,
  base: number,
): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) <= common) low = middle + 1;
    else high = middle;
  }
  if (low === 0 || ends[low - 1] !== common) return low;
  const last = bytes[base + common - 1];
  const delimited = last === CLOSE_BRACE || last === CLOSE_BRACKET ||
    last === QUOTE;
  return delimited ? low : low - 1;
}

/** Parses the members after `input`, without those that the last request has byte for byte. */
export function parseTail(
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
