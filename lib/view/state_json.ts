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
import type { Printer } from "./state_shape.ts";

/** Keys that schema 1 does not print. They are spelled alike wherever they stand. */
const SCHEMA_TWO_KEYS: ReadonlySet<string> = new Set([
  "recording_complete",
  "responses_item_id",
  "accepted_at_unix_ms",
  "accepted_seq",
  "content_sha256",
  "started_code_cell_id",
]);

const PRINTERS: { readonly [S in SchemaVersion]: Printer<RolloutTrace> } = {
  1: rolloutTrace({ depth: 0, omitted: SCHEMA_TWO_KEYS }),
  2: rolloutTrace({ depth: 0, omitted: new Set() }),
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
  PRINTERS[trace.schema_version](out, { ...trace, recording_complete });
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
