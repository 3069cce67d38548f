/**
 * What a request adds to the full request before it.
 *
 * Every request repeats the whole conversation. Bytes equal to bytes that were parsed before
 * give the same values, so only what follows the common prefix is parsed; every byte outside
 * the shared part still goes through the parser, and whatever looks odd is parsed whole. It
 * knows bytes and JSON, not items.
 *
 * @module
 */

import { parseExact } from "../format/json_parse.ts";
import { compactJson } from "../format/json_print.ts";
import {
  JsonScanError,
  skipSpace,
  walkElements,
  walkMembers,
} from "../format/json_scan.ts";
import type {
  JsonObject,
  JsonValue,
  RawElement,
  RequestWindow,
} from "../format/payload.ts";
import { ByteBuffer } from "./byte_buffer.ts";
import type { PrefixComparer } from "./common_prefix.ts";
import type { JsonReader } from "./json_reader.ts";

const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;
const QUOTE = 0x22;

/** Where the parts of a request stand in its bytes. */
interface RequestLayout {
  /** Offset after the `[` of `input`. */
  inputStart: number;
  /** Offset after each element of `input`. */
  ends: number[];
  /** Offset after the `]`. */
  tailStart: number;
  /** Offset after each member that follows `input`, relative to `tailStart`. */
  memberEnds: number[];
  /** Whether `previous_response_id` stands anywhere: then the tail is never shared. */
  namesPrevious: boolean;
  /** The value of `previous_response_id` before `input`, if any. */
  headPrevious: JsonValue | undefined;
}

/** The last full request of a thread: its bytes and where its parts stand. */
export class RequestWindowState {
  #buffer: ByteBuffer | undefined;
  #layout: RequestLayout | undefined;

  /** Gives up the bytes; the next request is parsed whole. */
  clear(): void {
    this.#buffer = undefined;
    this.#layout = undefined;
  }

  /**
   * Parses the request in `loaded` against the last full one, and keeps it as such if it is
   * one itself.
   *
   * @returns The request, and a buffer that is free now: `loaded` or the one it replaces.
   */
  advance(
    loaded: ByteBuffer,
    json: JsonReader,
    comparer: PrefixComparer,
  ): { window: RequestWindow; spare: ByteBuffer } {
    const parsed = this.#parse(loaded, json, comparer);
    if (parsed === undefined) {
      this.clear();
      return { window: parseWhole(loaded, json), spare: loaded };
    }
    const { window, layout } = parsed;
    if (window.previousResponseId !== null) return { window, spare: loaded };
    const spare = this.#buffer ?? new ByteBuffer();
    this.#buffer = loaded;
    this.#layout = layout;
    return { window, spare };
  }

  #parse(
    loaded: ByteBuffer,
    json: JsonReader,
    comparer: PrefixComparer,
  ): ParsedRequest | undefined {
    const last = this.#buffer;
    const layout = this.#layout;
    try {
      if (last === undefined || layout === undefined) {
        return parseFresh(loaded, json);
      }
      const limit = Math.min(last.length, loaded.length);
      const common = comparer.commonPrefix(last, 0, loaded, 0, limit);
      const parsed = common > layout.inputStart
        ? parseAgainst({ buffer: last, layout, common }, loaded, json, comparer)
        : parseFresh(loaded, json);
      const incremental = parsed !== undefined &&
        parsed.window.previousResponseId !== null;
      // An incremental request lists only new items: all of them are its own.
      return incremental && parsed.window.shared > 0
        ? parseFresh(loaded, json)
        : parsed;
    } catch (error) {
      // Whatever is wrong, the whole parse says it with its place in the file.
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}

interface ParsedRequest {
  window: RequestWindow;
  layout: RequestLayout;
}

interface Shared {
  buffer: ByteBuffer;
  layout: RequestLayout;
  common: number;
}

/** The header up to the first `input` that is an array, then the rest. */
function parseFresh(
  loaded: ByteBuffer,
  json: JsonReader,
): ParsedRequest | undefined {
  const input = findInput(loaded);
  if (input === undefined) return undefined;
  const head = json.parse(`${loaded.text(0, input.start)}]}`);
  // Fewer keys than members: one was repeated, perhaps `input` itself in another spelling.
  if (!isObject(head) || Object.keys(head).length !== input.members) {
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
  return parseRest(loaded, layout, 0, json);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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

function parseAgainst(
  last: Shared,
  loaded: ByteBuffer,
  json: JsonReader,
  comparer: PrefixComparer,
): ParsedRequest | undefined {
  const { layout } = last;
  const shared = countShared(layout.ends, last.common, last.buffer.bytes, 0);
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

/**
 * How many values are the same when `common` bytes after `base` are: those that end within
 * them. A number that ends exactly there may go on differently, as `1` does in `12`.
 */
function countShared(
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

/** The elements from `shared` on, and the members after `input`. */
function parseRest(
  loaded: ByteBuffer,
  layout: RequestLayout,
  shared: number,
  json: JsonReader,
  against?: { last: Shared; comparer: PrefixComparer },
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

/** Parses the members after `input`, less those the last request has byte for byte. */
function parseTail(
  loaded: ByteBuffer,
  layout: RequestLayout,
  json: JsonReader,
  against: { last: Shared; comparer: PrefixComparer } | undefined,
): { previous: JsonValue | undefined } | undefined {
  let sharedEnd = 0;
  if (against !== undefined && !layout.namesPrevious) {
    const { buffer, layout: old } = against.last;
    const limit = Math.min(
      buffer.length - old.tailStart,
      loaded.length - layout.tailStart,
    );
    const common = against.comparer.commonPrefix(
      buffer,
      old.tailStart,
      loaded,
      layout.tailStart,
      limit,
    );
    const members = countShared(
      old.memberEnds,
      common,
      buffer.bytes,
      old.tailStart,
    );
    layout.memberEnds = old.memberEnds.slice(0, members);
    sharedEnd = layout.memberEnds[members - 1] ?? 0;
  }
  const rest = loaded.text(layout.tailStart + sharedEnd);
  const wrapped = wrapTail(rest);
  if (wrapped === undefined) return undefined;
  const tail = json.parse(wrapped.text);
  if (!isObject(tail) || "input" in tail) return undefined;
  if (wrapped.expectsMembers) noteMembers(loaded, layout, sharedEnd);
  if ("previous_response_id" in tail) layout.namesPrevious = true;
  return { previous: tail["previous_response_id"] };
}

/** Members that follow others, as an object of their own. */
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

/** Notes where the members after `sharedEnd` end, for the next request. */
function noteMembers(
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

/** The slow way, right for everything: parse the whole text and take what `input` is. */
function parseWhole(loaded: ByteBuffer, json: JsonReader): RequestWindow {
  const text = loaded.text();
  const root = json.parse(text);
  const input = isObject(root) ? root["input"] : undefined;
  const previous = isObject(root) ? root["previous_response_id"] : undefined;
  const previousResponseId = typeof previous === "string" ? previous : null;
  if (!Array.isArray(input)) {
    const kind = input === undefined ? "missing" : "malformed";
    return { input: kind, previousResponseId, shared: 0, fresh: [] };
  }
  const fresh = input.map((value, index) => ({
    value,
    source: () => exactElement(text, index),
  }));
  return { input: "list", previousResponseId, shared: 0, fresh };
}

function exactElement(text: string, index: number): string {
  const root = parseExact(text);
  const input = root instanceof Map ? root.get("input") : undefined;
  const node = Array.isArray(input) ? input[index] : undefined;
  return compactJson(node ?? null);
}
