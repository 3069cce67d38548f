/**
 * Reads the graph of a `state.json`.
 *
 * @module
 */

import { DecodeError } from "../../format/decode/decode.ts";
import { parseExact } from "../../format/json/json_parse.ts";
import { assertStrictJson } from "../../format/json/json_strict.ts";
import type { Integer } from "../../format/vocabulary.ts";
import { int64, record, type StateRules } from "../../graph/codec/codec.ts";
import { readerOf } from "../../graph/codec/read.ts";
import { rolloutTrace } from "../../graph/codec/rollout_trace.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import { inCreationOrder } from "./names/creation_order.ts";
import type { ObjectKind, ObjectOf } from "./names/object_kind.ts";
import type { ConversationItemId } from "../../format/ids.ts";
import type { ItemIdList } from "../../graph/conversation.ts";
import {
  type ItemIdStorage,
  SharedItemIdList,
} from "../../graph/item_id_list.ts";

/** The rules of a schema by its number; `undefined` if the schema is not known. */
export type RulesOfSchema = (schema: number) => StateRules | undefined;

/** As much of a state as every schema has, to find out which one it is. */
const HEAD = record<{ schema_version: Integer }>("root", {
  schema_version: int64,
});

/**
 * Returns the graph of a `state.json`, its objects in the order of their creation. Where a key
 * occurs twice, the last one counts.
 *
 * @param rulesOf Finds the rules of the schema that the state names.
 * @throws {DecodeError} If it is not a state; the path leads to what is wrong.
 * @throws {SyntaxError} If it is not JSON.
 */
export function decodeState(
  json: string,
  rulesOf: RulesOfSchema,
): RolloutTrace {
  const state = parsed(json);
  const { schema_version: schema } = readerOf(HEAD, { absent: {} })(state);
  const rules = rulesOf(Number(schema));
  if (rules === undefined) {
    throw new DecodeError(`schema ${schema} is not known`, "schema_version");
  }
  return shared(ordered(readerOf(rolloutTrace, rules)(state)));
}

function parsed(json: string): unknown {
  if (mayLoseDigits(json)) return parseExact(json);
  const value: unknown = JSON.parse(json);
  assertStrictJson(json);
  return value;
}

/**
 * Whether the text may have a number that JavaScript would round or spell differently. The
 * answer may be a wrong yes, for digits inside a string.
 */
function mayLoseDigits(json: string): boolean {
  return /[:,[]\s*-?(?:\d{16}|\d+[.eE]|-0)/.test(json);
}

/** The graph with every map in the order of creation. */
function ordered(trace: RolloutTrace): RolloutTrace {
  const of = <K extends ObjectKind>(
    kind: K,
    map: ReadonlyMap<string, ObjectOf<K>>,
  ) => new Map(inCreationOrder(kind, map));
  return {
    ...trace,
    threads: of("thread", trace.threads),
    codex_turns: of("turn", trace.codex_turns),
    conversation_items: of("item", trace.conversation_items),
    inference_calls: of("inference_call", trace.inference_calls),
    code_cells: of("code_cell", trace.code_cells),
    tool_calls: of("tool_call", trace.tool_calls),
    terminal_sessions: of("terminal_session", trace.terminal_sessions),
    terminal_operations: of("terminal_operation", trace.terminal_operations),
    compactions: of("compaction", trace.compactions),
    compaction_requests: of("compaction_request", trace.compaction_requests),
    interaction_edges: of("edge", trace.interaction_edges),
    raw_payloads: of("payload", trace.raw_payloads),
  };
}

/** The graph with lists of items that share storage. */
function shared(trace: RolloutTrace): RolloutTrace {
  const ids = new SharedIds();
  for (const call of trace.inference_calls.values()) {
    call.request_item_ids = ids.share(call.request_item_ids);
  }
  for (const each of trace.compactions.values()) {
    each.input_item_ids = ids.share(each.input_item_ids);
  }
  return trace;
}

class Ids implements ItemIdStorage {
  readonly ids: ConversationItemId[] = [];

  get length(): number {
    return this.ids.length;
  }

  idAt(index: number): ConversationItemId {
    return this.ids[index] ?? "";
  }

  /** Whether `list` is the beginning of this, or this the beginning of `list`. */
  agreesWith(list: readonly ConversationItemId[]): boolean {
    const both = Math.min(list.length, this.ids.length);
    for (let at = both - 1; at >= 0; at--) {
      if (list[at] !== this.ids[at]) return false;
    }
    return true;
  }

  /** Takes in what `list` has beyond this. */
  extendBy(list: readonly ConversationItemId[]): void {
    for (let at = this.ids.length; at < list.length; at++) {
      this.ids.push(list[at] ?? "");
    }
  }
}

/** Assigns storage to lists; called in the order in which the lists were made. */
class SharedIds {
  /** The storage made last, by the item that begins it. */
  readonly #byFirst: Map<ConversationItemId, Ids> = new Map();

  /** The same list, on a storage that it shares with lists before it. */
  share(list: ItemIdList): ItemIdList {
    const ids = list.toJSON();
    const [first] = ids;
    if (first === undefined) return new SharedItemIdList(new Ids(), 0);
    let storage = this.#byFirst.get(first);
    if (storage === undefined || !storage.agreesWith(ids)) {
      storage = new Ids();
      this.#byFirst.set(first, storage);
    }
    storage.extendBy(ids);
    return new SharedItemIdList(storage, ids.length);
  }
}
