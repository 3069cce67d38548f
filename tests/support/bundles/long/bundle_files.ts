/**
 * The files of a generated bundle: manifest, log, payloads, byte by byte as a recorder lays
 * them out. Payloads may arrive as ready bytes, since a request is mostly what was written before.
 *
 * @module
 */

import { join } from "@std/path";
import { ShardEncoder } from "../../../../lib/bundle/shard/shard_encoder.ts";
import { shardFile } from "../../../../lib/bundle/shard/shard_records.ts";
import type { RawTraceEventPayload } from "../../../../lib/format/event.ts";
import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../../../lib/format/payload.ts";
import type { Schema } from "../../../../lib/schema/schema.ts";
import { asSchema, usesShards } from "../../every_schema.ts";
import type { Prng } from "../random/prng.ts";
import { joined } from "../zstd_frames.ts";

/** The thread and the turn of an event. */
export interface EventPlace {
  readonly thread: string;
  readonly turn: string;
}

/** Whom a bundle is about. */
export interface BundleIdentity {
  readonly schema: number;
  readonly traceId: string;
  readonly rootThread: string;
}

const utf8 = new TextEncoder();
const LOG_BATCH = 1 << 20;

/** Bytes of a value, indented by two. */
export function prettyBytes(value: unknown): Uint8Array {
  return utf8.encode(JSON.stringify(value, null, 2));
}

/** Writes one bundle into a folder that must not hold one yet. */
export class BundleFiles {
  /** The session's clock. */
  readonly clock: BenchClock;
  readonly #identity: BundleIdentity;
  readonly #schema: Schema;
  readonly #payloadWriter: PayloadWriter;
  readonly #log: Deno.FsFile;
  #lines = "";
  #events = 0;
  #payloads = 0;
  #bytes = 0;

  /** Writes the manifest. */
  constructor(dir: string, identity: BundleIdentity, clock: BenchClock) {
    this.#identity = identity;
    this.#schema = asSchema(identity.schema);
    this.#payloadWriter = usesShards(this.#schema)
      ? new ShardPayloadWriter(dir)
      : new FilePayloadWriter(dir);
    this.clock = clock;
    Deno.mkdirSync(join(dir, "payloads"), { recursive: true });
    Deno.writeFileSync(
      join(dir, "manifest.json"),
      prettyBytes({
        schema_version: identity.schema,
        trace_id: identity.traceId,
        rollout_id: identity.rootThread,
        root_thread_id: identity.rootThread,
        started_at_unix_ms: clock.now,
        raw_event_log: "trace.jsonl",
        payloads_dir: "payloads",
      }),
      { createNew: true },
    );
    this.#log = Deno.openSync(join(dir, "trace.jsonl"), {
      write: true,
      createNew: true,
    });
  }

  /** Events, payloads and bytes so far. */
  get written(): { events: number; payloads: number; bytes: number } {
    return {
      events: this.#events,
      payloads: this.#payloads,
      bytes: this.#bytes,
    };
  }

  /** Appends an event; `place` is left out where the recorder names no thread. */
  event(payload: RawTraceEventPayload, place?: EventPlace): void {
    const { rootThread } = this.#identity;
    this.clock.tick();
    this.#lines += JSON.stringify({
      schema_version: this.#schema.version,
      seq: ++this.#events,
      wall_time_unix_ms: this.clock.now,
      rollout_id: rootThread,
      thread_id: place?.thread ?? null,
      codex_turn_id: place?.turn ?? null,
      payload: keysOnDisk(payload, this.#schema),
    }) + "\n";
    if (this.#lines.length > LOG_BATCH) this.#flush();
  }

  /** Writes a payload: a value, or the pieces of its text; `parts` are put into its text. */
  payload(
    kind: RawPayloadKindName,
    value: object | readonly Uint8Array[],
    parts: readonly RawPayloadRef[] = [],
  ): RawPayloadRef {
    const ordinal = ++this.#payloads;
    const raw_payload_id = `raw_payload:${ordinal}`;
    const pieces = isPieces(value) ? value : [prettyBytes(value)];
    for (const piece of pieces) this.#bytes += piece.length;
    return {
      raw_payload_id,
      kind: { type: kind },
      ...this.#payloadWriter.write(ordinal, raw_payload_id, pieces),
      ...(parts.length === 0 ? {} : { parts }),
    };
  }

  /** Writes what is left of the log and of the payloads. */
  close(): void {
    this.#flush();
    this.#payloadWriter.close();
    this.#log.close();
  }

  #flush(): void {
    const bytes = utf8.encode(this.#lines);
    this.#bytes += bytes.length;
    writeAll(this.#log, bytes);
    this.#lines = "";
  }
}

function isPieces(
  value: object | readonly Uint8Array[],
): value is readonly Uint8Array[] {
  return Array.isArray(value);
}

/** The keys that the recorder of a schema writes. */
function keysOnDisk(payload: RawTraceEventPayload, schema: Schema): object {
  const fields = schema.events.events[payload.type]?.fields ?? {};
  return Object.fromEntries(
    Object.entries(payload).filter(([key, value]) => {
      const place = fields[key]?.position;
      if (place === "ignored") return false;
      const isUnset = value === null ||
        (Array.isArray(value) && value.length === 0);
      return place !== "trailing" || !isUnset;
    }),
  );
}

/** Where a payload is stored, as its reference names it. */
export type PayloadLocation = Pick<RawPayloadRef, "path" | "shard">;

/** Writes payloads below the folder of a bundle. */
export interface PayloadWriter {
  /** Writes the n-th payload, counted from 1. */
  write(n: number, id: string, pieces: readonly Uint8Array[]): PayloadLocation;
  /** Writes what is left. */
  close(): void;
}

/** Writes each payload to a file of its own. */
export class FilePayloadWriter implements PayloadWriter {
  readonly #dir: string;

  /** Writes below `dir`, which has a folder for payloads. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** {@inheritDoc PayloadWriter.write} */
  write(
    n: number,
    _id: string,
    pieces: readonly Uint8Array[],
  ): PayloadLocation {
    const path = `payloads/${n}.json`;
    using file = Deno.openSync(join(this.#dir, path), {
      write: true,
      createNew: true,
    });
    for (const piece of pieces) writeAll(file, piece);
    return { path };
  }

  /** {@inheritDoc PayloadWriter.close} */
  close(): void {}
}

/** Writes payloads as records of sealed shards, which Codex fills one after the other. */
export class ShardPayloadWriter implements PayloadWriter {
  readonly #dir: string;
  #shard = 1;
  #encoder: ShardEncoder = new ShardEncoder();

  /** Writes below `dir`, which has a folder for payloads. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** {@inheritDoc PayloadWriter.write} */
  write(
    _n: number,
    id: string,
    pieces: readonly Uint8Array[],
  ): PayloadLocation {
    const data = joined(pieces);
    if (!this.#encoder.hasRoom(id, data)) this.#finish();
    this.#encoder.add(id, data);
    return { shard: this.#shard };
  }

  /** {@inheritDoc PayloadWriter.close} */
  close(): void {
    if (this.#encoder.length > 0) this.#finish();
  }

  #finish(): void {
    const bytes = joined([this.#encoder.take(), this.#encoder.seal()]);
    const path = join(this.#dir, shardFile(this.#shard));
    Deno.writeFileSync(path, bytes, { createNew: true });
    this.#shard++;
    this.#encoder = new ShardEncoder();
  }
}

/** Writes all of `bytes`. */
export function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  let rest = bytes;
  while (rest.length > 0) rest = rest.subarray(file.writeSync(rest));
}

const BEGINNING = 1_795_383_978_051;
const LONGEST_STEP = 20;

/** Milliseconds that move on request. */
export class BenchClock {
  readonly #prng: Prng;
  #now = BEGINNING;

  /** Moves by a step that `prng` draws. */
  constructor(prng: Prng) {
    this.#prng = prng;
  }

  /** Milliseconds since the Unix epoch. */
  get now(): number {
    return this.#now;
  }

  /** Moves on. */
  tick(): void {
    this.#now += this.#prng.between(1, LONGEST_STEP);
  }
}
