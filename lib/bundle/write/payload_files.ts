/**
 * Payloads as files of their own, one each. Schemas 1 and 2.
 *
 * @module
 */

import { rawPayloadId } from "../../format/ids.ts";
import { PAYLOADS_DIR } from "../../format/manifest.ts";
import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../format/payload.ts";
import { prettyJson } from "./json_text.ts";
import type { PayloadWriter, PayloadWriterContext } from "./payload_writer.ts";
import type { BundleStore } from "./store.ts";

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
