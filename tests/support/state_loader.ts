/**
 * Reads `state.json` back into a graph, so that the writer can be tested without a reducer.
 *
 * @module
 */

import type { ItemIdList } from "../../lib/graph/conversation.ts";
import { SharedItemIdList } from "../../lib/graph/item_id_list.ts";
import type { ItemIdStorage } from "../../lib/graph/item_id_list.ts";
import type { RolloutTrace } from "../../lib/graph/rollout_trace.ts";
import type { Compaction, InferenceCall } from "../../lib/graph/runtime.ts";

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

/** Gives every list the first storage that agrees with it as far as both go. */
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

/** The graph that a state of small integers tells. Its request lists share storage. */
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
