/**
 * What the version of a schema changes in `state.json`: the keys it does not have, and those it
 * adds.
 *
 * @module
 */

import type { AnyCodec, AnyField, AnyFields } from "./codec.ts";
import type { ObjectKind } from "./reference.ts";

/** Names of the records of `state.json`: its objects, and the records inside them. */
export type RecordName =
  | ObjectKind
  | "root"
  | "execution"
  | "origin"
  | "agent_message"
  | "body"
  | "part"
  | "producer"
  | "usage"
  | "requester"
  | "tool_kind"
  | "summary"
  | "terminal_request"
  | "terminal_result"
  | "model_observation"
  | "anchor"
  | "payload_kind"
  | "capture";

/** A key that the graph has no field for. */
export interface AddedKey {
  /** The key. */
  readonly key: string;
  /** Describes its value; {@linkcode optional} if the key may be missing. */
  readonly codec: AnyField;
  /**
   * The key before it. Of a record with several types, every type that has this key gets the
   * new one.
   */
  readonly after: string;
}

/** Which keys of `state.json` a schema prints. */
export interface StateRules {
  /** Keys that the schema does not have, by record. */
  readonly absent: Readonly<Partial<Record<RecordName, readonly string[]>>>;
  /** Types that the schema does not have, by record with several types. */
  readonly absentTypes?: Readonly<
    Partial<Record<RecordName, readonly string[]>>
  >;
  /** Keys that the schema adds to those of the graph, by record. */
  readonly added?: Readonly<Partial<Record<RecordName, readonly AddedKey[]>>>;
}

/** A key of a record, by the rules of a schema. */
export interface RecordKey {
  readonly key: string;
  readonly codec: AnyCodec;
  readonly isRequired: boolean;
  /** The value that is printed where the graph has none. */
  readonly unset: unknown;
}

/**
 * The keys that a record has by the rules of a schema, in the order of output.
 *
 * @param tag The key that names the type of the record, if it has one.
 */
export function keysOf(
  name: RecordName,
  fields: AnyFields,
  rules: StateRules,
  tag?: string,
): RecordKey[] {
  const entries = Object.entries(fields);
  for (const { key, codec, after } of rules.added?.[name] ?? []) {
    const at = entries.findIndex(([each]) => each === after);
    if (at !== -1 || after === tag) entries.splice(at + 1, 0, [key, codec]);
    else if (tag === undefined) {
      throw new RangeError(`record "${name}" has no key "${after}"`);
    }
  }
  const absent = new Set(rules.absent[name]);
  return entries.filter(([key]) => !absent.has(key)).map(([key, field]) => {
    if ("form" in field) {
      return { key, codec: field, isRequired: true, unset: undefined };
    }
    return { key, unset: undefined, ...field };
  });
}
