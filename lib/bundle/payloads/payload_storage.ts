/**
 * Where the texts of a bundle's payloads are stored: one file each, or records of shards.
 *
 * @module
 */

import type { RawPayloadRef } from "../../format/payload.ts";
import type { ByteSource } from "../byte_buffer.ts";
import type { JsonReader } from "../json_reader.ts";
import type { Limits, ReadBudget } from "../limits.ts";

/** The text of a payload, open for reading from its start. */
export interface StoredText extends Disposable {
  /** Its bytes. */
  readonly source: ByteSource;
  /** The same, where they are in memory already. */
  readonly bytes?: Uint8Array;
  /** How many they are, `undefined` where that is not known before they are read. */
  readonly size: number | undefined;
  /** How many they are; may cost a look at the file. */
  measure(): number;
}

/** Stores the payloads of one bundle, for reading. */
export interface PayloadStorage {
  /** Sets what answers whether the text of a payload was read and parsed already. */
  watch(wasRead: (ref: RawPayloadRef) => boolean): void;
  /** Takes note of a reference, to be checked by {@linkcode verifyAll}. */
  register(ref: RawPayloadRef): void;
  /**
   * Opens the text of a payload: of one that was put together from parts, the whole text; of one
   * that was truncated, what was kept. Valid until the next payload is opened.
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
   * @throws {BundleFormatError} If a folder was replaced meanwhile, so that what was read may
   * come from elsewhere.
   */
  finish(): void;
}

/** What a storage reads with. */
export interface StorageContext {
  /** The bundle's folder. */
  readonly root: string;
  /** How much may be taken. */
  readonly limits: Limits;
  /** Counts what is read of the whole bundle. */
  readonly budget: ReadBudget;
  /** Parses JSON, and counts how much. */
  readonly json: JsonReader;
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
    measure: () => bytes.length,
    [Symbol.dispose]: () => {},
  };
}
