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
  RawPayloadRef,
} from "../../../format/payload.ts";
import type { PayloadReader } from "../session.ts";

/** Reads payloads of a bundle, and measures requests, which the reducer does not need. */
export class SessionPayloads extends BundlePayloads implements PayloadReader {
  /** {@inheritDoc PayloadReader.measureRequest} */
  measureRequest(ref: RawPayloadRef, thread: ThreadId): MeasuredRequest {
    const request = this.readRequest(ref, thread);
    return { window: request.window, sizes: sizesOf(request) };
  }
}
