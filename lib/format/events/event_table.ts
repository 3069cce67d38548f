/**
 * The events of one schema, in the order of the format: how they are described by type, and how the
 * table of one schema is made from that of another.
 *
 * @module
 */

import type { Fields } from "../decode/decode.ts";
import type { EventOf, EventType } from "../event.ts";
import type {
  EventDescription,
  EventDescriptionOf,
} from "./event_description.ts";

/** The events of a schema by type, in the order of the format. */
export type EventTable = Readonly<Record<string, EventDescription>>;

/** Fields of the event `K` that are written in another way; they keep their places. */
interface FieldChange<K extends EventType> {
  readonly change: K;
  readonly fields: Partial<Fields<Omit<EventOf<K>, "type">>>;
}

/** How a schema differs from another in one event. */
export type EventChange =
  /** It has an event more, `after` another one; null puts it first. */
  | { readonly add: EventDescription; readonly after: string | null }
  /** It writes some fields of the event in another way. */
  | { readonly [K in EventType]: FieldChange<K> }[EventType]
  /** It has another event of that type. */
  | { readonly replace: EventDescription }
  /** It does not have the event. */
  | { readonly remove: string };

/** Describes events that the unions name, by their types. */
export function describeEvents<K extends EventType>(
  descriptions: {
    readonly [T in K]: Omit<EventDescriptionOf<EventOf<T>>, "type">;
  },
): { readonly [T in K]: EventDescriptionOf<EventOf<T>> };
export function describeEvents(
  descriptions: Readonly<Record<string, Omit<EventDescription, "type">>>,
): EventTable {
  return Object.fromEntries(
    Object.entries(descriptions).map((
      [type, each],
    ) => [type, { type, ...each }]),
  );
}

/** The table of these events, in this order. */
export function eventTable(events: readonly EventDescription[]): EventTable {
  return Object.fromEntries(events.map((event) => [event.type, event]));
}

/**
 * The table of a schema that differs from `base` in `changes`, which are made one by one.
 *
 * @throws {RangeError} If an event is added that is there, or another change names one that is
 * not.
 */
export function withEvents(
  base: EventTable,
  changes: readonly EventChange[],
): EventTable {
  const events = Object.values(base);
  for (const change of changes) make(change, events);
  return eventTable(events);
}

function make(change: EventChange, events: EventDescription[]): void {
  if ("remove" in change) {
    events.splice(find(change.remove, events).place, 1);
  } else if ("replace" in change) {
    const { place } = find(change.replace.type, events);
    events[place] = change.replace;
  } else if ("change" in change) {
    const { place, event } = find(change.change, events);
    const fields = { ...event.fields, ...change.fields };
    events[place] = { ...event, fields };
  } else {
    const { add, after } = change;
    if (events.some(({ type }) => type === add.type)) {
      throw new RangeError(`cannot add event "${add.type}": it exists`);
    }
    const place = after === null ? 0 : find(after, events).place + 1;
    events.splice(place, 0, add);
  }
}

function find(
  type: string,
  events: readonly EventDescription[],
): { place: number; event: EventDescription } {
  const place = events.findIndex((event) => event.type === type);
  const event = events[place];
  if (event === undefined) throw new RangeError(`cannot find event "${type}"`);
  return { place, event };
}
