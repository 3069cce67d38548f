/**
 * A bundle in the making: a healthy session, and room for what is not.
 *
 * @module
 */

import { join } from "@std/path";
import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../lib/format/payload.ts";

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
  readonly #schema: 1 | 2;
  readonly #files = new Map<string, string>();
  #log = "";
  #seq = 0;
  #time = 1_700_000_000_000;

  /** Begins with a thread and a turn. */
  constructor(schema: 1 | 2) {
    this.#schema = schema;
    this.manifest = {
      schema_version: schema,
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
      schema_version: this.#schema,
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

  /** Writes a payload and names it. */
  payload(
    kind: RawPayloadKindName,
    value: unknown,
    named: Partial<RawPayloadRef> = {},
  ): RawPayloadRef {
    const n = this.#files.size + 1;
    const path = `payloads/${n}.json`;
    this.#files.set(path, JSON.stringify(value));
    return {
      raw_payload_id: `raw_payload:${n}`,
      kind: { type: kind },
      path,
      ...named,
    };
  }

  /** Appends a protocol event, whose payload nothing but a check looks at. */
  observed(payload: RawPayloadRef): this {
    return this.event({
      type: "protocol_event_observed",
      event_type: "warning",
      event_payload: payload,
    });
  }

  /** Appends a request. */
  request(id: string, body: object, turn = TURN): this {
    return this.event({
      type: "inference_started",
      inference_call_id: id,
      thread_id: THREAD,
      codex_turn_id: turn,
      model: "model",
      provider_name: "provider",
      request_payload: this.payload("inference_request", body),
    });
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
    return this.#schema === 1 ? this : this.completion();
  }

  /** Says that the recording is complete. */
  completion(): this {
    return this.event(
      { type: "recording_completed" },
      { thread_id: null, codex_turn_id: null },
    );
  }

  /** Writes everything into a folder that may exist. */
  write(folder: string): void {
    Deno.mkdirSync(join(folder, "payloads"), { recursive: true });
    Deno.writeTextFileSync(
      join(folder, "manifest.json"),
      JSON.stringify(this.manifest),
    );
    Deno.writeTextFileSync(join(folder, "trace.jsonl"), this.#log);
    for (const [path, text] of this.#files) {
      Deno.writeTextFileSync(join(folder, path), text);
    }
  }
}

/** A text message in a conversation. */
export function message(role: string, text: string): object {
  const type = role === "assistant" ? "output_text" : "input_text";
  return { type: "message", role, content: [{ type, text }] };
}
