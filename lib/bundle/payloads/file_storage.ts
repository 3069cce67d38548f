/**
 * Payloads as files of their own, one each. Schemas 1 and 2.
 *
 * @module
 */

import type { RawPayloadRef } from "../../format/payload.ts";
import { sortUtf8 } from "../../format/json/utf8_order.ts";
import { ByteBuffer } from "../byte_buffer.ts";
import { filePlace, PayloadPaths } from "./payload_paths.ts";
import {
  checkJson,
  parsing,
  type PayloadStorage,
  readComplete,
  type StorageContext,
  storedBytes,
  type StoredText,
} from "./payload_storage.ts";

/** Reads payload files below the folder of a bundle. */
export class FileStorage implements PayloadStorage {
  readonly #context: StorageContext;
  readonly #paths: PayloadPaths;
  readonly #refs: Map<string, RawPayloadRef> = new Map();
  readonly #scratch: ByteBuffer = new ByteBuffer();
  #wasRead: (ref: RawPayloadRef) => boolean = () => false;

  /** Opens nothing yet. */
  constructor(context: StorageContext) {
    this.#context = context;
    this.#paths = new PayloadPaths(context.files);
  }

  /** {@inheritDoc PayloadStorage.watch} */
  watch(wasRead: (ref: RawPayloadRef) => boolean): void {
    this.#wasRead = wasRead;
  }

  /** {@inheritDoc PayloadStorage.reopen} */
  reopen(context: StorageContext): PayloadStorage {
    return new FileStorage(context);
  }

  /** {@inheritDoc PayloadStorage.register} */
  register(ref: RawPayloadRef): void {
    this.#refs.set(ref.raw_payload_id, ref);
  }

  /** {@inheritDoc PayloadStorage.open} */
  open(ref: RawPayloadRef): StoredText {
    const place = filePlace(ref);
    const kept = this.#context.kept?.findFile(place.path);
    return kept === undefined ? this.#paths.open(place) : storedBytes(kept);
  }

  /** {@inheritDoc PayloadStorage.keep} */
  keep(ref: RawPayloadRef, text: Uint8Array): void {
    this.#context.keepIn?.keepFile(filePlace(ref).path, text);
  }

  /** {@inheritDoc PayloadStorage.openRecord} */
  openRecord(ref: RawPayloadRef): StoredText {
    return this.open(ref);
  }

  /** {@inheritDoc PayloadStorage.sizeOf} */
  sizeOf(ref: RawPayloadRef): number {
    const known = this.#context.kept?.sizeOfFile(filePlace(ref).path);
    if (known !== undefined) return known;
    const text = this.open(ref);
    try {
      return text.size;
    } finally {
      // No `using`: the bundler inlines one that is used once, and nothing is closed.
      text[Symbol.dispose]();
    }
  }

  /** {@inheritDoc PayloadStorage.fileOf} */
  fileOf({ path }: RawPayloadRef): string | null {
    return path ?? null;
  }

  /** {@inheritDoc PayloadStorage.verifyAll} */
  verifyAll(
    _isClosed: boolean,
    report: (fault: unknown) => void,
  ): void {
    for (const id of sortUtf8([...this.#refs.keys()])) {
      const ref = this.#refs.get(id);
      if (ref === undefined || this.#wasRead(ref)) continue;
      try {
        this.verify(ref);
      } catch (fault) {
        report(fault);
      }
    }
  }

  /** {@inheritDoc PayloadStorage.verify} */
  verify(ref: RawPayloadRef): void {
    const loaded = this.#scratch;
    using text = this.open(ref);
    readComplete(filePlace(ref), text, this.#context, ({ source }, max) => ({
      loaded,
      isComplete: loaded.fill(source, max),
    }));
    parsing(filePlace(ref), loaded, () => {
      checkJson(loaded.text(), this.#context.json);
    });
  }

  /** {@inheritDoc PayloadStorage.finish} */
  finish(): void {
    this.#paths.checkFolders();
  }
}
