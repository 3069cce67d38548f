/**
 * `state.json`: the reduced graph as pretty JSON, byte for byte as the reference reducer prints
 * it.
 *
 * @module
 */

import { DEFAULT_MAX_OUTPUT_BYTES, LimitError } from "../../errors.ts";
import { STATE_FILE } from "../../format/manifest.ts";
import { rolloutTrace } from "../codec/rollout_trace.ts";
import type { StateRules } from "../codec/codec.ts";
import { printerOf } from "../codec/write.ts";
import type { RolloutTrace } from "../rollout_trace.ts";
import { schemaNumbered } from "../../schema/registry.ts";
import { type ChunkWriter, StateOutput } from "./state_output.ts";

function stateRulesOf({ schema_version }: RolloutTrace): StateRules {
  const schema = schemaNumbered(schema_version);
  if (schema !== undefined) return schema.state;
  throw new RangeError(
    `cannot print a graph of unknown schema ${schema_version}`,
  );
}

/**
 * Prints the graph in chunks, since it may be larger than a string can be. Every request lists the
 * complete conversation, so that the text may be many times larger than the graph in memory.
 *
 * @param write Takes the bytes, in order. A chunk is valid during the call only.
 * @param rules The keys that are printed; those of the graph's schema when left out.
 * @param maxBytes What is written at most; 1 GiB when left out.
 * @throws {RangeError} If the graph has a schema that is not known, and no rules are given.
 * @throws {LimitError} With the first chunk that exceeds `maxBytes`, which is not passed on.
 */
export function writeStateJson(
  trace: RolloutTrace,
  write: ChunkWriter,
  rules: StateRules = stateRulesOf(trace),
  maxBytes: number = DEFAULT_MAX_OUTPUT_BYTES,
): void {
  const out = new StateOutput(limited(write, maxBytes));
  // Made here and for one schema: to prepare all at every start would cost a millisecond.
  const print = printerOf(rolloutTrace, rules);
  out.text(print(out, "", trace));
  out.end();
}

function limited(write: ChunkWriter, maxBytes: number): ChunkWriter {
  let used = 0;
  return (chunk) => {
    used += chunk.length;
    if (used > maxBytes) {
      throw new LimitError("output", maxBytes, "the output exceeds", {
        file: STATE_FILE,
      });
    }
    write(chunk);
  };
}

/** The graph as one string; for graphs known to be small. */
export function stateJson(
  trace: RolloutTrace,
  rules: StateRules = stateRulesOf(trace),
): string {
  const decoder = new TextDecoder();
  let text = "";
  writeStateJson(trace, (chunk) => {
    text += decoder.decode(chunk, { stream: true });
  }, rules);
  return text + decoder.decode();
}
