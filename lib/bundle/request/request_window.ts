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
import type { ByteBuffer, ByteSource } from "../byte_buffer.ts";
import type { StoredText } from "../payloads/payload_storage.ts";
import type { ComparedBytes, PrefixComparer } from "./common_prefix.ts";
import type { JsonReader } from "../json_reader.ts";
import type { RequestLayout, SharedRequest } from "./request_layout.ts";
import {
  parseAgainst,
  type ParsedRequest,
  parseFresh,
} from "./request_parse.ts";
import type { RequestBuffers, RequestPlace } from "./request_place.ts";
import { sizesByLayout, sizesOfValue } from "./request_sizes.ts";

/** What was read of a request at a time. */
interface Piece extends ComparedBytes {
  /** Whether there may be more. */
  readonly more: boolean;
}

/** What the place of one element takes. */
const BYTES_PER_END = 8;

/** The last full request of a thread, and the request that is being opened. */
export class RequestWindowState {
  readonly #buffers: RequestBuffers;
  readonly #comparer: PrefixComparer;
  readonly #home: ByteBuffer;
  /** Where the parts stand of what is at home and the next request is told against. */
  #last: RequestLayout | undefined;
  /** The request that was read. */
  #loaded: ByteBuffer;
  /** The full request that it was read over, if it was. */
  #overwritten: RequestLayout | undefined;
  /** How it relates to the full request before it. */
  #shared: SharedRequest | undefined;

  /** Works in `place`, in which no other request is kept. */
  constructor({ buffers, comparer, home }: RequestPlace) {
    this.#buffers = buffers;
    this.#comparer = comparer;
    this.#home = home;
    this.#loaded = home;
  }

  /** About how many bytes it keeps. */
  get size(): number {
    const ends = this.#last?.ends.length ?? 0;
    return this.#home.bytes.length + ends * BYTES_PER_END;
  }

  /**
   * Reads a request: over the last full one where they begin alike, else beside it. One that
   * was read over it and is not parsed leaves nothing that the next could be told against.
   *
   * @param most Reading ends when there are more bytes.
   * @returns Its bytes, valid until the next request of any thread is read, and whether these
   * are all.
   */
  load(
    { source, bytes }: Pick<StoredText, "source" | "bytes">,
    most: number,
  ): { loaded: ByteBuffer; isWhole: boolean } {
    const { spare } = this.#buffers;
    const last = this.#last;
    // What is in memory is compared where it is.
    const piece = bytes === undefined
      ? this.#nextPiece(source)
      : { bytes, more: false };
    const begun = last === undefined ? 0 : this.#commonPiece(piece, 0);
    let isWhole: boolean;
    if (last !== undefined && begun > last.inputStart) {
      this.#loaded = this.#home;
      this.#last = undefined;
      this.#overwritten = last;
      isWhole = this.#loadOver(last, source, { piece, begun, most });
    } else {
      const beside = last === undefined ? this.#home : spare;
      this.#loaded = beside;
      this.#overwritten = undefined;
      this.#shared = last && this.#against(last, begun);
      beside.replaceFrom(0, piece.bytes);
      isWhole = !piece.more || beside.extend(source, most);
    }
    const loaded = this.#loaded;
    return { loaded, isWhole: isWhole && loaded.length <= most };
  }

  #nextPiece(source: ByteSource): Piece {
    const { piece } = this.#buffers;
    const more = piece.fillOnce(source);
    return { bytes: piece.from(0), words: piece.words, more };
  }

  #commonPiece(piece: Piece, from: number): number {
    const limit = Math.min(piece.bytes.length, this.#home.length - from);
    return this.#comparer.commonPrefix(this.#home, from, piece, 0, limit);
  }

  #against(layout: RequestLayout, common: number): SharedRequest {
    return { layout, common, tail: this.#home, tailFrom: 0 };
  }

  #loadOver(
    layout: RequestLayout,
    source: ByteSource,
    read: { piece: Piece; begun: number; most: number },
  ): boolean {
    const { replaced } = this.#buffers;
    let { piece, begun: same } = read;
    let from = 0;
    while (piece.more && same === piece.bytes.length) {
      from += same;
      piece = this.#nextPiece(source);
      same = this.#commonPiece(piece, from);
    }
    const common = from + same;
    replaced.copyFrom(0, this.#home, common);
    this.#home.replaceFrom(common, piece.bytes.subarray(same));
    this.#shared = { layout, common, tail: replaced, tailFrom: common };
    return !piece.more || this.#home.extend(source, read.most);
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
    const home = this.#home;
    if (this.#loaded !== home) home.copyFrom(0, this.#loaded, 0);
    this.#loaded = home;
    this.#last = layout;
  }

  /** Takes the request from the place of the full one, which is put back. */
  #stepAside(over: RequestLayout, common: number): void {
    const { replaced, spare } = this.#buffers;
    spare.copyFrom(0, this.#loaded, 0);
    this.#home.copyFrom(common, replaced, 0);
    this.#loaded = spare;
    this.#last = over;
    this.#overwritten = undefined;
    this.#shared = this.#against(over, 0);
  }
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
