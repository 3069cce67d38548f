/**
 * The files of a generated bundle: manifest, log, payloads, byte by byte as a recorder lays
 * them out. Payloads may come as ready bytes, since a request is mostly what was written before.
 *
 * @module
 */

import { join } from "@std/path";
import type { RawTraceEventPayload } from "../../../lib/format/event.ts";
import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../../lib/format/payload.ts";
import type { BenchClock } from "./clock.ts";

/** The thread and the turn of an event. */
export interface EventPlace {
  readonly thread: string;
  readonly turn: string;
}

/** Whom a bundle is about. */
export interface BundleIdentity {
  readonly schema: 1 | 2;
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
  readonly #dir: string;
  readonly #identity: BundleIdentity;
  readonly #log: Deno.FsFile;
  #lines = "";
  #events = 0;
  #payloads = 0;
  #bytes = 0;

  /** Writes the manifest. */
  constructor(dir: string, identity: BundleIdentity, clock: BenchClock) {
    this.#dir = dir;
    this.#identity = identity;
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
    const { schema, rootThread } = this.#identity;
    this.clock.tick();
    this.#lines += JSON.stringify({
      schema_version: schema,
      seq: ++this.#events,
      wall_time_unix_ms: this.clock.now,
      rollout_id: rootThread,
      thread_id: place?.thread ?? null,
      codex_turn_id: place?.turn ?? null,
      payload: keysOnDisk(payload, schema),
    }) + "\n";
    if (this.#lines.length > LOG_BATCH) this.#flush();
  }

  /** Writes a payload: a value, or the pieces of its text. */
  payload(
    kind: RawPayloadKindName,
    value: object | readonly Uint8Array[],
  ): RawPayloadRef {
    const ordinal = ++this.#payloads;
    const path = `payloads/${ordinal}.json`;
    const pieces = isPieces(value) ? value : [prettyBytes(value)];
    using file = Deno.openSync(join(this.#dir, path), {
      write: true,
      createNew: true,
    });
    for (const piece of pieces) this.#write(file, piece);
    return {
      raw_payload_id: `raw_payload:${ordinal}`,
      kind: { type: kind },
      path,
    };
  }

  /** Writes what is left of the log. */
  close(): void {
    this.#flush();
    this.#log.close();
  }

  #flush(): void {
    this.#write(this.#log, utf8.encode(this.#lines));
    this.#lines = "";
  }

  #write(file: Deno.FsFile, bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    let rest = bytes;
    while (rest.length > 0) rest = rest.subarray(file.writeSync(rest));
  }
}

function isPieces(
  value: object | readonly Uint8Array[],
): value is readonly Uint8Array[] {
  return Array.isArray(value);
}

/** What the recorder of a schema leaves out. */
function keysOnDisk(payload: RawTraceEventPayload, schema: 1 | 2): object {
  if (payload.type === "tool_call_runtime_started" && schema === 1) {
    const { kind: _, ...rest } = payload;
    return rest;
  }
  if (
    payload.type === "history_item_accepted" &&
    payload.agent_message_payload === null
  ) {
    const { agent_message_payload: _, ...rest } = payload;
    return rest;
  }
  return payload;
}
