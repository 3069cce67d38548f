/**
 * The blocks of data of a page, by the names under which the page finds them.
 *
 * @module
 */

import type { RawPayloadRef } from "../format/payload.ts";
import type { PayloadReader } from "../query/session/session.ts";
import { BLOCKS } from "./block_names.ts";
import type { Report } from "./build/build_report.ts";

/** Returns every block as JSON, by its name. */
export function reportBlocks(
  { data, texts, plan }: Report,
  reader: PayloadReader | null,
): Map<string, string> {
  const blocks = new Map([[BLOCKS.data as string, JSON.stringify(data)]]);
  texts.forEach((each, i) =>
    blocks.set(BLOCKS.texts + i, JSON.stringify(each))
  );
  plan.blocks.forEach((refs, i) => {
    const held = JSON.stringify(payloadsIn(refs, reader));
    blocks.set(BLOCKS.payloads + i, held);
  });
  return blocks;
}

/** The payloads of one block: id and text of each that can be read. */
export function payloadsIn(
  refs: readonly RawPayloadRef[],
  reader: PayloadReader | null,
): [id: string, text: string][] {
  return refs.flatMap((ref): [string, string][] => {
    const text = reader === null ? undefined : textOf(reader, ref);
    return text === undefined ? [] : [[ref.raw_payload_id, text]];
  });
}

function textOf(reader: PayloadReader, ref: RawPayloadRef): string | undefined {
  try {
    return new TextDecoder().decode(reader.bytes(ref));
  } catch {
    // It was readable when it was planned. The page shows that it does not contain it.
    return undefined;
  }
}
