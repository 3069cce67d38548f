/**
 * A bundle in the making: a healthy session, and room for what is not.
 *
 * @module
 */

import { join } from "@std/path";
import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../../lib/format/payload.ts";
import type { Schema } from "../../../lib/schema/schema.ts";
import { asSchema, type SchemaOrNumber, usesShards } from "../every_schema.ts";
import { payloadKey } from "./memory_payloads.ts";
import { Spelled } from "./script.ts";
import { type ShardForm, writeShards } from "./shards.ts";

/** The root thread; agent tools know threads by UUIDs. */
export const THREAD = "00000000-0000-0000-0000-00000000000a";
/** A child of {@linkcode THREAD}. */
export const CHILD = "00000000-0000-0000-0000-00000000000c";
/** The turn that every session here has. */
export const TURN = "turn";

/** Values that differ from what the draft would put around an event. */
export interface Envelope {
  schema_version?: number;
  seq?: number | string;
  wall_time_unix_ms?: number;
  rollout_id?: string;
  thread_id?: string | null;
  codex_turn_id?: string | null;
}

/** A log, payloads and a manifest, to be written to a folder. */
export class DraftBundle {
  /** The manifest; may be changed until it is written. */
  readonly manifest: Record<string, unknown>;
  readonly #schema: Schema;
  /** By path, or by id where they are records of shard 1. */
  readonly #payloads = new Map<string, string>();
  #counted = 0;
  #log = "";
  #seq = 0;
  #time = 1_700_000_000_000;

  /** Begins with a thread and a turn. */
  constructor(schema: SchemaOrNumber) {
    this.#schema = asSchema(schema);
    this.manifest = {
      schema_version: this.#schema.version,
      trace_id: "trace",
      rollout_id: "rollout",
      root_thread_id: THREAD,
      started_at_unix_ms: this.#time,
      raw_event_log: "trace.jsonl",
      payloads_dir: "payloads",
    };
    this.event({
      type: "rollout_started",
      trace_id: "trace",
      root_thread_id: THREAD,
    }, { thread_id: null, codex_turn_id: null });
    this.event({
      type: "thread_started",
      thread_id: THREAD,
      agent_path: "/root",
    }, { codex_turn_id: null });
    this.event({
      type: "codex_turn_started",
      codex_turn_id: TURN,
      thread_id: THREAD,
    });
  }

  /** Appends an event, of the thread and its turn unless `envelope` says otherwise. */
  event(payload: object, envelope: Envelope = {}): this {
    this.#time += 10;
    const { seq = ++this.#seq, ...others } = envelope;
    if (typeof seq === "number") this.#seq = seq;
    const line = JSON.stringify({
      schema_version: this.#schema.version,
      seq: 0,
      wall_time_unix_ms: this.#time,
      rollout_id: "rollout",
      thread_id: THREAD,
      codex_turn_id: TURN,
      ...others,
      payload,
    });
    return this.raw(`${line.replace(`"seq":0`, `"seq":${seq}`)}\n`);
  }

  /** Appends text to the log. */
  raw(text: string): this {
    this.#log += text;
    return this;
  }

  /** Changes the text of the log. */
  rewrite(change: (log: string) => string): this {
    this.#log = change(this.#log);
    return this;
  }

  /** Writes a payload and refers to it; `named` replaces keys of the reference. */
  payload(
    kind: RawPayloadKindName,
    value: unknown,
    named: Partial<RawPayloadRef> = {},
  ): RawPayloadRef {
    const n = ++this.#counted;
    const id = `raw_payload:${n}`;
    return this.#store({ id, path: `payloads/${n}.json` }, kind, value, named);
  }

  #store(
    { id, path }: { id: string; path: string },
    kind: RawPayloadKindName,
    value: unknown,
    named: Partial<RawPayloadRef> = {},
  ): RawPayloadRef {
    const ref: RawPayloadRef = {
      raw_payload_id: id,
      kind: { type: kind },
      ...(usesShards(this.#schema) ? { shard: 1 } : { path }),
    };
    const text = value instanceof Spelled ? value.text : JSON.stringify(value);
    this.#payloads.set(payloadKey(ref), text);
    return { ...ref, ...named };
  }

  /** Appends a protocol event, whose payload nothing but a check looks at. */
  observed(payload: RawPayloadRef): this {
    return this.event({
      type: "protocol_event_observed",
      event_type: "warning",
      event_payload: payload,
    });
  }

  /** Appends a request; `more` replaces keys. */
  request(id: string, body: object, turn = TURN, more: object = {}): this {
    return this.event({
      type: "inference_started",
      inference_call_id: id,
      thread_id: THREAD,
      codex_turn_id: turn,
      model: "model",
      provider_name: "provider",
      request_payload: this.payload("inference_request", body),
      ...this.#prepared(id),
      ...more,
    });
  }

  /** The prompt that was prepared for a request, where the schema has it. */
  #prepared(call: string): { prepared_prompt_payload?: RawPayloadRef } {
    if (!this.#schema.reduce.preparesPrompts) return {};
    const id = `prepared_prompt:${call}`;
    const ref = this.#store({ id, path: "" }, "prepared_prompt", {});
    return { prepared_prompt_payload: ref };
  }

  /** Appends an answer. */
  response(id: string, output_items: unknown[]): this {
    return this.event({
      type: "inference_completed",
      inference_call_id: id,
      response_id: `response-${id}`,
      response_payload: this.payload("inference_response", { output_items }),
    });
  }

  /** Appends the start of a tool call. */
  tool(tool_call_id: string, more: object = {}, envelope?: Envelope): this {
    return this.event({
      type: "tool_call_started",
      tool_call_id,
      requester: { type: "model" },
      kind: { type: "other", name: "plain" },
      summary: { type: "generic", label: "label" },
      ...more,
    }, envelope);
  }

  /** Appends the end of a tool call. */
  toolEnd(tool_call_id: string): this {
    return this.event({
      type: "tool_call_ended",
      tool_call_id,
      status: "completed",
    });
  }

  /** Ends turn, thread, rollout and recording. */
  end(): this {
    this.event({
      type: "codex_turn_ended",
      codex_turn_id: TURN,
      status: "completed",
    });
    this.event({
      type: "thread_ended",
      thread_id: THREAD,
      status: "completed",
    }, { codex_turn_id: null });
    this.event(
      { type: "rollout_ended", status: "completed" },
      { thread_id: null, codex_turn_id: null },
    );
    const { closingEvent } = this.#schema.log;
    return closingEvent === null ? this : this.completion();
  }

  /** Says that the recording is complete. */
  completion(): this {
    return this.event(
      { type: "recording_completed" },
      { thread_id: null, codex_turn_id: null },
    );
  }

  /** Writes everything into a folder that may exist; `form` is that of its shard, if it has one. */
  write(folder: string, form: ShardForm = {}): void {
    Deno.mkdirSync(join(folder, "payloads"), { recursive: true });
    Deno.writeTextFileSync(
      join(folder, "manifest.json"),
      JSON.stringify(this.manifest),
    );
    Deno.writeTextFileSync(join(folder, "trace.jsonl"), this.#log);
    if (usesShards(this.#schema)) {
      const records = Array.from(
        this.#payloads,
        ([id, data]) => ({ id, data }),
      );
      if (records.length > 0) writeShards(folder, [[1, records, form]]);
      return;
    }
    for (const [path, text] of this.#payloads) {
      Deno.writeTextFileSync(join(folder, path), text);
    }
  }
}

/** A text message in a conversation. */
export function message(role: string, text: string): object {
  const type = role === "assistant" ? "output_text" : "input_text";
  return { type: "message", role, content: [{ type, text }] };
}
