/**
 * The `state.json` of a graph, by the rules of the schema it was reduced by.
 *
 * @module
 */

import type { StateRules } from "../../lib/graph/codec/codec.ts";
import type { RolloutTrace } from "../../lib/graph/rollout_trace.ts";
import { schemaNumbered } from "../../lib/schema/registry.ts";
import { stateJson, writeStateJson } from "../../lib/view/state_json.ts";

/** The rules of a schema by its number; `undefined` if it is not known. */
export function rulesOf(schema: number): StateRules | undefined {
  return schemaNumbered(schema)?.state;
}

/** The rules of the schema that a graph was reduced by. */
export function rulesFor({ schema_version: schema }: RolloutTrace): StateRules {
  const rules = rulesOf(schema);
  if (rules === undefined) {
    throw new RangeError(`schema ${schema} is not known`);
  }
  return rules;
}

/** The graph as one string. */
export function stateText(trace: RolloutTrace): string {
  return stateJson(trace, rulesFor(trace));
}

/** The graph as bytes. */
export function stateBytes(trace: RolloutTrace): Uint8Array {
  const chunks: Uint8Array[] = [];
  writeStateJson(
    trace,
    (chunk) => void chunks.push(chunk.slice()),
    rulesFor(trace),
  );
  const bytes = new Uint8Array(chunks.reduce((n, c) => n + c.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
