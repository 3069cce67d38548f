/**
 * Describes the files of a bundle: ids, events, payloads, and the versions of the schema.
 *
 * For programs that read or write events themselves, and for new versions of the schema:
 * {@linkcode SCHEMAS} lists the known versions, {@linkcode deriveSchema} makes one from another.
 *
 * @example List the schema versions
 * ```ts
 * import { NEWEST_SCHEMA, SCHEMAS } from "rollout-trace/format";
 *
 * const versions = SCHEMAS.map(({ version }) => version);
 * if (versions.at(-1) !== NEWEST_SCHEMA.version) throw new Error("expected the newest one last");
 * ```
 *
 * @module
 */

// Files of a bundle.

export {
  EVENT_LOG_FILE,
  MANIFEST_FILE,
  PAYLOADS_DIR,
  STATE_FILE,
} from "../format/manifest.ts";
export type { TraceBundleManifest } from "../format/manifest.ts";

// Ids, and the values that events and graph share.

export * from "../format/ids.ts";
export * from "../format/vocabulary.ts";

// Events: one line of the log each.

export type * from "../format/event.ts";

// Payload files, and how the reducer reads one.

export * from "../format/payload.ts";
export { JsonNumber } from "../format/json/json_parse.ts";
export type { JsonNode } from "../format/json/json_parse.ts";

// The versions of the schema.

export {
  NEWEST_SCHEMA,
  schemaNumbered,
  schemaOf,
  SCHEMAS,
} from "./registry.ts";
export { deriveSchema } from "./schema.ts";
export type { Schema, SchemaChanges } from "./schema.ts";

// What a schema is made of: the log and the payload storage.

export type { LogRules, OrderedEvent } from "../bundle/log/event_order.ts";
export type {
  PayloadStorage,
  StorageContext,
  StorageFactory,
  StoredText,
} from "../bundle/payloads/payload_storage.ts";
export type {
  BundleFile,
  BundleFiles,
  EntryInfo,
  EntryType,
  FilePlace,
} from "../bundle/storage/bundle_files.ts";
export type { ByteSource } from "../bundle/byte_buffer.ts";
export { ReadBudget } from "../bundle/limits.ts";
export { JsonReader } from "../bundle/json_reader.ts";
export { KeptRecords } from "../bundle/payloads/kept_records.ts";
export type { FoundRecords } from "../bundle/payloads/kept_records.ts";

// What a schema is made of: the description of each event.

export { EventDecoder } from "../format/events/event_decoder.ts";
export type {
  DecodedLine,
  EventEnvelope,
} from "../format/events/event_decoder.ts";
export type {
  AllowedPayloadKinds,
  EventDescription,
  EventMeaning,
  EventPhase,
  EventShape,
  EventSubject,
  LifecycleSpace,
  LifecycleStep,
  SubjectSpace,
} from "../format/events/event_description.ts";
export type { EventTable } from "../format/events/event_table.ts";
export { SharedParts } from "../format/decode/shared_parts.ts";
export type { DecodeContext, Decoder, Field } from "../format/decode/decode.ts";

// What a schema is made of: the records of `state.json` and the rules of the reducer.

export type {
  AddedKey,
  AnyCodec,
  AnyField,
  AnyFields,
  AnyOptional,
  Form,
  RecordName,
  StateRules,
} from "../graph/codec/codec.ts";
export type {
  AddedEventContext,
  AddedHandler,
  RecordingKey,
  ReduceRules,
} from "../reduce/rules.ts";
export type { WriteRules } from "../bundle/write/write_rules.ts";
