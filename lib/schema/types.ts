/**
 * The types that a schema is made of, in one place for `mod.ts`.
 *
 * @module
 */

export type { LogRules, OrderedEvent } from "../bundle/log/event_order.ts";
export type {
  PayloadStorage,
  StorageContext,
  StorageFactory,
  StoredText,
} from "../bundle/payloads/payload_storage.ts";
export type { ByteSource } from "../bundle/byte_buffer.ts";
export type { ReadBudget } from "../bundle/limits.ts";
export type { JsonReader } from "../bundle/json_reader.ts";
export type {
  DecodedLine,
  EventDecoder,
  EventEnvelope,
} from "../format/events/event_decoder.ts";
export type {
  AllowedPayloadKinds,
  EventDescription,
  EventMeaning,
  EventPhase,
  EventShape,
} from "../format/events/event_description.ts";
export type { EventSubject } from "../format/events/event_description.ts";
export type { EventTable } from "../format/events/event_table.ts";
export type {
  LifecycleSpace,
  LifecycleStep,
} from "../format/events/event_description.ts";
export type { AddedKey, RecordName, StateRules } from "../graph/codec/codec.ts";
export type {
  AddedEventContext,
  AddedHandler,
  RecordingKey,
  ReduceRules,
} from "../reduce/rules.ts";
export type { DecodeContext, Decoder, Field } from "../format/decode/decode.ts";
export type {
  AnyCodec,
  AnyField,
  AnyFields,
  AnyOptional,
  Form,
} from "../graph/codec/codec.ts";
