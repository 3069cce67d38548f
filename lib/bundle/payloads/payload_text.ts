/**
 * Reading and checking the text of a payload, with faults that name the payload.
 *
 * @module
 */

import {
  LimitError,
  PayloadError,
  type PayloadLocation,
} from "../../errors.ts";
import { jsonGrammarError } from "../../format/json/json_parse.ts";
import { type ByteBuffer, TextEncodingError } from "../byte_buffer.ts";
import { DepthError, type JsonReader } from "../json_reader.ts";
import type { StorageContext, StoredText } from "./payload_storage.ts";

/** Reads a text, at most a number of bytes, and answers whether that was all of it. */
export type Reading = (
  text: StoredText,
  most: number,
) => { loaded: ByteBuffer; isWhole: boolean };

/**
 * Lets `read` read a payload, and checks and counts what it read.
 *
 * @throws {PayloadError} If it cannot be read, or has more bytes than allowed.
 */
export function readWhole(
  place: PayloadLocation,
  text: StoredText,
  { limits, budget }: Pick<StorageContext, "limits" | "budget">,
  read: Reading,
): ByteBuffer {
  const { payload: most } = limits;
  let got: ReturnType<Reading> | undefined;
  try {
    // Where its size is known, nothing of a payload that is too large is read.
    if ((text.size ?? 0) <= most) got = read(text, most);
  } catch (cause) {
    throw new PayloadError("payload_unreadable", place, "cannot be read", {
      cause,
    });
  }
  try {
    if (got === undefined || !got.isWhole) {
      throw exceeded("payload", most, "has more bytes than", place);
    }
    budget.spend(got.loaded.length, place.path);
  } catch (error) {
    throw overLimit(place, error);
  }
  return got.loaded;
}

/** A limit that a payload exceeds. */
export function exceeded(
  limit: "payload" | "depth",
  most: number,
  what: string,
  { path: file }: PayloadLocation,
): LimitError {
  return new LimitError(limit, most, what, { file });
}

/** A limit that a payload exceeds, as a fault of the payload. */
export function overLimit(place: PayloadLocation, error: unknown): unknown {
  if (!(error instanceof LimitError)) return error;
  const { reason } = error;
  return new PayloadError("payload_over_limit", place, reason, {
    cause: error,
  });
}

/** Runs a parse; a fault names the payload. */
export function parsing<T>(
  place: PayloadLocation,
  loaded: Pick<ByteBuffer, "text">,
  parse: () => T,
): T {
  try {
    return parse();
  } catch (cause) {
    if (cause instanceof DepthError) {
      const { most } = cause;
      const error = exceeded("depth", most, "nests deeper than", place);
      throw overLimit(place, error);
    }
    if (!(cause instanceof SyntaxError)) throw cause;
    const reason = `is not JSON: ${faultOf(cause, loaded)}`;
    throw new PayloadError("payload_not_json", place, reason, { cause });
  }
}

function faultOf(
  cause: SyntaxError,
  loaded: Pick<ByteBuffer, "text">,
): string {
  if (cause instanceof TextEncodingError) return cause.message;
  // The engine's message quotes the text, which may hold control characters.
  return jsonGrammarError(loaded.text())?.message ?? cause.message;
}

/**
 * Checks that a text is one JSON value, of any depth that is allowed at all.
 *
 * @throws {SyntaxError} If it is not.
 * @throws {DepthError} If it nests too deep to be given to a parser.
 */
export function checkJson(text: string, json: JsonReader): void {
  json.checkDepth(text);
  const fault = jsonGrammarError(text);
  if (fault !== undefined) throw fault;
}
