/**
 * A schema version: everything that depends on the version of a bundle, in one object.
 *
 * Each facet is an interface of the layer that uses it. The layers never compare versions: they
 * ask the schema.
 *
 * @module
 */

import type { LogRules } from "../bundle/log/event_order.ts";
import type { StorageFactory } from "../bundle/payloads/payload_storage.ts";
import type { WriteRules } from "../bundle/write/write_rules.ts";
import type { EventDecoder } from "../format/events/event_decoder.ts";
import type { StateRules } from "../graph/codec/codec.ts";
import type { ReduceRules } from "../reduce/rules.ts";

/** Everything that depends on the version of a bundle's schema. */
export interface Schema {
  /** Number in the manifest, in every event, and in `state.json`. */
  readonly version: number;
  /** Releases of Codex that write it, for messages and documentation. */
  readonly writtenBy: string;
  /** Release whose reducer is the reference. */
  readonly reference: string;
  /** Which events there are, and their fields. */
  readonly events: EventDecoder;
  /** The required order of the lines. */
  readonly log: LogRules;
  /** Where payloads are stored. */
  readonly storage: StorageFactory;
  /** How events become the graph. */
  readonly reduce: ReduceRules;
  /** Which keys of `state.json` there are. */
  readonly state: StateRules;
  /** How it is recorded. */
  readonly write: WriteRules;
}

/** How a schema differs from another: complete facets, or single answers of a facet. */
export interface SchemaChanges {
  /** Number of the new schema. */
  readonly version: number;
  /** Releases of Codex that write it. */
  readonly writtenBy: string;
  /** Release whose reducer is the reference. */
  readonly reference: string;
  /** Its events; those of the other schema when left out. */
  readonly events?: EventDecoder;
  /** What differs in the order of the lines. */
  readonly log?: Partial<LogRules>;
  /** Where payloads are stored. */
  readonly storage?: StorageFactory;
  /** What differs in how events become the graph. */
  readonly reduce?: Partial<Omit<ReduceRules, "schema">>;
  /** Which keys of `state.json` there are. */
  readonly state?: StateRules;
  /** What differs in how it is recorded. */
  readonly write?: Partial<Omit<WriteRules, "schema">>;
}

/** The schema that differs from `base` in `changes` only. */
export function deriveSchema(base: Schema, changes: SchemaChanges): Schema {
  const { version: schema } = changes;
  return {
    ...base,
    ...changes,
    log: { ...base.log, ...changes.log },
    reduce: { ...base.reduce, ...changes.reduce, schema },
    write: { ...base.write, ...changes.write, schema },
  };
}
