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
import { isJsonObject, type RequestWindow } from "../format/payload.ts";
import { ByteBuffer } from "./byte_buffer.ts";
import type { PrefixComparer } from "./common_prefix.ts";
import type { JsonReader } from "./json_reader.ts";
import type { RequestLayout } from "./request_layout.ts";
import {
  parseAgainst,
  type ParsedRequest,
  parseFresh,
} from "./request_parse.ts";

/** What the place of one element takes. */
const BYTES_PER_END = 8;

/** The last full request of a thread: its bytes and where its parts stand. */
export class RequestWindowState {
  #buffer: ByteBuffer | undefined;
  #layout: RequestLayout | undefined;

  /** About how many bytes it keeps. */
  get size(): number {
    const ends = this.#layout?.ends.length ?? 0;
    return (this.#buffer?.bytes.length ?? 0) + ends * BYTES_PER_END;
  }

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
