/**
 * `state.json`: the reduced graph as pretty JSON, byte for byte as the reference prints it.
 *
 * @module
 */

import type { SchemaVersion } from "../format/manifest.ts";
import type { RolloutTrace } from "../graph/rollout_trace.ts";
import { rolloutTrace } from "./state_layout.ts";
import { StateOutput } from "./state_output.ts";
import type { ChunkWriter } from "./state_output.ts";

/** Keys that only schema 2 prints. They are spelled alike wherever they stand. */
const SCHEMA_TWO_KEYS: ReadonlySet<string> = new Set([
  "recording_complete",
  "responses_item_id",
  "accepted_at_unix_ms",
  "accepted_seq",
  "content_sha256",
  "started_code_cell_id",
]);

const OMITTED: { readonly [S in SchemaVersion]: ReadonlySet<string> } = {
  1: SCHEMA_TWO_KEYS,
  2: new Set(),
};

/**
 * Prints the graph in chunks, since it may be larger than a string can be.
 *
 * @param write Takes the bytes, in order. A chunk is valid during the call only.
 */
export function writeStateJson(trace: RolloutTrace, write: ChunkWriter): void {
  const out = new StateOutput(write);
  // Schema 2 prints this key also when nothing set it.
  const recording_complete = trace.recording_complete ?? false;
  // Made here and for one schema: to prepare both at every start would cost a millisecond.
  const print = rolloutTrace({
    depth: 0,
    omitted: OMITTED[trace.schema_version],
  });
  out.text(print(out, "", { ...trace, recording_complete }));
  out.end();
}

/** The graph as one string; for graphs known to be small. */
export function stateJson(trace: RolloutTrace): string {
  const decoder = new TextDecoder();
  let text = "";
  writeStateJson(trace, (chunk) => {
    text += decoder.decode(chunk, { stream: true });
  });
  return text + decoder.decode();
}
