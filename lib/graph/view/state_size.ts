/**
 * How large `state.json` becomes at least, before it is printed.
 *
 * Every request lists the complete conversation, so a small bundle can have a huge state: 42,000
 * requests, each with one more item, have 62 GB.
 *
 * @module
 */

import type { RolloutTrace } from "../rollout_trace.ts";

/** Bytes of an id in a list of ids at least: `conversation_item:1`, indented, on its line. */
const MIN_ID_BYTES = '        "conversation_item:1",\n'.length;

/** Bytes of a part of a payload at least: seven indented lines with its id, kind and shard. */
const MIN_PART_BYTES = 120;

/** Returns a lower bound of the bytes of `state.json`: those of the lists that grow fastest. */
export function minStateBytes(
  { inference_calls, compactions, raw_payloads }: RolloutTrace,
): number {
  let [ids, parts] = [0, 0];
  for (const { request_item_ids } of inference_calls.values()) {
    ids += request_item_ids.length;
  }
  for (const { input_item_ids } of compactions.values()) {
    ids += input_item_ids.length;
  }
  for (const payload of raw_payloads.values()) {
    parts += payload.parts?.length ?? 0;
  }
  return ids * MIN_ID_BYTES + parts * MIN_PART_BYTES;
}
