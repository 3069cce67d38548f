/**
 * References to payloads that are files of their own, as schemas 1 and 2 write them.
 *
 * @module
 */

import { required, string } from "../decode/decode.ts";
import type { Decoder } from "../decode/decode.ts";
import { record } from "../decode/record_decoder.ts";
import type { RawPayloadKindName, RawPayloadRef } from "../payload.ts";
import { payloadKind } from "./payload_ref.ts";

/** A reference that names a file. */
type FileRef = Pick<RawPayloadRef, "raw_payload_id" | "kind" | "path">;

/** Makes a decoder of references to files whose kind is one of `kinds`. */
export function fileRef(
  kinds: readonly RawPayloadKindName[],
): Decoder<RawPayloadRef> {
  return record<Required<FileRef>>({
    raw_payload_id: required(string),
    kind: required(payloadKind(kinds)),
    path: required(string),
  });
}
