/**
 * References to payloads: their decoders, and the way from a reference to its parts.
 *
 * Schemas 1 and 2 refer to files, schema 3 to records of shards. The fields of an event only name
 * the references: the decoder of the log knows the form.
 *
 * @module
 */

import {
  asObject,
  at,
  type DecodeContext,
  DecodeError,
  type Decoder,
  defaulted,
  type Fields,
  integer,
  kindOf,
  list,
  member,
  nullable,
  refuseRepeated,
  required,
  string,
} from "../decode/decode.ts";
import { record, taggedBy, tagName } from "../decode/record_decoder.ts";
import { enumOf } from "../decode/vocabulary_decoders.ts";
import type { DecodedEvent } from "../event.ts";
import type {
  PayloadCapture,
  RawPayloadKindName,
  RawPayloadRef,
} from "../payload.ts";
import type { Integer } from "../vocabulary.ts";

/** A reference in the form of the log, which the context keeps. */
export function payloadRef(
  value: unknown,
  context: DecodeContext,
): RawPayloadRef {
  if (context.payloadRef === undefined) {
    throw new TypeError("cannot decode a payload reference: its form is unset");
  }
  const reference = context.payloadRef(value, context);
  // Its parts are not references of the event itself.
  context.payloads.push(reference);
  return reference;
}

/**
 * Makes a decoder of the kind of a payload: one of `kinds`, in the order of the format, since the
 * array form may give its index. The kind may carry a `value`, as long as that is null.
 */
function payloadKind(
  kinds: readonly RawPayloadKindName[],
): Decoder<{ type: RawPayloadKindName }> {
  const name = enumOf(kinds);
  return (value, context) => {
    const [tag, content] = Array.isArray(value)
      ? ofArray(value, kinds)
      : ofObject(value, context);
    if (tag === undefined) throw new DecodeError("key is missing", "type");
    if (content !== null) {
      throw new DecodeError(`expected null, found ${kindOf(content)}`, "value");
    }
    return { type: at("type", tag, name, context) };
  };
}

type KindParts = readonly [tag: unknown, content: unknown];

function ofArray(
  array: readonly unknown[],
  kinds: readonly RawPayloadKindName[],
): KindParts {
  if (array.length !== 2) throw new DecodeError("expected two elements");
  return [tagName(array[0], kinds), array[1]];
}

function ofObject(value: unknown, context: DecodeContext): KindParts {
  const object = asObject(value);
  if (object === undefined) {
    throw new DecodeError(`expected an object, found ${kindOf(value)}`);
  }
  refuseRepeated(object, "type", context);
  refuseRepeated(object, "value", context);
  return [member(object, "type"), member(object, "value") ?? null];
}

/** The payload references of an event, each with the key that holds it, in order of the keys. */
export function* payloadsByKey(
  { event, payloads, meaning }: DecodedEvent,
): Generator<readonly [key: string, ref: RawPayloadRef], void> {
  const members: Readonly<Record<string, unknown>> = { ...event.payload };
  let next = 0;
  for (const key of Object.keys(meaning.payloadKinds)) {
    const value = members[key];
    const count = Array.isArray(value) ? value.length : value === null ? 0 : 1;
    for (const ref of payloads.slice(next, next += count)) yield [key, ref];
  }
}

/**
 * A reference and, recursively, its parts: the reference first, then its parts from the last to
 * the first, each with its own parts behind it. This is the order in which the reference reducer
 * registers them.
 */
export function* allRefs(ref: RawPayloadRef): Generator<RawPayloadRef, void> {
  const pending = [ref];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    yield next;
    for (const part of next.parts ?? []) pending.push(part);
  }
}

/** A reference that names a file. */
type FileRef = Pick<RawPayloadRef, "raw_payload_id" | "kind" | "path">;

/** Makes a decoder of references to files whose kind is one of `kinds`. */
export function fileRef(
  kinds: readonly RawPayloadKindName[],
): Decoder<RawPayloadRef> {
  return record<Required<FileRef>>({
    raw_payload_id: required(string),
    kind: required(payloadKind(kinds)),
    path: required(string),
  });
}

/** A reference with all of its keys. */
interface FullRef {
  raw_payload_id: string;
  kind: { type: RawPayloadKindName };
  shard: Integer | null;
  capture: PayloadCapture | Complete;
  parts: readonly RawPayloadRef[];
}

/** All of the payload was kept. */
interface Complete {
  status: "complete";
}

const COMPLETE: Complete = { status: "complete" };
const NO_PARTS: readonly RawPayloadRef[] = [];

/** In the order of the format: the index counts as the name. */
const capture = taggedBy<PayloadCapture | Complete, "status">("status", {
  complete: {},
  truncated: {
    original_bytes: required(integer("u64")),
    retained_bytes: required(integer("u64")),
  },
  omitted: { original_bytes: required(integer("u64")) },
}, "name or index");

/** Makes a decoder of references to shards whose kind is one of `kinds`. */
export function shardRef(
  kinds: readonly RawPayloadKindName[],
): Decoder<RawPayloadRef> {
  const plainKinds = new Map<unknown, { type: RawPayloadKindName }>(
    kinds.map((type) => [type, { type }]),
  );
  const decode: Decoder<RawPayloadRef> = (value, context) =>
    plainRef(value, context, plainKinds) ?? refOf(full(value, context));
  const fields: Fields<FullRef> = {
    raw_payload_id: required(string),
    kind: required(payloadKind(kinds)),
    shard: nullable(integer("u64")),
    capture: defaulted(capture, COMPLETE),
    parts: defaulted(partsOf(decode), NO_PARTS),
  };
  const full = record(fields);
  return decode;
}

/** Makes a decoder of a list of parts, whose first parts a placeholder may replace. */
function partsOf(
  decode: Decoder<RawPayloadRef>,
): Decoder<readonly RawPayloadRef[]> {
  const parts = list(decode);
  return (value, context) => {
    const { sharedParts } = context;
    const isAbridged = sharedParts !== undefined && Array.isArray(value) &&
      sharedParts.isPlaceholder(value[0]);
    return isAbridged
      ? sharedParts.expand(parts(value.slice(1), context))
      : parts(value, context);
  };
}

/** The reference without optional keys that have their default. */
function refOf({ capture, parts, ...ref }: FullRef): RawPayloadRef {
  return {
    ...ref,
    ...(capture.status === "complete" ? {} : { capture }),
    ...(parts.length === 0 ? {} : { parts }),
  };
}

/** The reference, if it is an object as recorders write it, complete and without parts. */
function plainRef(
  value: unknown,
  context: DecodeContext,
  kinds: ReadonlyMap<unknown, RawPayloadRef["kind"]>,
): RawPayloadRef | undefined {
  // Without repeated keys, the text was parsed by JSON.parse: there are no Maps or JsonNumbers.
  if (context.repeated !== undefined || !isObject(value)) return undefined;
  const { raw_payload_id, kind, shard } = value;
  if (value["capture"] !== undefined || value["parts"] !== undefined) {
    return undefined;
  }
  if (typeof raw_payload_id !== "string" || !isPlainShard(shard)) {
    return undefined;
  }
  if (!isObject(kind) || kind["value"] !== undefined) return undefined;
  const plainKind = kinds.get(kind["type"]);
  if (plainKind === undefined) return undefined;
  return { raw_payload_id, kind: plainKind, shard };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isPlainShard(value: unknown): value is number | null {
  return value === null ||
    (typeof value === "number" && Number.isSafeInteger(value) && value >= 0);
}
