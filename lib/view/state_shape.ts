/**
 * Shapes: how a value of the graph is laid out as pretty JSON.
 *
 * A shape is told the depth it stands at once, before anything is printed, and prepares every
 * piece of text that does not depend on a value. A record's shape is a mapped type over the
 * record, so that a field that is not printed does not compile.
 *
 * @module
 */

import type { ItemIdList } from "../graph/conversation.ts";
import { SharedItemIdList } from "../graph/item_id_list.ts";
import type { VariantOf } from "../format/decode/record_decoder.ts";
import { sortUtf8 } from "../format/json/utf8_order.ts";
import type { Integer } from "../format/vocabulary.ts";
import type { StateOutput } from "./state_output.ts";

/**
 * Prints a value at the place it was made for, after the text `before`; answers the text that
 * is still to be printed. So a record without lists goes out at once, not piece by piece.
 */
export type Printer<T> = (out: StateOutput, before: string, value: T) => string;

/** Where a value stands, and which keys this schema does not print. */
export interface Place {
  /** How many containers stand around the value. */
  readonly depth: number;
  /** Keys left out of every record. */
  readonly omitted: ReadonlySet<string>;
}

/** Makes the printer for values at a place. */
export type Shape<T> = (place: Place) => Printer<T>;

/** The shape of every key, in the order of output. A key whose value is undefined is omitted. */
export type RecordShape<T> = {
  readonly [K in keyof T]-?: Shape<Exclude<T[K], undefined>>;
};

/** For every `type` of the union `U`, the shape of the other keys. */
export type VariantShapes<U extends { type: string }> = {
  readonly [K in U["type"]]: RecordShape<Omit<VariantOf<U, K>, "type">>;
};

/** The texts around and between the parts of a container. */
interface Frame {
  readonly open: string;
  readonly separator: string;
  readonly close: string;
}

function frame({ depth }: Place, open: string, close: string): Frame {
  const line = `\n${"  ".repeat(depth)}`;
  return {
    open: `${open}${line}  `,
    separator: `,${line}  `,
    close: `${line}${close}`,
  };
}

function inside(place: Place): Place {
  return { ...place, depth: place.depth + 1 };
}

/** A string. */
export function text(): Printer<string> {
  return (_, before, value) => before + JSON.stringify(value);
}

/** An integer. */
export function integer(): Printer<Integer> {
  return (_, before, value) => before + value;
}

/** True or false. */
export function flag(): Printer<boolean> {
  return (_, before, value) => before + value;
}

/** A value or null. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (place) => {
    const print = shape(place);
    return (out, before, value) =>
      value === null ? before + "null" : print(out, before, value);
  };
}

/** A list of strings. */
export function texts(place: Place): Printer<readonly string[]> {
  const { open, separator, close } = frame(place, "[", "]");
  return (_, before, value) => {
    if (value.length === 0) return before + "[]";
    const elements = value.map((element) => JSON.stringify(element));
    return before + open + elements.join(separator) + close;
  };
}

/** A list of item ids that may share its storage with others. */
export function itemIds(place: Place): Printer<ItemIdList> {
  const { open, separator, close } = frame(place, "[", "]");
  const printPlain = texts(place);
  return (out, before, value) => {
    if (value.length === 0 || !(value instanceof SharedItemIdList)) {
      return printPlain(out, before, value.toJSON());
    }
    out.text(before + open);
    out.ids(value.storage, value.length, separator);
    return close;
  };
}

/** A list. */
export function list<T>(shape: Shape<T>): Shape<readonly T[]> {
  return (place) => {
    const { open, separator, close } = frame(place, "[", "]");
    const print = shape(inside(place));
    return (out, before, value) => {
      if (value.length === 0) return before + "[]";
      let next = before + open;
      for (const element of value) {
        out.text(print(out, next, element));
        next = separator;
      }
      return close;
    };
  };
}

/** A map, printed in the order of its keys' UTF-8 bytes. */
export function map<T>(shape: Shape<T>): Shape<ReadonlyMap<string, T>> {
  return (place) => {
    const { open, separator, close } = frame(place, "{", "}");
    const print = shape(inside(place));
    return (out, before, value) => {
      if (value.size === 0) return before + "{}";
      let next = before + open;
      for (const key of sortUtf8([...value.keys()])) {
        const entry = value.get(key);
        if (entry === undefined) continue;
        out.text(print(out, `${next}${JSON.stringify(key)}: `, entry));
        next = separator;
      }
      return close;
    };
  };
}

/** A record: its keys in the order of `fields`. */
export function record<T extends object>(fields: RecordShape<T>): Shape<T> {
  return (place) => {
    const { open, separator, close } = frame(place, "{", "}");
    const printMembers = members(fields, place, separator);
    return (out, before, value) =>
      printMembers(out, before + open, value, true) + close;
  };
}

/** A record of one of several types: the key `type`, then the other keys of that type. */
export function variants<U extends { type: string }>(
  shapes: VariantShapes<U>,
): Shape<U> {
  const entries: [string, RecordShape<object>][] = Object.entries(shapes);
  return (place) => {
    const { open, separator, close } = frame(place, "{", "}");
    const printers = new Map(
      entries.map(([type, fields]) =>
        [type, members(fields, place, separator)] as const
      ),
    );
    return (out, before, value) => {
      const type = `${before}${open}"type": ${JSON.stringify(value.type)}`;
      const rest = printers.get(value.type)?.(out, type, value, false);
      return (rest ?? type) + close;
    };
  };
}

type MembersPrinter = (
  out: StateOutput,
  before: string,
  value: object,
  isFirst: boolean,
) => string;

/** Prints the keys of a record, after a separator unless there is none before them. */
function members(
  fields: object,
  place: Place,
  separator: string,
): MembersPrinter {
  const shapes: [string, Shape<unknown>][] = Object.entries(fields);
  const printed = shapes
    .filter(([key]) => !place.omitted.has(key))
    .map(([key, shape]) => {
      const label = `${JSON.stringify(key)}: `;
      const print = shape(inside(place));
      // One text to append, not two: records are most of what is printed.
      return { key, label, nextLabel: separator + label, print };
    });
  return (out, before, record, isFirst) => {
    const values = record as Record<string, unknown>;
    let text = before;
    let follows = !isFirst;
    for (const { key, label, nextLabel, print } of printed) {
      const value = values[key];
      if (value === undefined) continue;
      text = print(out, text + (follows ? nextLabel : label), value);
      follows = true;
    }
    return text;
  };
}
