/**
 * The `state.json` of a graph, by the rules of the schema it was reduced by.
 *
 * @module
 */

import type { StateRules } from "../../lib/graph/codec/codec.ts";
import type { ItemIdList } from "../../lib/graph/conversation.ts";
import {
  type ItemIdStorage,
  SharedItemIdList,
} from "../../lib/graph/item_id_list.ts";
import type { RolloutTrace } from "../../lib/graph/rollout_trace.ts";
import type { Compaction, InferenceCall } from "../../lib/graph/runtime.ts";
import { schemaNumbered } from "../../lib/schema/registry.ts";
import { stateJson, writeStateJson } from "../../lib/graph/view/state_json.ts";

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

type MapKey = {
  [K in keyof RolloutTrace]-?: RolloutTrace[K] extends
    ReadonlyMap<string, unknown> ? K : never;
}[keyof RolloutTrace];

type Entry<K extends MapKey> = RolloutTrace[K] extends
  ReadonlyMap<string, infer V> ? V : never;

/** What `JSON.parse` makes of a state: objects where the graph has maps, arrays for id lists. */
type StateFile =
  & Omit<RolloutTrace, MapKey>
  & { [K in MapKey]: Record<string, Entry<K>> }
  & {
    inference_calls: Record<
      string,
      Omit<InferenceCall, "request_item_ids"> & { request_item_ids: string[] }
    >;
    compactions: Record<
      string,
      Omit<Compaction, "input_item_ids"> & { input_item_ids: string[] }
    >;
  };

/** A vector of ids that lists share. */
class Ids implements ItemIdStorage {
  readonly ids: string[] = [];

  get length(): number {
    return this.ids.length;
  }

  idAt(index: number): string {
    return this.ids[index] ?? "";
  }
}

/** Assigns to every list the first storage that agrees with it as far as both go. */
class Storages {
  readonly #storages: Ids[] = [];

  share(ids: readonly string[]): ItemIdList {
    const agrees = ({ ids: have }: Ids) =>
      have.every((id, i) => i >= ids.length || id === ids[i]);
    let storage = this.#storages.find(agrees);
    if (storage === undefined) this.#storages.push(storage = new Ids());
    storage.ids.push(...ids.slice(storage.length));
    return new SharedItemIdList(storage, ids.length);
  }
}

/** The graph that a state of small integers reports. Its request lists share storage. */
export function loadState(text: string): RolloutTrace {
  const file: StateFile = JSON.parse(text);
  const storages = new Storages();
  return {
    ...file,
    threads: mapOf(file.threads),
    codex_turns: mapOf(file.codex_turns),
    conversation_items: mapOf(file.conversation_items),
    inference_calls: mapOf(file.inference_calls, (call) => ({
      ...call,
      request_item_ids: storages.share(call.request_item_ids),
    })),
    code_cells: mapOf(file.code_cells),
    tool_calls: mapOf(file.tool_calls),
    terminal_sessions: mapOf(file.terminal_sessions),
    terminal_operations: mapOf(file.terminal_operations),
    compactions: mapOf(file.compactions, (compaction) => ({
      ...compaction,
      input_item_ids: storages.share(compaction.input_item_ids),
    })),
    compaction_requests: mapOf(file.compaction_requests),
    interaction_edges: mapOf(file.interaction_edges),
    raw_payloads: mapOf(file.raw_payloads),
  };
}

function mapOf<V>(entries: Record<string, V>): Map<string, V>;
function mapOf<V, W>(
  entries: Record<string, V>,
  convert: (value: V) => W,
): Map<string, W>;
function mapOf(
  entries: Record<string, unknown>,
  convert: (value: unknown) => unknown = (value) => value,
): Map<string, unknown> {
  // Backwards, so that only the writer can have put them in order.
  return new Map(
    Object.entries(entries).reverse().map(([key, value]) =>
      [key, convert(value)] as const
    ),
  );
}
