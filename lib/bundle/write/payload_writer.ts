/**
 * Where the payloads of a bundle are written: one file each, or records of shards.
 *
 * @module
 */

import { prettyJson } from "./json_text.ts";
import type { BundleStore, ByteBudget } from "./store.ts";
import { rawPayloadId } from "../../format/ids.ts";
import { PAYLOADS_DIR } from "../../format/manifest.ts";
import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../format/payload.ts";

/** Writes the payloads of one bundle. */
export interface PayloadWriter {
  /**
   * Writes a payload, which is with the operating system when this returns.
   *
   * An id is never used again, also when this fails: what may have stayed on disk is never
   * referred to.
   *
   * @throws {Error} If `value` has no JSON or the store throws.
   */
  write(kind: RawPayloadKindName, value: unknown): RawPayloadRef;
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

/** Makes the payload writer of a bundle; each schema names one. */
export type PayloadWriterFactory = (
  context: PayloadWriterContext,
) => PayloadWriter;

/** Writes every payload to a new file, which is complete before anything refers to it. */
export class PayloadFiles implements PayloadWriter {
  readonly #store: BundleStore;
  #ordinal = 0;

  /** Writes to the store of `context`; such a bundle has no limits. */
  constructor({ store }: PayloadWriterContext) {
    this.#store = store;
  }

  /** Writes a file. */
  write(kind: RawPayloadKindName, value: unknown): RawPayloadRef {
    const ordinal = ++this.#ordinal;
    const path = `${PAYLOADS_DIR}/${ordinal}.json`;
    this.#store.createFile(path, prettyJson(value));
    return {
      raw_payload_id: rawPayloadId(ordinal),
      kind: { type: kind },
      path,
    };
  }

  /** Does nothing: every file is complete. */
  seal(): void {}
}
