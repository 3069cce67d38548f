/**
 * The payloads of one block as bytes of the page.
 *
 * A page has megabytes of them, most of which are ASCII. They become JSON byte by byte, in memory
 * that is used again: as texts they would be decoded, printed, searched twice, and encoded.
 *
 * @module
 */

import type { RawPayloadRef } from "../../format/payload.ts";
import type { PayloadReader } from "../../query/session/session.ts";
import { payloadsIn } from "../report_blocks.ts";
import { inertJson, MAX_ESCAPED } from "./inert_json.ts";
import { StringBytes } from "./string_bytes.ts";

/** An id that JSON prints unchanged and that means nothing in HTML. */
const PLAIN_ID = /^[\w:.-]*$/;

/** Prints blocks of payloads, as {@linkcode inertJson} prints what {@linkcode payloadsIn} returns. */
export class PayloadBlocks {
  readonly #bytes: StringBytes = new StringBytes();

  /**
   * Returns one block: ids and texts of the payloads that can be read. Valid until the next block
   * is asked for.
   */
  block(
    refs: readonly RawPayloadRef[],
    reader: PayloadReader | null,
  ): Uint8Array {
    return reader !== null && this.#takes(refs, reader)
      ? this.#bytes.content()
      : new TextEncoder().encode(inertJson(payloadsIn(refs, reader)));
  }

  /** Prints a block, if all of it is UTF-8 and almost all of it ASCII. */
  #takes(refs: readonly RawPayloadRef[], reader: PayloadReader): boolean {
    const bytes = this.#bytes;
    bytes.clear();
    let opening = "[[";
    for (const ref of refs) {
      const { raw_payload_id: id } = ref;
      const text = bytesOf(reader, ref);
      if (text === null) continue;
      if (!PLAIN_ID.test(id)) return false;
      bytes.addAscii(`${opening}"${id}",`);
      if (!bytes.addString(text)) return false;
      opening = "],[";
    }
    bytes.addAscii(opening === "[[" ? "[]" : "]]");
    return bytes.beyondAscii <= bytes.characters * MAX_ESCAPED;
  }
}

/** The bytes of a payload; null where it cannot be read: it was readable when it was planned. */
function bytesOf(reader: PayloadReader, ref: RawPayloadRef): Uint8Array | null {
  try {
    return reader.bytes(ref);
  } catch {
    // The page shows that it does not contain it.
    return null;
  }
}
