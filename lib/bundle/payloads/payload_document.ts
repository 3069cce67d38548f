/**
 * A payload that was read completely, with its exact source on demand.
 *
 * @module
 */

import { type JsonNode, parseExact } from "../../format/json/json_parse.ts";
import {
  skipSpace,
  walkElements,
  walkMembers,
} from "../../format/json/json_bytes.ts";
import type {
  JsonValue,
  PayloadDocument,
  RawElement,
} from "../../format/payload.ts";
import type { ByteBuffer } from "../byte_buffer.ts";

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Looks into the buffer that holds the payload; valid until that is filled again. */
export class LoadedDocument implements PayloadDocument {
  readonly value: JsonValue;
  readonly #text: string;
  readonly #buffer: ByteBuffer;
  #members: ReadonlyMap<string, Range> | undefined;

  /** `value` is what `text` parses to, the text that the bytes in `buffer` spell. */
  constructor(value: JsonValue, text: string, buffer: ByteBuffer) {
    this.value = value;
    this.#text = text;
    this.#buffer = buffer;
  }

  /** {@inheritDoc PayloadDocument.source} */
  source(): string {
    return this.#text;
  }

  /** {@inheritDoc PayloadDocument.exact} */
  exact(): JsonNode {
    return parseExact(this.source());
  }

  /** {@inheritDoc PayloadDocument.member} */
  member(key: string): RawElement | undefined {
    const value = this.#valueOf(key);
    if (value === undefined) return undefined;
    return { value, source: () => this.#textOf(this.#rangeOf(key)) };
  }

  /** {@inheritDoc PayloadDocument.elements} */
  elements(key: string): readonly RawElement[] | undefined {
    const list = this.#valueOf(key);
    if (!Array.isArray(list)) return undefined;
    let ranges: Range[] | undefined;
    return list.map((value, index) => ({
      value,
      source: () => this.#textOf((ranges ??= this.#elementRanges(key))[index]),
    }));
  }

  #valueOf(key: string): JsonValue | undefined {
    const { value } = this;
    const isObject = typeof value === "object" && value !== null &&
      !Array.isArray(value);
    return isObject && Object.hasOwn(value, key) ? value[key] : undefined;
  }

  #textOf(range: Range | undefined): string {
    return range === undefined
      ? "null"
      : this.#buffer.text(range.start, range.end);
  }

  #elementRanges(key: string): Range[] {
    const ranges: Range[] = [];
    const list = this.#rangeOf(key);
    if (list === undefined) return ranges;
    const { bytes, length } = this.#buffer;
    walkElements(bytes, list.start + 1, length, false, 2, (start, end) => {
      ranges.push({ start, end });
      return end;
    });
    return ranges;
  }

  #rangeOf(key: string): Range | undefined {
    return (this.#members ??= this.#memberRanges()).get(key);
  }

  /** Where each member is, found in one walk: a payload may have megabytes. */
  #memberRanges(): Map<string, Range> {
    const ranges = new Map<string, Range>();
    const { bytes, length } = this.#buffer;
    let key = "";
    let from = 0;
    const open = skipSpace(bytes, 0);
    walkMembers(bytes, open + 1, length, (keyStart, keyEnd, valueStart) => {
      key = String(JSON.parse(this.#buffer.text(keyStart, keyEnd)));
      from = valueStart;
      return true;
    }, (end) => {
      // A repeated key: the last one counts.
      ranges.set(key, { start: from, end });
    });
    return ranges;
  }
}
