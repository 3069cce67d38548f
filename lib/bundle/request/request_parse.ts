/**
 * Parses a request as far as the one before it did not have it already.
 *
 * `undefined` as a result means: too odd for parts, parse the whole. So does a `SyntaxError`.
 *
 * @module
 */

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
  type RequestWindow,
} from "../../format/payload.ts";
import type { ByteBuffer } from "../byte_buffer.ts";
import type { PrefixComparer } from "./common_prefix.ts";
import type { JsonReader } from "../json_reader.ts";
import {
  countShared,
  type RequestLayout,
  type SharedRequest,
} from "./request_layout.ts";
import { parseTail } from "./request_tail.ts";

const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

/** A request, and where its parts stand. */
export interface ParsedRequest {
  window: RequestWindow;
  layout: RequestLayout;
}

/**
 * Parses a request whose elements are all new: the header up to the first `input` that is an
 * array, then the rest. What follows `input` may still be the same as in another request.
 */
export function parseFresh(
  loaded: ByteBuffer,
  json: JsonReader,
  against?: { last: SharedRequest; comparer: PrefixComparer },
): ParsedRequest | undefined {
  const input = findInput(loaded);
  if (input === undefined) return undefined;
  const head = json.parse(`${loaded.text(0, input.start)}]}`);
  // Fewer keys than members: one was repeated, perhaps `input` itself in another spelling.
  if (!isJsonObject(head) || Object.keys(head).length !== input.members) {
    return undefined;
  }
  const layout: RequestLayout = {
    inputStart: input.start,
    ends: [],
    tailStart: 0,
    memberEnds: [],
    namesPrevious: "previous_response_id" in head,
    headPrevious: head["previous_response_id"],
  };
  return parseRest(loaded, layout, 0, json, against);
}

/** Offset after the brace that opens the payload. */
function topLevel(loaded: ByteBuffer): number {
  const open = skipSpace(loaded.bytes, 0);
  if (loaded.bytes[open] !== OPEN_BRACE) {
    throw new JsonScanError("the payload is no object");
  }
  return open + 1;
}

/**
 * The first member named `input` whose value is an array: the offset after its `[`, and how
 * many members stand up to it, itself included.
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
  };
  return parseRest(loaded, next, shared, json, { last, comparer });
}

/** The elements from `shared` on, and the members after `input`. */
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
    ? layout.headPrevious
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
      starts.push(start);
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
