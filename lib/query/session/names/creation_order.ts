/**
 * The order in which the objects of a graph were made, as far as the objects themselves have it:
 * the same for a graph that was reduced and for one that was read from its `state.json`, which
 * has them in the order of their ids.
 *
 * @module
 */

import { compareValues } from "../../../format/integers.ts";
import type { Integer } from "../../../format/vocabulary.ts";
import type { ExecutionWindow } from "../../../graph/session.ts";
import type { ObjectKind, ObjectOf } from "./object_kind.ts";

/** What objects are ordered by before their ids: a moment, a number of an event or of an id. */
type OrderKeys = {
  readonly [K in ObjectKind]: (object: ObjectOf<K>, id: string) => Integer;
};

const ORDER_KEYS: OrderKeys = {
  thread: started,
  turn: started,
  item: counted,
  inference_call: started,
  tool_call: started,
  code_cell: started,
  terminal_session: started,
  terminal_operation: counted,
  compaction: ({ marker_item_id: marker }) => numberOf(marker),
  compaction_request: counted,
  // One that is settled late is no younger than its effects.
  edge: ({ started_at_unix_ms: moment }) => moment,
  payload: counted,
};

/** The objects of a kind in the order of creation. */
export function inCreationOrder<K extends ObjectKind>(
  kind: K,
  objects: ReadonlyMap<string, ObjectOf<K>>,
): [string, ObjectOf<K>][] {
  const keyOf: (object: ObjectOf<K>, id: string) => Integer = ORDER_KEYS[kind];
  const keyed = Array.from(
    objects,
    (entry) => ({ entry, key: keyOf(entry[1], entry[0]) }),
  );
  keyed.sort((a, b) =>
    compareValues(a.key, b.key) || compareValues(a.entry[0], b.entry[0])
  );
  return keyed.map(({ entry }) => entry);
}

function started({ execution }: { execution: ExecutionWindow }): Integer {
  return execution.started_seq;
}

function counted(_: unknown, id: string): Integer {
  return numberOf(id);
}

/** The number at the end of an id, for ids that are counted; ids without one are last. */
function numberOf(id: string): number {
  const [, digits] = /:(\d{1,15})$/.exec(id) ?? [];
  return digits === undefined ? Infinity : Number(digits);
}
