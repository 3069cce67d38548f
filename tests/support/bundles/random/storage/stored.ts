/**
 * How a random bundle of schema 3 stores its payloads: records in shards, references that
 * follow from them, and both read back from a recorded bundle.
 *
 * @module
 */

import {
  shardBytes,
  type ShardForm,
  shardPath,
  type ShardRecord,
} from "../../shards.ts";
import {
  type Json,
  type JsonStyle,
  Obj,
  obj,
  Raw,
  render,
} from "../items/json_text.ts";
import { cutAtParts, partsOf } from "./parts.ts";

/** What was recorded of a payload that is not complete. */
export type Capture =
  | { status: "truncated"; original_bytes: number; retained_bytes: number }
  | { status: "omitted"; original_bytes: number };

/** Where and how a payload is stored. */
export interface Storage {
  /** Kind that references name. */
  kind: string;
  /** Number of the shard; null where there is no record. */
  shard: Json;
  /** Undefined for a complete payload. */
  capture?: Capture;
  /** Ids of the parts where the body does not name them. */
  parts?: string[];
}

/** A payload as far as its storage goes. */
export interface StoredPayload {
  /** Id that events use. */
  id: string;
  /** Content: a value, or bytes that are written as they are. */
  body: Json | Uint8Array;
  /** Spelling of the body; compact by default. */
  style?: JsonStyle;
  /** Undefined in schemas whose payloads are files. */
  storage?: Storage;
  /** True for a record that no event needs to name. */
  extra?: boolean;
}

/** The form of a shard file, with damage. */
export interface DamagedForm extends ShardForm {
  /** Where a byte is changed, as a share of the length. */
  corrupt?: number;
  /** Where the file is truncated, as a share of the length. */
  cut?: number;
}

/** The data of a payload's record. */
function recordData(payload: StoredPayload): string | Uint8Array {
  const { body, style } = payload;
  if (body instanceof Uint8Array) return body;
  const text = render(body, style);
  const { fragments, parts } = cutAtParts(text);
  return parts.length === 0 ? text : render(fragments, style);
}

/** The name of a shard number, as files and maps have it. */
export function shardName(shard: Json): string | undefined {
  if (typeof shard === "number") return String(shard);
  return shard instanceof Raw ? shard.text : undefined;
}

function damagedFile(
  records: readonly ShardRecord[],
  form: DamagedForm,
): Uint8Array {
  const bytes = shardBytes(records, form);
  const { corrupt, cut } = form;
  if (corrupt !== undefined && bytes.length > 0) {
    const at = Math.floor(corrupt * bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ 0x55;
  }
  if (cut === undefined) return bytes;
  return bytes.subarray(0, Math.floor(cut * bytes.length));
}

/** The shard files with the records of these payloads. */
export function shardFiles(
  payloads: Iterable<StoredPayload>,
  forms: ReadonlyMap<string, DamagedForm> = new Map(),
): Map<string, Uint8Array> {
  const shards = new Map<string, ShardRecord[]>();
  for (const payload of payloads) {
    const name = shardName(payload.storage?.shard ?? null);
    if (name === undefined || !/^\d{1,20}$/.test(name)) continue;
    const records = shards.get(name) ?? [];
    shards.set(name, records);
    records.push({ id: payload.id, data: recordData(payload) });
  }
  return new Map(
    [...shards].map(([name, records]) => [
      shardPath(name),
      damagedFile(records, forms.get(name) ?? {}),
    ]),
  );
}

/** Payloads by id. */
export type StoredById = ReadonlyMap<string, StoredPayload>;

/** Payloads that have a storage, by id; of several with one id the first. */
export function storedById(payloads: Iterable<StoredPayload>): StoredById {
  const byId = new Map<string, StoredPayload>();
  for (const payload of payloads) {
    if (payload.storage === undefined || byId.has(payload.id)) continue;
    byId.set(payload.id, payload);
  }
  return byId;
}

/** The ids of a payload's parts. */
export function partIds({ body, storage }: StoredPayload): readonly string[] {
  if (storage?.parts !== undefined) return storage.parts;
  return body instanceof Uint8Array ? [] : partsOf(body);
}

/** The reference to a payload that follows from how it is stored. */
export function referenceTo(payload: StoredPayload, all: StoredById): Obj {
  const { storage } = payload;
  const parts = partIds(payload).flatMap((id) => {
    const part = all.get(id);
    return part === undefined || part === payload
      ? []
      : [referenceTo(part, all)];
  });
  return obj({
    raw_payload_id: payload.id,
    kind: { type: storage?.kind ?? "protocol_event" },
    shard: storage?.shard ?? null,
    capture: storage?.capture,
    parts: parts.length === 0 ? undefined : parts,
  });
}

const KEYS: readonly string[] = [
  "raw_payload_id",
  "kind",
  "shard",
  "capture",
  "parts",
];

/** The text of a reference without what makes no difference to readers. */
export function referenceText(ref: Obj): string {
  const entries = KEYS.map((key): [string, Json] => {
    const value = ref.get(key) ?? null;
    if (key === "parts" && Array.isArray(value)) {
      const parts = value.map((part) =>
        part instanceof Obj ? referenceText(part) : part
      );
      return [key, parts.length === 0 ? null : parts];
    }
    const isComplete = key === "capture" && value instanceof Obj &&
      value.get("status") === "complete";
    return [key, isComplete ? null : value];
  });
  return render(new Obj(entries));
}

/**
 * Rewrites the references inside a value after payloads changed.
 *
 * A reference that did not follow from how the payload was stored `before` remains as it is:
 * it was changed on purpose.
 */
export function updateReferences(
  value: Json,
  before: StoredById,
  after: StoredById,
): Json {
  if (Array.isArray(value)) {
    return value.map((element) => updateReferences(element, before, after));
  }
  if (!(value instanceof Obj)) return value;
  const id = value.get("raw_payload_id");
  const [old, now] = typeof id === "string"
    ? [before.get(id), after.get(id)]
    : [];
  if (old !== undefined && now !== undefined) {
    const follows =
      referenceText(value) === referenceText(referenceTo(old, before));
    if (follows) return referenceTo(now, after);
  }
  return new Obj(
    value.entries.map(([key, member]) => [
      key,
      updateReferences(member, before, after),
    ]),
  );
}
