/**
 * The payloads of a bundle, for the reducer and for queries.
 *
 * Everything is read through buffers that are used again: one for small payloads, a few for the
 * next request, and one for the last full request of each live thread.
 *
 * @module
 */

import { PayloadError, type PayloadLocation } from "../../errors.ts";
import type { ThreadId } from "../../format/ids.ts";
import { PAYLOADS_DIR } from "../../format/manifest.ts";
import type {
  PayloadDocument,
  PayloadSource,
  RawPayloadRef,
  RequestWindow,
} from "../../format/payload.ts";
import { ByteBuffer } from "../byte_buffer.ts";
import {
  LoneSurrogateError,
  replaceLoneSurrogates,
} from "../../format/json/json_strict.ts";
import { JsonReader } from "../json_reader.ts";
import { DEFAULT_LIMITS, type Limits, ReadBudget } from "../limits.ts";
import type { BundleFiles } from "../storage/bundle_files.ts";
import type { KeptRecords } from "./kept_records.ts";
import { LoadedDocument } from "./payload_document.ts";
import {
  parsing,
  type PayloadStorage,
  readComplete,
  type Reading,
  type StorageContext,
  type StorageFactory,
  storedBytes,
  type StoredText,
} from "./payload_storage.ts";
import type {
  ReadRequest,
  RequestObserver,
} from "../request/shared_request_reader.ts";
import { RequestReaders } from "../request/request_readers.ts";

/** How payloads are read. */
export interface BundlePayloadsOptions {
  /** Whether requests are compared with the one before them. Off only to test that it is exact. */
  readonly sharePrefixes?: boolean;
  /** What a payload, and all payloads, may have; by default the default limits. */
  readonly limits?: Limits;
  /** Counts the bytes that are read of the bundle; by default, only of the payloads. */
  readonly budget?: ReadBudget;
  /**
   * Called once for each payload with an unpaired surrogate, which is then read with U+FFFD in its
   * place. By default such a payload is an error, as in the reference.
   */
  readonly onSurrogate?: (fault: PayloadError) => void;
  /** Whether a recorder writes to the bundle at the moment; false when left out. */
  readonly isGrowing?: boolean;
  /** Gets each request that {@linkcode BundlePayloads.openRequest} reads. */
  readonly requests?: RequestObserver | undefined;
  /** Gets small payloads, for others that read the same bundle. */
  readonly keepIn?: KeptRecords | undefined;
  /** The small payloads that another one read of this bundle. */
  readonly kept?: KeptRecords | undefined;
}

/** How much work reading took; independent of the machine. */
export interface PayloadCounters {
  /** Payloads that were read. */
  files: number;
  /** Their bytes. */
  bytesRead: number;
  /** Characters that went through the JSON parser. */
  charactersParsed: number;
  /** Elements of requests that were parsed because no earlier request had them. */
  elementsParsed: number;
}

/** Reads payloads of a bundle. */
export class BundlePayloads implements PayloadSource {
  #storage: PayloadStorage;
  #context: StorageContext;
  readonly #scratch: ByteBuffer = new ByteBuffer();
  readonly #readers: RequestReaders;
  /** Ids of payloads whose text was parsed. */
  readonly #parsed: Set<string> = new Set();
  readonly #onSurrogate: ((fault: PayloadError) => void) | undefined;
  readonly #observer: RequestObserver | undefined;
  /** Ids of payloads that are read with U+FFFD in place of unpaired surrogates. */
  readonly #repaired: Set<string> = new Set();
  #files = 0;
  #bytesRead = 0;
  #elements = 0;

  /** Reads `files`, as `storageOf` stores payloads. */
  constructor(
    files: BundleFiles,
    storageOf: StorageFactory,
    options: BundlePayloadsOptions = {},
  ) {
    const limits = options.limits ?? DEFAULT_LIMITS;
    this.#onSurrogate = options.onSurrogate;
    this.#observer = options.requests;
    this.#context = {
      files,
      limits,
      budget: options.budget ?? new ReadBudget(limits),
      json: new JsonReader(limits),
      isGrowing: options.isGrowing ?? false,
      keepIn: options.keepIn,
      kept: options.kept,
    };
    this.#storage = this.#watched(storageOf(this.#context));
    this.#readers = new RequestReaders(options.sharePrefixes ?? true);
  }

  #watched(storage: PayloadStorage): PayloadStorage {
    storage.watch((ref) => this.#parsed.has(ref.raw_payload_id));
    return storage;
  }

  /**
   * Reads other files from now on, with a limit of their own: the recorder has written to the
   * bundle. What a later request is compared with is kept.
   */
  reopen(files: BundleFiles): void {
    const { limits } = this.#context;
    const budget = new ReadBudget(limits);
    this.#context = { ...this.#context, files, budget };
    this.#storage = this.#watched(this.#storage.reopen(this.#context));
  }

  /**
   * Must be called after everything is read.
   *
   * @throws {BundleFormatError} If a folder was replaced meanwhile, so that files outside the bundle
   * may have been read.
   */
  finish(): void {
    this.#storage.finish();
  }

  /** What was done so far. */
  get counters(): PayloadCounters {
    return {
      files: this.#files,
      bytesRead: this.#bytesRead,
      charactersParsed: this.#context.json.parsed,
      elementsParsed: this.#elements,
    };
  }

  /** The file that holds a payload, relative to the bundle; null when none does. */
  fileOf(ref: RawPayloadRef): string | null {
    return this.#storage.fileOf(ref);
  }

  /** {@inheritDoc PayloadSource.register} */
  register(ref: RawPayloadRef): void {
    this.#storage.register(ref);
  }

  /** {@inheritDoc PayloadSource.open} */
  open(ref: RawPayloadRef): PayloadDocument {
    this.#refuseMissing(ref);
    return this.#withRepair(ref, () => this.#parse(ref));
  }

  #parse(ref: RawPayloadRef): PayloadDocument {
    using text = this.#openText(ref);
    this.#fill(ref, text);
    return parsing(this.#placeOf(ref), this.#scratch, () => {
      const text = this.#scratch.text();
      const value = this.#context.json.parse(text);
      this.#parsed.add(ref.raw_payload_id);
      return new LoadedDocument(value, text, this.#scratch);
    });
  }

  /**
   * The bytes of a payload, whatever they are; of one that was truncated, those that were kept.
   * Valid until the next payload is opened.
   *
   * @throws {PayloadError} If it cannot be read.
   */
  bytes(ref: RawPayloadRef): Uint8Array {
    this.#load(ref);
    return this.#scratch.from(0);
  }

  /**
   * What the bundle holds of a payload that is put together from parts: its own record. Of any
   * other payload, its bytes. Valid until the next payload is opened.
   *
   * @throws {PayloadError} If it cannot be read.
   */
  recordBytes(ref: RawPayloadRef): Uint8Array {
    using text = this.#storage.openRecord(ref);
    this.#fill(ref, text);
    return this.#scratch.from(0);
  }

  /**
   * How many bytes {@linkcode bytes} has.
   *
   * @throws {PayloadError} If it cannot be opened.
   */
  size(ref: RawPayloadRef): number {
    return this.#storage.sizeOf(ref);
  }

  /** {@inheritDoc PayloadSource.openRequest} */
  openRequest(ref: RawPayloadRef, thread: ThreadId): RequestWindow {
    const request = this.readRequest(ref, thread);
    this.#observer?.observeRequest(ref, thread, request);
    return request.window;
  }

  /**
   * Reads a request as {@linkcode openRequest} does.
   *
   * @throws {PayloadError} If it cannot be read or is not strict JSON.
   */
  readRequest(ref: RawPayloadRef, thread: ThreadId): ReadRequest {
    this.#refuseMissing(ref);
    const request = this.#withRepair(
      ref,
      () =>
        this.#readers.use(thread, (reader) => {
          using text = this.#openText(ref);
          const loaded = this.#read(
            ref,
            text,
            (opened, max) => reader.load(opened, max),
          );
          return parsing(
            this.#placeOf(ref),
            loaded,
            () => reader.parse(this.#context.json),
          );
        }),
    );
    this.#parsed.add(ref.raw_payload_id);
    for (const { sameAs } of request.window.fresh) {
      if (sameAs === undefined) this.#elements++;
    }
    return request;
  }

  /** {@inheritDoc PayloadSource.closeThread} */
  closeThread(thread: ThreadId): void {
    this.#readers.delete(thread);
  }

  /**
   * Checks one payload: that it exists, and is what its reference claims.
   *
   * @throws {PayloadError} If not.
   */
  verify(ref: RawPayloadRef): void {
    if (!this.#parsed.has(ref.raw_payload_id)) this.#storage.verify(ref);
  }

  /** {@inheritDoc PayloadSource.verifyAll} */
  verifyAll(isClosed: boolean, report: (fault: unknown) => void): void {
    this.#storage.verifyAll(isClosed, report);
  }

  /** Returns what `read` returns; a payload with an unpaired surrogate is repaired and read again. */
  #withRepair<T>({ raw_payload_id: id }: RawPayloadRef, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (
        this.#onSurrogate === undefined || this.#repaired.has(id) ||
        !(error instanceof PayloadError) ||
        !(error.cause instanceof LoneSurrogateError)
      ) throw error;
      this.#repaired.add(id);
      this.#onSurrogate(error);
      return read();
    }
  }

  /** Opens the text of a payload, repaired if it was found to need that. */
  #openText(ref: RawPayloadRef): StoredText {
    const text = this.#storage.open(ref);
    if (!this.#repaired.has(ref.raw_payload_id)) return text;
    using source = text;
    const repaired = new ByteBuffer();
    repaired.fill(source.source, this.#context.limits.payload);
    const json = replaceLoneSurrogates(repaired.text());
    return storedBytes(new TextEncoder().encode(json));
  }

  /** What was truncated or omitted has no text that anything could be read from. */
  #refuseMissing(ref: RawPayloadRef): void {
    const { capture } = ref;
    if (capture === undefined) return;
    const size = capture.original_bytes;
    const message = capture.status === "omitted"
      ? `was omitted by the recorder's limit: ${size} bytes`
      : `was truncated by the recorder's limit: ${capture.retained_bytes} of ${size} bytes were kept`;
    throw new PayloadError("payload_not_recorded", this.#placeOf(ref), message);
  }

  #placeOf(ref: RawPayloadRef): PayloadLocation {
    const path = this.#storage.fileOf(ref) ?? PAYLOADS_DIR;
    return { raw_payload_id: ref.raw_payload_id, path };
  }

  #load(ref: RawPayloadRef): void {
    using text = this.#storage.open(ref);
    this.#fill(ref, text);
  }

  #fill(ref: RawPayloadRef, text: StoredText): ByteBuffer {
    const loaded = this.#scratch;
    return this.#read(ref, text, ({ source }, max) => ({
      loaded,
      isComplete: loaded.fill(source, max),
    }));
  }

  #read(ref: RawPayloadRef, text: StoredText, read: Reading): ByteBuffer {
    const place = this.#placeOf(ref);
    const loaded = readComplete(place, text, this.#context, read);
    this.#files++;
    this.#bytesRead += loaded.length;
    if (this.#context.keepIn !== undefined) {
      this.#storage.keep(ref, loaded.from(0));
    }
    return loaded;
  }
}
