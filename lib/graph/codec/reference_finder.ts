/**
 * The references of an object of the graph, by its codec.
 *
 * @module
 */

import type { AnyCodec, AnyField, AnyFields } from "./codec.ts";
import type { ObjectKind, ReferenceRole } from "./reference.ts";
import { rolloutTrace } from "./rollout_trace.ts";

/** A reference without the object that has it: role, kind and id of the other one. */
export type ReferenceTo = readonly [
  role: ReferenceRole,
  kind: ObjectKind,
  id: string,
];

/** Adds the references of a value to those found. */
type Collector = (value: unknown, found: ReferenceTo[]) => void;

/** Finds the references of an object to others, in the order of its keys. */
export type ReferenceFinder = (
  kind: ObjectKind,
  object: object,
) => ReferenceTo[];

/** Makes the finder of references in the objects of any graph. */
export function referenceFinder(): ReferenceFinder {
  const collectors = collectorsByKind(rolloutTrace);
  return (kind, object) => {
    const found: ReferenceTo[] = [];
    collectors.get(kind)?.(object, found);
    return found;
  };
}

function collectorsByKind(
  { form }: AnyCodec,
): Map<ObjectKind, Collector | undefined> {
  const byKind = new Map<ObjectKind, Collector | undefined>();
  const fields = form.type === "record" ? Object.values(form.fields) : [];
  for (const { form } of fields.map(codecOf)) {
    if (form.type === "objects") byKind.set(form.kind, collectorOf(form.of));
  }
  return byKind;
}

function codecOf(field: AnyField): AnyCodec {
  return "form" in field ? field : field.codec;
}

/** `undefined` where nothing in the values is a reference. */
function collectorOf({ form }: AnyCodec): Collector | undefined {
  switch (form.type) {
    case "reference": {
      const { role, kind } = form;
      return (id, found) => found.push([role, kind, String(id)]);
    }
    case "embedded": {
      // Its own references are those of the object with this id, not of the one around it.
      const { role, kind, key } = form;
      return (object, found) =>
        found.push([role, kind, String(valueAt(object, key))]);
    }
    case "nullable":
      return ofNullable(collectorOf(form.of));
    case "list":
      return ofList(collectorOf(form.of));
    case "record":
      return ofRecord(form.fields);
    case "variants":
      return ofVariants(form.tag, form.types);
    case "objects":
      // Never inside an object.
    case "string":
    case "enum":
    case "int64":
    case "int32":
    case "boolean":
    case "item_ids":
      return undefined;
  }
}

function valueAt(record: unknown, key: string): unknown {
  return (record as Readonly<Record<string, unknown>>)[key];
}

function ofNullable(collect: Collector | undefined): Collector | undefined {
  return collect && ((value, found) => {
    if (value !== null) collect(value, found);
  });
}

function ofList(collect: Collector | undefined): Collector | undefined {
  return collect && ((value, found) => {
    for (const element of value as readonly unknown[]) collect(element, found);
  });
}

function ofRecord(fields: AnyFields): Collector | undefined {
  const collecting = Object.entries(fields).flatMap(([key, field]) => {
    const collect = collectorOf(codecOf(field));
    return collect === undefined ? [] : [{ key, collect }];
  });
  if (collecting.length === 0) return undefined;
  return (record, found) => {
    for (const { key, collect } of collecting) {
      const value = valueAt(record, key);
      if (value !== undefined) collect(value, found);
    }
  };
}

function ofVariants(
  tag: string,
  types: Readonly<Record<string, AnyFields>>,
): Collector | undefined {
  const byType = new Map<unknown, Collector>();
  for (const [type, fields] of Object.entries(types)) {
    const collect = ofRecord(fields);
    if (collect !== undefined) byType.set(type, collect);
  }
  if (byType.size === 0) return undefined;
  return (value, found) => byType.get(valueAt(value, tag))?.(value, found);
}
