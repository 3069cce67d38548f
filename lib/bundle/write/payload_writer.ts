/**
 * Where the payloads of a bundle are written: one file each, or records of shards.
 *
 * @module
 */

import { utf8Bytes } from "./json_text.ts";
import { FileDraft, type PayloadDraft } from "./payload_draft.ts";
import { SharedTexts } from "./shared_texts.ts";
import type { BundleStore, ByteBudget } from "./store.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { rawPayloadId } from "../../format/ids.ts";
import { PAYLOADS_DIR } from "../../format/manifest.ts";
import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../format/payload.ts";

/** Writes the payloads of one bundle, whose drafts are of type `Draft`. */
export interface PayloadWriter<Draft extends PayloadDraft = PayloadDraft> {
  /**
   * Returns a payload as it will be written.
   *
   * @throws {TypeError} If `value` has no JSON.
   */
  draft(kind: RawPayloadKindName, value: unknown): Draft;
  /**
   * Writes the payloads of an event, drafts of this writer, which are with the operating system when
   * this returns.
   *
   * An id is never used again, also when this fails: what may have stayed on disk is never
   * referred to.
   *
   * @returns The references, in the order of the drafts.
   * @throws {RangeError} If readers do not take a payload of that length.
   * @throws {Error} If the store throws.
   */
  // A method, whose parameters are compared both ways: a writer gets the drafts that it made.
  write(drafts: readonly Draft[]): RawPayloadRef[];
  /**
   * Completes every file. A later payload begins another one.
   *
   * @throws {Error} If the store throws. A later call tries again.
   */
  seal(): void;
}

/** What payloads are written with. */
export interface PayloadWriterContext {
  /** Takes the files. */
  readonly store: BundleStore;
  /** Counts the bytes that are written of the bundle. */
  readonly budget: ByteBudget;
  /** Bytes of a payload's text above which it is split or truncated; infinite without a limit. */
  readonly maxPayloadBytes: number;
}

/**
 * Checks the length of a payload as it is read.
 *
 * @throws {RangeError} If readers do not take it.
 */
export function requireReadable(bytes: number): void {
  const { payload } = DEFAULT_LIMITS;
  if (bytes <= payload) return;
  throw new RangeError(
    `it has ${bytes} bytes, and readers take ${payload}`,
  );
}

/** Writes every payload to a new file, which is complete before anything refers to it. */
export class PayloadFiles implements PayloadWriter<FileDraft> {
  readonly #store: BundleStore;
  readonly #texts = new SharedTexts();
  #ordinal = 0;

  /** Writes to the store of `context`; such a bundle has no limits. */
  constructor({ store }: PayloadWriterContext) {
    this.#store = store;
  }

  /** Returns the content of a file. */
  draft(kind: RawPayloadKindName, value: unknown): FileDraft {
    return new FileDraft(kind, value, this.#texts);
  }

  write(drafts: readonly FileDraft[]): RawPayloadRef[] {
    return drafts.map((draft) => this.#write(draft));
  }

  /** Does nothing: every file is complete. */
  seal(): void {}

  #write({ kind: type, text }: FileDraft): RawPayloadRef {
    const content = utf8Bytes(text);
    requireReadable(content.length);
    const ordinal = ++this.#ordinal;
    const path = `${PAYLOADS_DIR}/${ordinal}.json`;
    this.#store.createFile(path, content);
    return { raw_payload_id: rawPayloadId(ordinal), kind: { type }, path };
  }
}
