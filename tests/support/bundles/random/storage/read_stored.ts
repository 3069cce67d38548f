/**
 * Payloads of a recorded bundle of schema 3, with their parts in place.
 *
 * @module
 */

import { join } from "@std/path";
import { readShard, shardPath } from "../../shards.ts";
import { type Json, Obj, parseJson } from "../items/json_text.ts";
import { bodyWithParts, joinAtParts } from "./parts.ts";
import { type Capture, shardName, type StoredPayload } from "./stored.ts";

/** References inside a value, those of parts included. */
function references(value: Json): Obj[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!(value instanceof Obj)) return [];
  const inner = value.entries.flatMap(([, member]) => references(member));
  const isReference = typeof value.get("raw_payload_id") === "string";
  return isReference ? [value, ...inner] : inner;
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function captureOf(value: Json | undefined): Capture | undefined {
  if (!(value instanceof Obj)) return undefined;
  const bytes = (key: string): number => {
    const count = value.get(key);
    return typeof count === "number" ? count : 0;
  };
  const original_bytes = bytes("original_bytes");
  switch (value.get("status")) {
    case "truncated": {
      const retained_bytes = bytes("retained_bytes");
      return { status: "truncated", original_bytes, retained_bytes };
    }
    case "omitted":
      return { status: "omitted", original_bytes };
    default:
      return undefined;
  }
}

function partsNamedBy(ref: Obj): string[] {
  const parts = ref.get("parts");
  if (!Array.isArray(parts)) return [];
  return parts.map((part) =>
    part instanceof Obj ? text(part.get("raw_payload_id")) : ""
  );
}

class Shards {
  readonly #dir: string;
  readonly #records: Map<string, Map<string, Uint8Array>> = new Map();

  constructor(dir: string) {
    this.#dir = dir;
  }

  data(shard: string, id: string): Uint8Array | undefined {
    const known = this.#records.get(shard) ?? this.#read(shard);
    this.#records.set(shard, known);
    return known.get(id);
  }

  #read(shard: string): Map<string, Uint8Array> {
    const file = join(this.#dir, shardPath(shard));
    const { records } = readShard(Deno.readFileSync(file));
    return new Map(records.map(({ id, data }) => [id, data]));
  }
}

/** The body of a record; bytes where it is no JSON, or where its parts do not fit. */
function bodyOf(data: Uint8Array, parts: readonly string[]): Json | Uint8Array {
  const source = new TextDecoder("utf-8", { ignoreBOM: true }).decode(data);
  try {
    if (parts.length === 0) return parseJson(source);
    const fragments = parseJson(source);
    if (!Array.isArray(fragments)) return data;
    return bodyWithParts(joinAtParts(fragments.map(text), parts));
  } catch (error) {
    if (error instanceof SyntaxError) return data;
    throw error;
  }
}

/** Every payload that the events name, parts before what contains them. */
export function readStored(
  dir: string,
  events: readonly Json[],
): StoredPayload[] {
  const shards = new Shards(dir);
  const found = new Map<string, StoredPayload>();
  for (const ref of references([...events]).reverse()) {
    const id = text(ref.get("raw_payload_id"));
    const shard = ref.get("shard") ?? null;
    const name = shardName(shard);
    const data = name === undefined ? undefined : shards.data(name, id);
    const capture = captureOf(ref.get("capture"));
    const parts = partsNamedBy(ref);
    const full = capture === undefined && data !== undefined;
    found.set(id, {
      id,
      body: full ? bodyOf(data, parts) : data ?? new Uint8Array(),
      storage: {
        kind: kindOf(ref),
        shard,
        ...capture === undefined ? {} : { capture },
        ...full ? {} : { parts },
      },
    });
  }
  return [...found.values()].reverse();
}

function kindOf(ref: Obj): string {
  const kind = ref.get("kind");
  return kind instanceof Obj ? text(kind.get("type")) : "";
}
