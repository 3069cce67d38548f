/**
 * The files of a generated bundle: manifest, log, payloads, byte by byte as a recorder lays
 * them out. Payloads may come as ready bytes, since a request is mostly what was written before.
 *
 * @module
 */

import { join } from "@std/path";
import type { RawTraceEventPayload } from "../../../../lib/format/event.ts";
import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../../../lib/format/payload.ts";
import type { Schema } from "../../../../lib/schema/schema.ts";
import { asSchema, usesShards } from "../../every_schema.ts";
import type { BenchClock } from "./clock.ts";
import {
  FilePayloadWriter,
  type PayloadWriter,
  ShardPayloadWriter,
  writeAll,
} from "./payload_writer.ts";

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
      const place = fields[key]?.place;
      if (place === "unread") return false;
      const isUnset = value === null ||
        (Array.isArray(value) && value.length === 0);
      return place !== "omissible" || !isUnset;
    }),
  );
}
