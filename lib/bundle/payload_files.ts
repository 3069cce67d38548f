/**
 * The payloads of a bundle folder, for the reducer.
 *
 * Everything is read through buffers that are used again: one for small payloads, one for the
 * next request, and one for the last full request of each live thread.
 *
 * @module
 */

import { PayloadError } from "../errors.ts";
import type { ThreadId } from "../format/ids.ts";
import { jsonGrammarError } from "../format/json_parse.ts";
import type {
  PayloadDocument,
  PayloadSource,
  RawPayloadRef,
  RequestWindow,
} from "../format/payload.ts";
import { ByteBuffer, TextEncodingError } from "./byte_buffer.ts";
import { PrefixComparer } from "./common_prefix.ts";
import { JsonReader } from "./json_reader.ts";
import { LoadedDocument } from "./payload_document.ts";
import { PayloadPaths } from "./payload_paths.ts";
import { RequestWindowState } from "./request_window.ts";

/** How payloads are read. */
export interface PayloadFilesOptions {
  /** Whether requests are told against the one before them. Off only to test that it is exact. */
  readonly sharePrefixes?: boolean;
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
  readonly #share: boolean;
  readonly #json: JsonReader = new JsonReader();
  readonly #comparer: PrefixComparer = new PrefixComparer();
  readonly #scratch: ByteBuffer = new ByteBuffer();
  readonly #windows: Map<ThreadId, RequestWindowState> = new Map();
  readonly #checked: Set<string> = new Set();
  #spare: ByteBuffer = new ByteBuffer();
  #files = 0;
  #bytesRead = 0;
  #elements = 0;

  /** Reads below `root`. */
  constructor(root: string, options: PayloadFilesOptions = {}) {
    this.#paths = new PayloadPaths(root);
    this.#share = options.sharePrefixes ?? true;
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

  /** {@inheritDoc PayloadSource.open} */
  open(ref: RawPayloadRef): PayloadDocument {
    this.#load(ref, this.#scratch);
    return parsing(ref, this.#scratch, () => {
      const text = this.#scratch.text();
      const value = this.#json.parse(text);
      this.#checked.add(ref.path);
      return new LoadedDocument(value, text, this.#scratch);
    });
  }

  /** {@inheritDoc PayloadSource.openRequest} */
  openRequest(ref: RawPayloadRef, thread: ThreadId): RequestWindow {
    const loaded = this.#spare;
    this.#load(ref, loaded);
    const state = this.#windowOf(thread);
    const { window, spare } = parsing(
      ref,
      loaded,
      () => state.advance(loaded, this.#json, this.#comparer),
    );
    this.#spare = spare;
    this.#elements += window.fresh.length;
    this.#checked.add(ref.path);
    return window;
  }

  #windowOf(thread: ThreadId): RequestWindowState {
    const known = this.#windows.get(thread);
    if (known !== undefined) return known;
    const fresh = new RequestWindowState();
    if (this.#share) this.#windows.set(thread, fresh);
    return fresh;
  }

  /** {@inheritDoc PayloadSource.closeThread} */
  closeThread(thread: ThreadId): void {
    this.#windows.delete(thread);
  }

  /** {@inheritDoc PayloadSource.verify} */
  verify(ref: RawPayloadRef): void {
    if (this.#checked.has(ref.path)) return;
    this.#load(ref, this.#scratch);
    parsing(ref, this.#scratch, () => {
      const fault = jsonGrammarError(this.#scratch.text());
      if (fault !== undefined) throw fault;
    });
    this.#checked.add(ref.path);
  }

  #load(ref: RawPayloadRef, into: ByteBuffer): void {
    const path = this.#paths.resolve(ref);
    try {
      using file = Deno.openSync(path, { read: true });
      into.fill(file);
    } catch (cause) {
      if (cause instanceof Deno.errors.NotCapable) throw cause;
      throw new PayloadError("payload_unreadable", ref, "cannot be read", {
        cause,
      });
    }
    this.#files++;
    this.#bytesRead += into.length;
  }
}

/** Runs a parse; a fault is told with the payload it is in. */
function parsing<T>(ref: RawPayloadRef, loaded: ByteBuffer, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
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
