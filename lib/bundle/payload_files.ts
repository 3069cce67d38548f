/**
 * The payloads of a bundle folder, for the reducer.
 *
 * Everything is read through buffers that are used again: one for small payloads, a few for the
 * next request, and one for the last full request of each live thread.
 *
 * @module
 */

import { LimitError, PayloadError } from "../errors.ts";
import type { ThreadId } from "../format/ids.ts";
import { jsonGrammarError } from "../format/json/json_parse.ts";
import type {
  MeasuredRequest,
  PayloadDocument,
  PayloadSource,
  RawPayloadRef,
  RequestWindow,
} from "../format/payload.ts";
import { ByteBuffer, TextEncodingError } from "./byte_buffer.ts";
import { BundleFolder } from "./inside_file.ts";
import { DepthError, JsonReader } from "./json_reader.ts";
import { DEFAULT_LIMITS, type Limits, ReadBudget } from "./limits.ts";
import { LoadedDocument } from "./payload_document.ts";
import { PayloadPaths } from "./payload_paths.ts";
import type { RequestWindowState } from "./request/request_window.ts";
import { RequestWindows } from "./request/request_windows.ts";

/** How payloads are read. */
export interface PayloadFilesOptions {
  /** Whether requests are told against the one before them. Off only to test that it is exact. */
  readonly sharePrefixes?: boolean;
  /** After how many bytes of requests they are compared in memories. Given only to test that. */
  readonly memoryFrom?: number;
  /** What a payload, and all payloads, may have; by default the default limits. */
  readonly limits?: Limits;
  /** Counts what is read of the whole bundle; by default, of the payloads alone. */
  readonly budget?: ReadBudget;
}

/** How much work reading took; independent of the machine. */
export interface PayloadCounters {
  /** Payload files that were read. */
  files: number;
  /** Their bytes. */
  bytesRead: number;
  /** Characters that went through the JSON parser. */
  charactersParsed: number;
  /** Elements of requests that were parsed because no earlier request had them. */
  elementsParsed: number;
}

/** Reads payloads from the folder of a bundle. */
export class PayloadFiles implements PayloadSource {
  readonly #paths: PayloadPaths;
  readonly #limits: Limits;
  readonly #budget: ReadBudget;
  readonly #json: JsonReader;
  readonly #scratch: ByteBuffer = new ByteBuffer();
  readonly #windows: RequestWindows;
  readonly #checked: Set<string> = new Set();
  #files = 0;
  #bytesRead = 0;
  #elements = 0;

  /** Reads below `root`. */
  constructor(root: string, options: PayloadFilesOptions = {}) {
    this.#paths = new PayloadPaths(new BundleFolder(root));
    this.#limits = options.limits ?? DEFAULT_LIMITS;
    this.#budget = options.budget ?? new ReadBudget(this.#limits);
    this.#json = new JsonReader(this.#limits.depth);
    const { sharePrefixes = true, memoryFrom } = options;
    this.#windows = new RequestWindows(sharePrefixes, memoryFrom);
  }

  /**
   * To be called when all is read.
   *
   * @throws {BundleFormatError} If a folder was replaced meanwhile, so that what was read may
   * come from elsewhere.
   */
  finish(): void {
    this.#paths.checkFolders();
  }

  /** What was done so far. */
  get counters(): PayloadCounters {
    return {
      files: this.#files,
      bytesRead: this.#bytesRead,
      charactersParsed: this.#json.parsed,
      elementsParsed: this.#elements,
    };
  }

  /** How many memories there are in which requests are compared. */
  get memories(): number {
    return this.#windows.memories;
  }

  /** {@inheritDoc PayloadSource.open} */
  open(ref: RawPayloadRef): PayloadDocument {
    this.#load(ref);
    return parsing(ref, this.#scratch, () => {
      const text = this.#scratch.text();
      const value = this.#json.parse(text);
      this.#checked.add(ref.path);
      return new LoadedDocument(value, text, this.#scratch);
    });
  }

  /**
   * The bytes of a payload, whatever they are. Valid until the next payload is opened.
   *
   * @throws {PayloadError} If it cannot be read.
   */
  bytes(ref: RawPayloadRef): Uint8Array {
    this.#load(ref);
    return this.#scratch.from(0);
  }

  /**
   * How many bytes a payload has; reads none of them.
   *
   * @throws {PayloadError} If it cannot be opened.
   */
  size(ref: RawPayloadRef): number {
    using opened = this.#paths.open(ref);
    try {
      return opened.size ?? opened.file.statSync().size;
    } catch (cause) {
      throw new PayloadError("payload_unreadable", ref, "cannot be read", {
        cause,
      });
    }
  }

  /** {@inheritDoc PayloadSource.openRequest} */
  openRequest(ref: RawPayloadRef, thread: ThreadId): RequestWindow {
    const window = this.#useWindow(ref, thread, (it) => it.parse(this.#json));
    this.#elements += window.fresh.length;
    return window;
  }

  /**
   * Reads a request as {@linkcode openRequest} does, and tells how large its parts are.
   *
   * @throws {PayloadError} If it cannot be read or is not strict JSON.
   */
  measureRequest(ref: RawPayloadRef, thread: ThreadId): MeasuredRequest {
    const request = this.#useWindow(
      ref,
      thread,
      (it) => it.measure(this.#json),
    );
    this.#elements += request.window.fresh.length;
    return request;
  }

  #useWindow<T>(
    ref: RawPayloadRef,
    thread: ThreadId,
    parse: (window: RequestWindowState) => T,
  ): T {
    const result = this.#windows.use(thread, (window) => {
      const loaded = this.#read(ref, (file, most) => window.load(file, most));
      return parsing(ref, loaded, () => parse(window));
    });
    this.#checked.add(ref.path);
    return result;
  }

  /** {@inheritDoc PayloadSource.closeThread} */
  closeThread(thread: ThreadId): void {
    this.#windows.delete(thread);
  }

  /** {@inheritDoc PayloadSource.verify} */
  verify(ref: RawPayloadRef): void {
    if (this.#checked.has(ref.path)) return;
    this.#load(ref);
    parsing(ref, this.#scratch, () => {
      const text = this.#scratch.text();
      this.#json.checkDepth(text);
      const fault = jsonGrammarError(text);
      if (fault !== undefined) throw fault;
    });
    this.#checked.add(ref.path);
  }

  #load(ref: RawPayloadRef): void {
    const loaded = this.#scratch;
    this.#read(ref, (file, most) => ({
      loaded,
      isWhole: loaded.fill(file, most),
    }));
  }

  /** Lets `read` read a payload, and checks and counts what it read. */
  #read(ref: RawPayloadRef, read: Reading): ByteBuffer {
    using opened = this.#paths.open(ref);
    const { payload: most } = this.#limits;
    let got: ReturnType<Reading> | undefined;
    try {
      // Where its size is known, nothing of a payload that is too large is read.
      if ((opened.size ?? 0) <= most) got = read(opened.file, most);
    } catch (cause) {
      throw new PayloadError("payload_unreadable", ref, "cannot be read", {
        cause,
      });
    }
    try {
      if (got === undefined || !got.isWhole) {
        throw exceeded("payload", most, "has more bytes than", ref);
      }
      this.#budget.spend(got.loaded.length, ref.path);
    } catch (error) {
      throw overLimit(ref, error);
    }
    this.#files++;
    this.#bytesRead += got.loaded.length;
    return got.loaded;
  }
}

/** Reads an open payload, at most a number of bytes, and tells whether that was all of it. */
type Reading = (
  file: Deno.FsFile,
  most: number,
) => { loaded: ByteBuffer; isWhole: boolean };

function exceeded(
  limit: "payload" | "depth",
  most: number,
  what: string,
  { path: file }: RawPayloadRef,
): LimitError {
  return new LimitError(limit, most, what, { file });
}

/** A limit that a payload exceeds, told with the payload. */
function overLimit(ref: RawPayloadRef, error: unknown): unknown {
  if (!(error instanceof LimitError)) return error;
  const { reason } = error;
  return new PayloadError("payload_over_limit", ref, reason, { cause: error });
}

/** Runs a parse; a fault is told with the payload it is in. */
function parsing<T>(ref: RawPayloadRef, loaded: ByteBuffer, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (cause instanceof DepthError) {
      const { most } = cause;
      throw overLimit(ref, exceeded("depth", most, "nests deeper than", ref));
    }
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new PayloadError(
      "payload_not_json",
      ref,
      `is not JSON: ${faultOf(cause, loaded)}`,
      {
        cause,
      },
    );
  }
}

function faultOf(cause: SyntaxError, loaded: ByteBuffer): string {
  if (cause instanceof TextEncodingError) return cause.message;
  // The engine's message quotes the text, which may hold control characters.
  return jsonGrammarError(loaded.text())?.message ?? cause.message;
}
