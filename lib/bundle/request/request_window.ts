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

import { parseExact } from "../../format/json/json_parse.ts";
import { compactJson } from "../../format/json/json_print.ts";
import {
  isJsonObject,
  type MeasuredRequest,
  type RequestWindow,
} from "../../format/payload.ts";
import { ByteBuffer } from "../byte_buffer.ts";
import type { PrefixComparer } from "./common_prefix.ts";
import type { JsonReader } from "../json_reader.ts";
import type { RequestLayout, SharedRequest } from "./request_layout.ts";
import {
  parseAgainst,
  type ParsedRequest,
  parseFresh,
} from "./request_parse.ts";
import { sizesByLayout, sizesOfValue } from "./request_sizes.ts";

/**
 * How much is read before it is compared. It stays in the processor's cache, and what the last
 * request has as well is never copied: both together save a third of the time for large requests.
 */
const PIECE_BYTES = 512 * 1024;

/** Room in a buffer to begin with: every thread keeps one, and there may be thousands of threads. */
const FIRST_BYTES = 4 * 1024;

/** The buffers that the requests of all threads are read through. */
export class RequestBuffers {
  /** The piece that was read last. */
  readonly piece: ByteBuffer = new ByteBuffer(PIECE_BYTES);
  /** What a request put another one in the place of. */
  readonly replaced: ByteBuffer = new ByteBuffer();
  /** For a request that does not go in the place of the last one. */
  spare: ByteBuffer = new ByteBuffer();
}

/** What the place of one element takes. */
const BYTES_PER_END = 8;

/** A full request: its bytes and where its parts stand. */
interface FullRequest {
  readonly buffer: ByteBuffer;
  readonly layout: RequestLayout;
}

/** The last full request of a thread, and the request that is being opened. */
export class RequestWindowState {
  readonly #buffers: RequestBuffers;
  readonly #comparer: PrefixComparer;
  /** What the next request is told against. */
  #last: FullRequest | undefined;
  /** The request that was read. */
  #loaded: ByteBuffer;
  /** The full request that it was read over, if it was. */
  #overwritten: FullRequest | undefined;
  /** How it relates to the full request before it. */
  #shared: SharedRequest | undefined;

  /** Reads through `buffers`. */
  constructor(buffers: RequestBuffers, comparer: PrefixComparer) {
    this.#buffers = buffers;
    this.#comparer = comparer;
    this.#loaded = buffers.spare;
  }

  /** About how many bytes it keeps. */
  get size(): number {
    if (this.#last === undefined) return 0;
    const { buffer, layout } = this.#last;
    return buffer.bytes.length + layout.ends.length * BYTES_PER_END;
  }

  /**
   * Reads a request: over the last full one where they begin alike, else beside it. One that
   * was read and is not parsed leaves nothing that the next could be told against.
   *
   * @param most Reading ends when there are more bytes.
   * @returns Its bytes, valid until the next request of any thread is read, and whether these
   * are all.
   */
  load(
    file: Deno.FsFile,
    most: number,
  ): { loaded: ByteBuffer; isWhole: boolean } {
    const { piece, spare } = this.#buffers;
    const last = this.#last;
    const more = piece.fillOnce(file);
    const begun = last === undefined ? 0 : this.#commonPiece(last.buffer, 0);
    let isWhole: boolean;
    if (last !== undefined && begun > last.layout.inputStart) {
      this.#loaded = last.buffer;
      this.#last = undefined;
      this.#overwritten = last;
      isWhole = this.#loadOver(last, file, { begun, more, most });
    } else {
      this.#loaded = spare;
      this.#overwritten = undefined;
      this.#shared = last && beside(last, begun);
      spare.replaceFrom(0, piece.from(0));
      isWhole = !more || spare.extend(file, most);
    }
    const loaded = this.#loaded;
    return { loaded, isWhole: isWhole && loaded.length <= most };
  }

  #commonPiece(buffer: ByteBuffer, from: number): number {
    const { piece } = this.#buffers;
    const limit = Math.min(piece.length, buffer.length - from);
    return this.#comparer.commonPrefix(buffer, from, piece, 0, limit);
  }

  #loadOver(
    { buffer, layout }: FullRequest,
    file: Deno.FsFile,
    read: { begun: number; more: boolean; most: number },
  ): boolean {
    const { piece, replaced } = this.#buffers;
    let { begun: same, more } = read;
    let from = 0;
    while (more && same === piece.length) {
      from += same;
      more = piece.fillOnce(file);
      same = this.#commonPiece(buffer, from);
    }
    const common = from + same;
    replaced.replaceFrom(0, buffer.from(common));
    buffer.replaceFrom(common, piece.from(same));
    this.#shared = { layout, common, tail: replaced, tailFrom: common };
    return !more || buffer.extend(file, read.most);
  }

  /** Parses the request that was read, and keeps it if it is a full one. */
  parse(json: JsonReader): RequestWindow {
    return this.#parseAndKeep(json).window;
  }

  /** Parses the request as {@linkcode parse} does, and tells how large its parts are. */
  measure(json: JsonReader): MeasuredRequest {
    const { window, layout } = this.#parseAndKeep(json);
    const sizes = layout === undefined
      ? sizesOfValue(parseExact(this.#loaded.text()))
      : sizesByLayout(this.#loaded, layout, window.shared);
    return { window, sizes };
  }

  #parseAndKeep(
    json: JsonReader,
  ): { window: RequestWindow; layout?: RequestLayout } {
    const parsed = this.#parse(json);
    if (parsed === undefined) {
      this.#last = undefined;
      return { window: parseWhole(this.#loaded, json) };
    }
    const { window, layout } = parsed;
    if (window.previousResponseId === null) this.#keep(layout);
    return { window, layout };
  }

  #parse(json: JsonReader): ParsedRequest | undefined {
    const over = this.#overwritten;
    const last = this.#shared;
    try {
      if (over === undefined || last === undefined) {
        return this.#parseFresh(json);
      }
      const parsed = parseAgainst(last, this.#loaded, json, this.#comparer);
      if (parsed === undefined || parsed.window.previousResponseId === null) {
        return parsed;
      }
      // An incremental request lists only new items, and is not what the next one is told against.
      this.#stepAside(over, last.common);
      return this.#parseFresh(json);
    } catch (error) {
      // Whatever is wrong, the whole parse says it with its place in the file.
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
    if (this.#overwritten === undefined) {
      this.#buffers.spare = this.#last?.buffer ??
        new ByteBuffer(FIRST_BYTES);
    }
    this.#last = { buffer: this.#loaded, layout };
  }

  /** Takes the request from the place of the full one, which is put back. */
  #stepAside(over: FullRequest, common: number): void {
    const { replaced, spare } = this.#buffers;
    spare.replaceFrom(0, this.#loaded.from(0));
    over.buffer.replaceFrom(common, replaced.from(0));
    this.#loaded = spare;
    this.#last = over;
    this.#overwritten = undefined;
    this.#shared = beside(over, 0);
  }
}

function beside(
  { buffer, layout }: FullRequest,
  common: number,
): SharedRequest {
  return { layout, common, tail: buffer, tailFrom: 0 };
}

/** The slow way, right for everything: parse the whole text and take what `input` is. */
function parseWhole(loaded: ByteBuffer, json: JsonReader): RequestWindow {
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
