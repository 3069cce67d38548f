/**
 * References to payloads that are records of a shard, as schema 3 writes them.
 *
 * An event of a long session lists hundreds of parts. Nearly all of them have one plain form,
 * which is read without the tables of the general way.
 *
 * @module
 */

import {
  defaulted,
  integer,
  list,
  optional,
  required,
  string,
} from "../decode/decode.ts";
import type { DecodeContext, Decoder, Fields } from "../decode/decode.ts";
import { record, taggedBy } from "../decode/record_decoder.ts";
import type {
  PayloadCapture,
  RawPayloadKindName,
  RawPayloadRef,
} from "../payload.ts";
import type { Integer } from "../vocabulary.ts";
import { payloadKind } from "./payload_ref.ts";

/** A reference with all of its keys. */
interface WholeRef {
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
    plainRef(value, context, plainKinds) ?? refOf(whole(value, context));
  const fields: Fields<WholeRef> = {
    raw_payload_id: required(string),
    kind: required(payloadKind(kinds)),
    shard: optional(integer("u64")),
    capture: defaulted(capture, COMPLETE),
    parts: defaulted(partsOf(decode), NO_PARTS),
  };
  const whole = record(fields);
  return decode;
}

/** A list of parts, the first of which a placeholder may stand for. */
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

/** The reference without what it may leave out. */
function refOf({ capture, parts, ...ref }: WholeRef): RawPayloadRef {
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
