/**
 * Parsing the text of one record: an event line or a manifest.
 *
 * The reference reads such a text straight into its fields. Keys it does not know, it skips:
 * their values may nest to any depth and hold unpaired surrogates. All other values are strict
 * JSON. Which keys of an object repeat must be known, too.
 *
 * @module
 */

import { DecodeError } from "./decode.ts";
import {
  DEFAULT_MAX_SKIPPED_DEPTH,
  isStrictJson,
  nestsDeeper,
} from "../json/json_strict.ts";
import {
  jsonGrammarError,
  type JsonNode,
  JsonNumber,
  takeNode,
} from "../json/json_parse.ts";
import { JsonScanner, JsonSyntaxError } from "../json/json_scanner.ts";

/** A parsed record, and which objects in it repeat which keys. */
export interface ParsedRecord {
  /** The value, by `JSON.parse` or by the exact parser. */
  readonly value: unknown;
  /** Undefined when the text repeats no key. */
  readonly repeated: ReadonlyMap<object, ReadonlySet<string>> | undefined;
}

/**
 * Parses a record that has the fields `keys`, quickly where the text allows it.
 *
 * @throws {DecodeError} If the text is not JSON.
 */
export function parseRecord(
  text: string,
  keys: readonly string[],
): ParsedRecord {
  if (nestsDeeper(text, DEFAULT_MAX_SKIPPED_DEPTH)) {
    throw new DecodeError(`nesting deeper than ${DEFAULT_MAX_SKIPPED_DEPTH}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const fault = jsonGrammarError(text);
    throw new DecodeError(fault?.message ?? "text is not JSON", "", { cause });
  }
  // What JSON.stringify reproduces repeats no key and spells every number as JavaScript does.
  if (isStrictJson(text) && JSON.stringify(value) === text) {
    return { value, repeated: undefined };
  }
  return parseRecordExactly(text, keys);
}

/**
 * The slow way of {@linkcode parseRecord}, which any text may go.
 *
 * @throws {DecodeError} If the text is not JSON.
 */
export function parseRecordExactly(
  text: string,
  keys: readonly string[],
): ParsedRecord {
  try {
    return new RecordParser(text, keys).parse();
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new DecodeError(error.message, "", { cause: error });
  }
}

class RecordParser {
  readonly #scanner: JsonScanner;
  readonly #keys: readonly string[];
  readonly #repeated = new Map<object, Set<string>>();

  constructor(text: string, keys: readonly string[]) {
    this.#scanner = new JsonScanner(text);
    this.#keys = keys;
  }

  parse(): ParsedRecord {
    const value = this.#value();
    this.#scanner.end();
    return { value, repeated: this.#repeated };
  }

  #value(): JsonNode {
    if (this.#scanner.take("{")) return this.#members();
    if (this.#scanner.take("[")) return this.#elements();
    return takeNode(this.#scanner, 1);
  }

  #members(): JsonNode {
    const object = new Map<string, JsonNode>();
    if (this.#scanner.take("}")) return object;
    do {
      const key = this.#scanner.wellFormedString();
      this.#scanner.expect(":");
      if (!this.#keys.includes(key)) this.#scanner.skipValue();
      else {
        if (object.has(key)) this.#repeats(object, key);
        object.set(key, this.#field());
      }
    } while (this.#scanner.more("}"));
    return object;
  }

  #elements(): JsonNode {
    const array: JsonNode[] = [];
    if (this.#scanner.take("]")) return array;
    do array.push(this.#field()); while (this.#scanner.more("]"));
    return array;
  }

  #field(): JsonNode {
    const char = this.#scanner.peek() ?? "";
    // A number directly in the record keeps its spelling: here, and only here, -0 is no integer.
    return char === "-" || (char >= "0" && char <= "9")
      ? new JsonNumber(this.#scanner.number())
      : takeNode(this.#scanner, 2, (object, key) => this.#repeats(object, key));
  }

  #repeats(object: object, key: string): void {
    const keys = this.#repeated.get(object);
    if (keys === undefined) this.#repeated.set(object, new Set([key]));
    else keys.add(key);
  }
}
