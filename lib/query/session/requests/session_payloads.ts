/**
 * The payloads of a session.
 *
 * @module
 */

import { BundlePayloads } from "../../../bundle/payloads/bundle_payloads.ts";
import { sizesOf } from "../../../bundle/request/request_sizes.ts";
import type { ThreadId } from "../../../format/ids.ts";
import type {
  MeasuredRequest,
  PayloadDocument,
  RawPayloadRef,
} from "../../../format/payload.ts";
import type { PayloadReader } from "../session.ts";

/** Reads payloads of a bundle for questions, which ask for the same one several times. */
export class SessionPayloads extends BundlePayloads implements PayloadReader {
  /** The payload that was opened last, while it is valid. */
  #opened: { ref: RawPayloadRef; document: PayloadDocument } | undefined;

  /** {@inheritDoc PayloadReader.open} */
  override open(ref: RawPayloadRef): PayloadDocument {
    if (this.#opened?.ref === ref) return this.#opened.document;
    this.#opened = undefined;
    const document = super.open(ref);
    this.#opened = { ref, document };
    return document;
  }

  /** {@inheritDoc PayloadReader.bytes} */
  override bytes(ref: RawPayloadRef): Uint8Array {
    this.#opened = undefined;
    return super.bytes(ref);
  }

  /** {@inheritDoc PayloadReader.recordBytes} */
  override recordBytes(ref: RawPayloadRef): Uint8Array {
    this.#opened = undefined;
    return super.recordBytes(ref);
  }

  /** {@inheritDoc PayloadReader.measureRequest} */
  measureRequest(ref: RawPayloadRef, thread: ThreadId): MeasuredRequest {
    const request = this.readRequest(ref, thread);
    return { window: request.window, sizes: sizesOf(request) };
  }
}
