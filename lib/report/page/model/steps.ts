/**
 * Steps from one object to another, put together again.
 *
 * @module
 */

import { OBJECT_KINDS } from "../../../query/names/object_kind.ts";
import type { EventRow, HopTuple, Pointer } from "../../report_data.ts";
import type { Model } from "./model.ts";
import { TABLES } from "./objects.ts";

/** A step. */
export interface Step {
  /** How it goes on, in words. */
  readonly relation: string;
  /** Where to. */
  readonly to: Pointer;
  /** What more there is to say; null where there is nothing. */
  readonly note: string | null;
  /** The events that tell of it. */
  readonly events: readonly EventRow[];
}

/** The steps that some tuples stand for. */
export function stepsFrom(model: Model, hops: readonly HopTuple[]): Step[] {
  const { words } = model.data;
  return hops.flatMap(([relation, kind, row, note, ...events]) => {
    const name = OBJECT_KINDS[kind];
    const to = name === undefined ? undefined : model.rows[TABLES[name]][row];
    if (name === undefined || to === undefined) return [];
    return [{
      relation: (words[relation] ?? "").replaceAll("_", " "),
      to: [name, to.id] as const,
      note: words[note] ?? null,
      events: events.flatMap((each) => model.rows.events[each] ?? []),
    }];
  });
}
