/**
 * Reads a request and diffs it against the last full request of the thread.
 *
 * Every request repeats the complete conversation. Equal bytes have equal values, so only the bytes
 * after the common prefix are parsed. All bytes outside the shared part are parsed, and a request of
 * an unusual form is parsed completely. This module handles bytes and JSON, not items.
 *
 * @module
 */

import { ByteBuffer, type ByteSource } from "../byte_buffer.ts";
import type { ThreadId } from "../../format/ids.ts";
import type { JsonReader } from "../json_reader.ts";

import { type ComparedBytes, PrefixComparer } from "./common_prefix.ts";
import {
  parseAgainst,
  type ParsedRequest,
  parseFresh,
} from "./request_parse.ts";
import type { RequestLayout, SharedRequest } from "./request_layout.ts";
import { type JsonNode, parseExact } from "../../format/json/json_parse.ts";
import { compactJson } from "../../format/json/json_print.ts";
import {
  isJsonObject,
  type RawPayloadRef,
  type RequestWindow,
} from "../../format/payload.ts";

/** The bytes of a request, open for reading. */
export interface RequestBytes {
  /** Reads them from the start. */
  readonly source: ByteSource;
  /** The bytes, if they are already in memory. */
  readonly bytes?: Uint8Array;
}

/** A request that was read; its bytes are valid until the next one of any thread is. */
export interface ReadRequest {
  /** What it adds to the full request before it. */
  readonly window: RequestWindow;
  /** Where its parts are; `undefined` for one of an unusual form. */
  readonly layout?: RequestLayout;
  readonly loaded: ByteBuffer;
}

/** Observes the requests that the reducer reads. */
export interface RequestObserver {
  /** Called for each request that was read, before it is reduced, which may still fail. */
  observeRequest(
    ref: RawPayloadRef,
    thread: ThreadId,
    request: ReadRequest,
  ): void;
}

/** The bytes of one read. */
interface Chunk extends ComparedBytes {
  /** Whether there may be more. */
  readonly more: boolean;
}

/** Memory for the end offset of one element. */
const BYTES_PER_END = 8;

/** The last full request of a thread, and the request that is being opened. */
export class SharedRequestReader {
  readonly #buffers: RequestBuffers;
  readonly #comparer: PrefixComparer;
  readonly #previous: ByteBuffer;
  /** Layout of the last full request, which the next one is diffed against. */
  #last: RequestLayout | undefined;
  /** The current request. */
  #loaded: ByteBuffer;
  /** Layout of the full request that the current one has overwritten, if it has. */
  #overwrittenLayout: RequestLayout | undefined;
  /** The last full request, and what the current one shares with it. */
  #shared: SharedRequest | undefined;

  /** Uses the buffers of one thread. */
  constructor({ buffers, comparer, previous }: ThreadBuffers) {
    this.#buffers = buffers;
    this.#comparer = comparer;
    this.#previous = previous;
    this.#loaded = previous;
  }

  /** Approximate number of bytes that it keeps. */
  get size(): number {
    const ends = this.#last?.ends.length ?? 0;
    return this.#previous.bytes.length + ends * BYTES_PER_END;
  }

  /**
   * Reads a request. It overwrites the last full one if both have a common prefix, else it uses
   * another buffer. If an overwriting request is not parsed, the next one cannot be diffed.
   *
   * @param max Reading ends when there are more bytes.
   * @returns The bytes, valid until the next request of any thread is read, and whether they are
   * complete.
   */
  load(
    { source, bytes }: RequestBytes,
    max: number,
  ): { loaded: ByteBuffer; isComplete: boolean } {
    const { scratch } = this.#buffers;
    const last = this.#last;
    // Bytes that are already in memory are compared without a copy.
    const chunk = bytes === undefined
      ? this.#nextChunk(source)
      : { bytes, more: false };
    const shared = last === undefined ? 0 : this.#commonChunk(chunk, 0);
    let isComplete: boolean;
    if (last !== undefined && shared > last.inputStart) {
      this.#loaded = this.#previous;
      this.#last = undefined;
      this.#overwrittenLayout = last;
      isComplete = this.#loadOver(last, source, { chunk, shared, max });
    } else {
      const target = last === undefined ? this.#previous : scratch;
      this.#loaded = target;
      this.#overwrittenLayout = undefined;
      this.#shared = last && this.#against(last, shared);
      target.replaceFrom(0, chunk.bytes);
      isComplete = !chunk.more || target.extend(source, max);
    }
    const loaded = this.#loaded;
    return { loaded, isComplete: isComplete && loaded.length <= max };
  }

  #nextChunk(source: ByteSource): Chunk {
    const { chunk } = this.#buffers;
    const more = chunk.fillOnce(source);
    const read = { bytes: chunk.from(0), words: chunk.words, more };
    if (more) chunk.ensureCapacity(CHUNK_BYTES);
    return read;
  }

  #commonChunk(chunk: Chunk, from: number): number {
    const limit = Math.min(chunk.bytes.length, this.#previous.length - from);
    return this.#comparer.commonPrefix(this.#previous, from, chunk, 0, limit);
  }

  #against(layout: RequestLayout, common: number): SharedRequest {
    return { layout, common, tail: this.#previous, tailOffset: 0 };
  }

  #loadOver(
    layout: RequestLayout,
    source: ByteSource,
    read: { chunk: Chunk; shared: number; max: number },
  ): boolean {
    const { overwritten } = this.#buffers;
    let { chunk, shared: same } = read;
    let from = 0;
    while (chunk.more && same === chunk.bytes.length) {
      from += same;
      chunk = this.#nextChunk(source);
      same = this.#commonChunk(chunk, from);
    }
    const common = from + same;
    overwritten.copyFrom(0, this.#previous, common);
    this.#previous.replaceFrom(common, chunk.bytes.subarray(same));
    this.#shared = { layout, common, tail: overwritten, tailOffset: common };
    return !chunk.more || this.#previous.extend(source, read.max);
  }

  /** Parses the request that was read, and keeps it if it is a full one. */
  parse(json: JsonReader): ReadRequest {
    const parsed = this.#parse(json);
    if (parsed === undefined) {
      this.#last = undefined;
      const loaded = this.#loaded;
      return { window: parseCompletely(loaded, json), loaded };
    }
    const { window, layout } = parsed;
    if (window.previousResponseId === null) this.#keep(layout);
    return { window, layout, loaded: this.#loaded };
  }

  #parse(json: JsonReader): ParsedRequest | undefined {
    const over = this.#overwrittenLayout;
    const last = this.#shared;
    try {
      if (over === undefined || last === undefined) {
        return this.#parseFresh(json);
      }
      const parsed = parseAgainst(last, this.#loaded, json, this.#comparer);
      if (parsed === undefined || parsed.window.previousResponseId === null) {
        return parsed;
      }
      // An incremental request lists only new items, so the next one is not diffed against it.
      this.#restorePrevious(over, last.common);
      return this.#parseFresh(json);
    } catch (error) {
      // The complete parse reports the error with its position in the file.
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  #parseFresh(json: JsonReader): ParsedRequest | undefined {
    const last = this.#shared;
    const against = last && { last, comparer: this.#comparer };
    return parseFresh(this.#loaded, json, against);
  }

  #keep(layout: RequestLayout): void {
    const previous = this.#previous;
    if (this.#loaded !== previous) previous.copyFrom(0, this.#loaded, 0);
    this.#loaded = previous;
    this.#last = layout;
  }

  /** Moves the current request to another buffer, and restores the last full one. */
  #restorePrevious(over: RequestLayout, common: number): void {
    const { overwritten, scratch } = this.#buffers;
    scratch.copyFrom(0, this.#loaded, 0);
    this.#previous.copyFrom(common, overwritten, 0);
    this.#loaded = scratch;
    this.#last = over;
    this.#overwrittenLayout = undefined;
    this.#shared = this.#against(over, 0);
  }
}

/** Parses the complete text. This is slow, and correct for every request. */
function parseCompletely(loaded: ByteBuffer, json: JsonReader): RequestWindow {
  const text = loaded.text();
  const root = json.parse(text);
  const input = isJsonObject(root) ? root["input"] : undefined;
  const previous = isJsonObject(root)
    ? root["previous_response_id"]
    : undefined;
  const previousResponseId = typeof previous === "string" ? previous : null;
  if (!Array.isArray(input)) {
    const kind = input === undefined ? "missing" : "malformed";
    return { input: kind, previousResponseId, shared: 0, fresh: [] };
  }
  json.checkElements(input.length);
  let exact: readonly JsonNode[] | undefined;
  const fresh = input.map((value, index) => ({
    value,
    source: () => compactJson((exact ??= exactElements(text))[index] ?? null),
  }));
  return { input: "list", previousResponseId, shared: 0, fresh };
}

function exactElements(text: string): readonly JsonNode[] {
  const root = parseExact(text);
  const input = root instanceof Map ? root.get("input") : undefined;
  return Array.isArray(input) ? input : [];
}

/**
 * Bytes that are read before they are compared. They remain in the cache of the processor, and shared
 * bytes are never copied: together this saves a third of the time for large requests.
 */
const CHUNK_BYTES = 512 * 1024;
/** Enough for the requests of a short session. */
const FIRST_CHUNK_BYTES = 32 * 1024;

/**
 * Initial capacity of the buffer of a thread, which grows to twice its first request: there may be
 * thousands of threads.
 */
const MIN_CAPACITY = 8;

/** The buffers that all threads share; they keep no data from one request to the next. */
export interface RequestBuffers {
  /** The bytes of the last read. */
  readonly chunk: ByteBuffer;
  /** The bytes of the last full request that the current one has overwritten. */
  readonly overwritten: ByteBuffer;
  /** For a request that does not overwrite the last full one. */
  readonly scratch: ByteBuffer;
}

/** The buffers for the requests of one thread. */
export interface ThreadBuffers {
  readonly buffers: RequestBuffers;
  readonly comparer: PrefixComparer;
  /** Buffer of the last full request. */
  readonly previous: ByteBuffer;
}

/** Creates the buffers of threads, which share all but the buffer of the last full request. */
export class RequestBufferPool {
  readonly #comparer: PrefixComparer = new PrefixComparer();
  #buffers: RequestBuffers | undefined;

  /** Returns the buffers for another thread. */
  next(): ThreadBuffers {
    this.#buffers ??= {
      chunk: new ByteBuffer(FIRST_CHUNK_BYTES),
      overwritten: new ByteBuffer(),
      scratch: new ByteBuffer(),
    };
    const previous = new ByteBuffer(MIN_CAPACITY);
    return { buffers: this.#buffers, comparer: this.#comparer, previous };
  }
}
