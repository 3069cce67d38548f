/**
 * Where the texts of a bundle's payloads are stored: one file each, or records of shards.
 *
 * @module
 */

import {
  type ByteBuffer,
  type ByteSource,
  TextEncodingError,
} from "../byte_buffer.ts";
import {
  type JsonReader,
  STRUCTURE_WORDS,
  StructureError,
} from "../json_reader.ts";
import type { Limits, ReadBudget } from "../limits.ts";
import {
  LimitError,
  PayloadError,
  type PayloadLocation,
} from "../../errors.ts";
import { jsonGrammarError } from "../../format/json/json_parse.ts";
import type { RawPayloadRef } from "../../format/payload.ts";
import type { BundleFiles } from "../storage/bundle_files.ts";
import type { KeptRecords } from "./kept_records.ts";

/** The text of a payload, open for reading from its start. */
export interface StoredText extends Disposable {
  /** Its bytes. */
  readonly source: ByteSource;
  /** The same, where they are in memory already. */
  readonly bytes?: Uint8Array;
  /** How many they are. */
  readonly size: number;
}

/** Stores the payloads of one bundle, for reading. */
export interface PayloadStorage {
  /** Sets what answers whether the text of a payload was read and parsed already. */
  watch(wasRead: (ref: RawPayloadRef) => boolean): void;
  /**
   * Returns the storage of the same payloads, to which the recorder has added some. This one is not used
   * any more, and what was read of it is not valid.
   */
  reopen(context: StorageContext): PayloadStorage;
  /** Gets what was read of a payload that {@linkcode open} opened: all of it. */
  keep(ref: RawPayloadRef, text: Uint8Array): void;
  /** Takes note of a reference, to be checked by {@linkcode verifyAll}. */
  register(ref: RawPayloadRef): void;
  /**
   * Opens the text of a payload: the complete text if it is composed of parts, the retained bytes if
   * it was truncated. Valid until the next payload is opened.
   *
   * @throws {PayloadError} If there is none, or it may not be opened.
   */
  open(ref: RawPayloadRef): StoredText;
  /**
   * What the storage itself holds of a payload, without the texts of its parts. Valid as
   * {@linkcode open}.
   *
   * @throws {PayloadError} If there is nothing, or it may not be opened.
   */
  openRecord(ref: RawPayloadRef): StoredText;
  /**
   * Returns how many bytes the text of {@linkcode open} has.
   *
   * @throws {PayloadError} If there is none, or it may not be opened.
   */
  sizeOf(ref: RawPayloadRef): number;
  /** The file that holds a payload, relative to the bundle; null when none does. */
  fileOf(ref: RawPayloadRef): string | null;
  /**
   * Checks one payload, registered or not, that was not checked before.
   *
   * @throws {PayloadError} If anything is wrong with it.
   */
  verify(ref: RawPayloadRef): void;
  /**
   * Checks every registered payload and reports what is wrong with it, in the order of the
   * reference.
   *
   * @param isClosed Whether the recorder closed the log.
   */
  verifyAll(isClosed: boolean, report: (fault: unknown) => void): void;
  /**
   * To be called when all is read.
   *
   * @throws {BundleFormatError} If a folder was replaced meanwhile, so that files outside the bundle
   * may have been read.
   */
  finish(): void;
}

/** What a storage reads with. */
export interface StorageContext {
  /** The files of the bundle. */
  readonly files: BundleFiles;
  /** How much may be taken. */
  readonly limits: Limits;
  /** Counts the bytes that are read of the bundle. */
  readonly budget: ReadBudget;
  /** Parses JSON, and counts how much. */
  readonly json: JsonReader;
  /** Whether a recorder writes to the bundle at the moment. */
  readonly isGrowing: boolean;
  /** Gets small payloads that were read, and those beside them in a shard. */
  readonly keepIn?: KeptRecords | undefined;
  /** Has small payloads, which need not be read again. */
  readonly kept?: KeptRecords | undefined;
}

/** Makes the storage of a bundle; each schema names one. */
export type StorageFactory = (context: StorageContext) => PayloadStorage;

/** A text in memory. */
export function storedBytes(bytes: Uint8Array): StoredText {
  let at = 0;
  return {
    source: {
      readSync: (buffer) => {
        if (at === bytes.length) return null;
        const piece = bytes.subarray(at, at + buffer.length);
        buffer.set(piece);
        at += piece.length;
        return piece.length;
      },
    },
    bytes,
    size: bytes.length,
    [Symbol.dispose]: () => {},
  };
}

/** Reads a text up to `max` bytes, and returns whether it was read completely. */
export type Reading = (
  text: StoredText,
  max: number,
) => { loaded: ByteBuffer; isComplete: boolean };

/**
 * Lets `read` read a payload, and checks and counts what it read.
 *
 * @throws {PayloadError} If it cannot be read, or has more bytes than allowed.
 */
export function readComplete(
  place: PayloadLocation,
  text: StoredText,
  { limits, budget }: Pick<StorageContext, "limits" | "budget">,
  read: Reading,
): ByteBuffer {
  const { payload: max } = limits;
  let got: ReturnType<Reading> | undefined;
  try {
    // A payload that is too large is not read at all.
    if (text.size <= max) got = read(text, max);
  } catch (cause) {
    throw new PayloadError("payload_unreadable", place, "cannot be read", {
      cause,
    });
  }
  try {
    if (got === undefined || !got.isComplete) {
      throw exceeded("payload", max, "has more bytes than", place);
    }
    budget.spend(got.loaded.length, place.path);
  } catch (error) {
    throw overLimit(place, error);
  }
  return got.loaded;
}

/** A limit that a payload exceeds. */
export function exceeded(
  limit: "payload" | "depth" | "objects",
  max: number,
  what: string,
  { path: file }: PayloadLocation,
): LimitError {
  return new LimitError(limit, max, what, { file });
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
    if (cause instanceof StructureError) {
      const { limit, max } = cause;
      const error = exceeded(limit, max, STRUCTURE_WORDS[limit], place);
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
 * @throws {StructureError} If it exceeds a limit.
 */
export function checkJson(text: string, json: JsonReader): void {
  json.checkStructure(text);
  const fault = jsonGrammarError(text);
  if (fault !== undefined) throw fault;
}
