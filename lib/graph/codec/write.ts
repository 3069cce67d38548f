/**
 * Writes values of the graph as pretty JSON, by their codecs.
 *
 * A printer is made for one depth and one schema, when there is something to print. It prepares
 * every piece of text that does not depend on a value, so that a record is one text to append.
 *
 * @module
 */

import { sortUtf8 } from "../../format/json/utf8_order.ts";
import type { ItemIdList } from "../conversation.ts";
import { SharedItemIdList } from "../item_id_list.ts";
import {
  type AnyCodec,
  type AnyFields,
  type Codec,
  keysOf,
  type RecordName,
  type StateRules,
} from "./codec.ts";
import { type PrintSink, TextSink } from "./print_sink.ts";

/**
 * Prints a value at the position it was made for, after the text `before`. Returns the text that
 * still has to be printed: a record without lists is one text, not many.
 */
export type Printer<T> = (out: PrintSink, before: string, value: T) => string;

type AnyPrinter = Printer<unknown>;

/** Where a value is, and which keys its records have. */
interface PrintPosition {
  /** How many containers are around the value. */
  readonly depth: number;
  readonly rules: StateRules;
}

/** Makes the printer of values that no container is around. */
export function printerOf<T>(codec: Codec<T>, rules: StateRules): Printer<T> {
  return printerAt(codec, { depth: 0, rules });
}

function printerAt({ form }: AnyCodec, position: PrintPosition): AnyPrinter {
  switch (form.type) {
    case "string":
    case "enum":
    case "reference":
      return printText;
    case "int64":
    case "int32":
    case "boolean":
      return printPlain;
    case "item_ids":
      return itemIdsPrinter(position);
    case "nullable":
      return nullablePrinter(printerAt(form.of, position));
    case "list":
      return listPrinter(form.of, position);
    case "record":
      return recordPrinter(form.name, form.fields, position);
    case "variants":
      return variantsPrinter(form.name, form.tag, form.types, position);
    case "objects":
      return objectsPrinter(form.of, position);
    case "embedded":
      return embeddedPrinter(form.of, position);
  }
}

function printText(_: PrintSink, before: string, value: unknown): string {
  return before + JSON.stringify(value);
}

function printPlain(_: PrintSink, before: string, value: unknown): string {
  return before + (value as number | bigint | boolean);
}

function nullablePrinter(print: AnyPrinter): AnyPrinter {
  return (out, before, value) =>
    value === null ? before + "null" : print(out, before, value);
}

/** The texts around and between the elements of a container. */
interface Frame {
  readonly open: string;
  readonly separator: string;
  readonly close: string;
}

function frame({ depth }: PrintPosition, open: string, close: string): Frame {
  const line = `\n${"  ".repeat(depth)}`;
  return {
    open: `${open}${line}  `,
    separator: `,${line}  `,
    close: `${line}${close}`,
  };
}

function inside({ depth, rules }: PrintPosition): PrintPosition {
  return { depth: depth + 1, rules };
}

function itemIdsPrinter(position: PrintPosition): AnyPrinter {
  const { open, separator, close } = frame(position, "[", "]");
  const printStrings = stringsPrinter(position);
  return (out, before, value) => {
    const list = value as ItemIdList;
    if (list.length === 0 || !(list instanceof SharedItemIdList)) {
      return printStrings(out, before, list.toJSON());
    }
    out.text(before + open);
    out.ids(list.storage, list.length, separator);
    return close;
  };
}

function stringsPrinter(position: PrintPosition): AnyPrinter {
  const { open, separator, close } = frame(position, "[", "]");
  return (_, before, value) => {
    const strings = value as readonly string[];
    if (strings.length === 0) return before + "[]";
    const elements = strings.map((each) => JSON.stringify(each));
    return before + open + elements.join(separator) + close;
  };
}

function listPrinter(of: AnyCodec, position: PrintPosition): AnyPrinter {
  const print = printerAt(of, inside(position));
  if (of.form.type === "embedded") return embeddedListPrinter(print, position);
  if (print === printText) return stringsPrinter(position);
  const { open, separator, close } = frame(position, "[", "]");
  return (out, before, value) => {
    const elements = value as readonly unknown[];
    if (elements.length === 0) return before + "[]";
    let next = before + open;
    for (const element of elements) {
      out.text(print(out, next, element));
      next = separator;
    }
    return close;
  };
}

/** Prints a list of objects that other lists have as well. */
function embeddedListPrinter(
  print: AnyPrinter,
  position: PrintPosition,
): AnyPrinter {
  const { open, separator, close } = frame(position, "[", "]");
  const group = {};
  const textOf = (element: unknown) => {
    const sink = new TextSink();
    sink.text(print(sink, "", element));
    return sink.printed;
  };
  return (out, before, value) => {
    const elements = value as readonly unknown[];
    if (elements.length === 0) return before + "[]";
    out.text(before + open);
    out.elements(group, elements, separator, textOf);
    return close;
  };
}

/** Prints a map in the order of its keys' UTF-8 bytes. */
function objectsPrinter(of: AnyCodec, position: PrintPosition): AnyPrinter {
  const { open, separator, close } = frame(position, "{", "}");
  let made: AnyPrinter | undefined;
  return (out, before, value) => {
    const map = value as ReadonlyMap<string, unknown>;
    if (map.size === 0) return before + "{}";
    const print = made ??= printerAt(of, inside(position));
    let next = before + open;
    for (const key of sortUtf8([...map.keys()])) {
      const entry = map.get(key);
      if (entry === undefined) continue;
      out.text(print(out, `${next}${JSON.stringify(key)}: `, entry));
      next = separator;
    }
    return close;
  };
}

/** Makes the printer late: an object may contain others of its kind at any depth. */
function embeddedPrinter(
  of: () => AnyCodec,
  position: PrintPosition,
): AnyPrinter {
  let made: AnyPrinter | undefined;
  return (out, before, value) => {
    const print = made ??= printerAt(of(), position);
    return print(out, before, value);
  };
}

function recordPrinter(
  name: RecordName,
  fields: AnyFields,
  position: PrintPosition,
): AnyPrinter {
  const { open, separator, close } = frame(position, "{", "}");
  const keys = keysOf(name, fields, position.rules);
  const members = memberPrinters(keys, position, separator);
  return (out, before, value) =>
    printMembers(members, out, before + open, value, true) + close;
}

function variantsPrinter(
  name: RecordName,
  tag: string,
  types: Readonly<Record<string, AnyFields>>,
  position: PrintPosition,
): AnyPrinter {
  const { open, separator, close } = frame(position, "{", "}");
  const label = `${open}${JSON.stringify(tag)}: `;
  const made = new Map<string, Variant>();
  const make = (type: string): Variant => {
    const keys = keysOf(name, types[type] ?? {}, position.rules, tag);
    const members = memberPrinters(keys, position, separator);
    return { head: label + JSON.stringify(type), members };
  };
  return (out, before, value) => {
    const type = (value as Readonly<Record<string, string>>)[tag] ?? "";
    let variant = made.get(type);
    if (variant === undefined) made.set(type, variant = make(type));
    const { head, members } = variant;
    return printMembers(members, out, before + head, value, false) + close;
  };
}

/** One type of a record of several types. */
interface Variant {
  /** The text up to and including the type. */
  readonly head: string;
  readonly members: readonly MemberPrinter[];
}

interface MemberPrinter {
  readonly key: string;
  readonly unset: unknown;
  /** The label of the first key, and of one after others. */
  readonly label: string;
  readonly nextLabel: string;
  readonly print: AnyPrinter;
}

function memberPrinters(
  keys: ReturnType<typeof keysOf>,
  position: PrintPosition,
  separator: string,
): MemberPrinter[] {
  return keys.map(({ key, codec, unset }) => {
    const label = `${JSON.stringify(key)}: `;
    const print = printerAt(codec, inside(position));
    // One text to append, not two: records are most of what is printed.
    return { key, unset, label, nextLabel: separator + label, print };
  });
}

/** Prints the keys of a record that are set, after a separator unless none is before them. */
function printMembers(
  members: readonly MemberPrinter[],
  out: PrintSink,
  before: string,
  record: unknown,
  isFirst: boolean,
): string {
  const values = record as Readonly<Record<string, unknown>>;
  let text = before;
  let follows = !isFirst;
  for (const { key, unset, label, nextLabel, print } of members) {
    const set = values[key];
    const value = set === undefined ? unset : set;
    if (value === undefined) continue;
    text = print(out, text + (follows ? nextLabel : label), value);
    follows = true;
  }
  return text;
}
