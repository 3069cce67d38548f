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

/** Prints a value at the place it was made for. */
export type Printer<T> = (out: StateOutput, value: T) => void;

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
  return (out, value) => out.text(JSON.stringify(value));
}

/** An integer. */
export function integer(): Printer<Integer> {
  return (out, value) => out.text(String(value));
}

/** True or false. */
export function flag(): Printer<boolean> {
  return (out, value) => out.text(String(value));
}

/** A value or null. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (place) => {
    const print = shape(place);
    return (out, value) =>
      value === null ? out.text("null") : print(out, value);
  };
}

/** A list of strings. */
export function texts(place: Place): Printer<readonly string[]> {
  const { open, separator, close } = frame(place, "[", "]");
  return (out, value) => {
    if (value.length === 0) return out.text("[]");
    const elements = value.map((element) => JSON.stringify(element));
    out.text(open + elements.join(separator) + close);
  };
}

/** A list of item ids that may share its storage with others. */
export function itemIds(place: Place): Printer<ItemIdList> {
  const { open, separator, close } = frame(place, "[", "]");
  const printPlain = texts(place);
  return (out, value) => {
    if (value.length === 0 || !(value instanceof SharedItemIdList)) {
      return printPlain(out, value.toJSON());
    }
    out.text(open);
    out.ids(value.storage, value.length, separator);
    out.text(close);
  };
}

/** A list. */
export function list<T>(shape: Shape<T>): Shape<readonly T[]> {
  return (place) => {
    const { open, separator, close } = frame(place, "[", "]");
    const print = shape(inside(place));
    return (out, value) => {
      if (value.length === 0) return out.text("[]");
      let before = open;
      for (const element of value) {
        out.text(before);
        print(out, element);
        before = separator;
      }
      out.text(close);
    };
  };
}

/** A map, printed in the order of its keys' UTF-8 bytes. */
export function map<T>(shape: Shape<T>): Shape<ReadonlyMap<string, T>> {
  return (place) => {
    const { open, separator, close } = frame(place, "{", "}");
    const print = shape(inside(place));
    return (out, value) => {
      if (value.size === 0) return out.text("{}");
      let before = open;
      for (const key of sortUtf8([...value.keys()])) {
        const entry = value.get(key);
        if (entry === undefined) continue;
        out.text(`${before}${JSON.stringify(key)}: `);
        print(out, entry);
        before = separator;
      }
      out.text(close);
    };
  };
}

/** A record: its keys in the order of `fields`. */
export function record<T extends object>(fields: RecordShape<T>): Shape<T> {
  return (place) => {
    const { open, separator, close } = frame(place, "{", "}");
    const printMembers = members(fields, place, separator);
    return (out, value) => {
      printMembers(out, value, open);
      out.text(close);
    };
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
    return (out, value) => {
      out.text(`${open}"type": ${JSON.stringify(value.type)}`);
      printers.get(value.type)?.(out, value, separator);
      out.text(close);
    };
  };
}

type MembersPrinter = (
  out: StateOutput,
  value: object,
  before: string,
) => void;

/** Prints the keys of a record; `before` stands before the first of them. */
function members(
  fields: object,
  place: Place,
  separator: string,
): MembersPrinter {
  const shapes: [string, Shape<unknown>][] = Object.entries(fields);
  const printed = shapes
    .filter(([key]) => !place.omitted.has(key))
    .map(([key, shape]) => ({
      key,
      label: `${JSON.stringify(key)}: `,
      print: shape(inside(place)),
    }));
  return (out, record, first) => {
    const values = record as Record<string, unknown>;
    let before = first;
    for (const { key, label, print } of printed) {
      const value = values[key];
      if (value === undefined) continue;
      out.text(before + label);
      print(out, value);
      before = separator;
    }
  };
}
