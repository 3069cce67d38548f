/**
 * A bundle as somebody might write it who is no recorder: any text as a line, any bytes as a
 * payload, on a disk or not.
 *
 * @module
 */

import { DEFAULT_LIMITS } from "../../../lib/bundle/limits.ts";
import type { Diagnostic } from "../../../lib/diagnostic.ts";
import type { DecodedEvent } from "../../../lib/format/event.ts";
import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../../lib/format/payload.ts";
import type { RolloutTrace } from "../../../lib/graph/rollout_trace.ts";
import { reduceTrace } from "../../../lib/reduce/reduce.ts";
import type { Schema } from "../../../lib/schema/schema.ts";
import { asSchema, type SchemaOrNumber, usesShards } from "../every_schema.ts";
import { MemoryPayloads, payloadKey } from "./memory_payloads.ts";
import { writeShards } from "./shards.ts";

/** The thread of most events. */
export const THREAD = "00000000-0000-0000-0000-00000000000a";
/** The turn of most events. */
export const TURN = "turn";

/** A bundle in the making. */
export class RawBundle {
  /** Schema of the log and of the manifest. */
  readonly schema: Schema;
  /** What becomes `manifest.json`. */
  manifest: string;
  /** Lines of the log. */
  readonly lines: string[] = [];
  /** Texts of the payloads: by path, or by id where they are records of shard 1. */
  readonly payloads: Map<string, string> = new Map();
  #counted = 0;

  /** Begins with {@linkcode THREAD} and {@linkcode TURN}. */
  constructor(schema: SchemaOrNumber) {
    this.schema = asSchema(schema);
    this.manifest = JSON.stringify({
      schema_version: this.schema.version,
      trace_id: "trace",
      rollout_id: "rollout",
      root_thread_id: THREAD,
      started_at_unix_ms: 0,
      raw_event_log: "trace.jsonl",
      payloads_dir: "payloads",
    });
    this.event({
      type: "thread_started",
      thread_id: THREAD,
      agent_path: "/root",
    });
    this.event({
      type: "codex_turn_started",
      codex_turn_id: TURN,
      thread_id: THREAD,
    });
  }

  /** Appends an event; `envelope` replaces keys around it. */
  event(payload: object, envelope: object = {}): this {
    const seq = this.lines.length + 1;
    this.lines.push(jsonText({
      schema_version: this.schema.version,
      seq,
      wall_time_unix_ms: seq,
      rollout_id: "rollout",
      thread_id: THREAD,
      codex_turn_id: TURN,
      ...envelope,
      payload: this.#withPrompt(payload),
    }));
    return this;
  }

  /** The start of a request with the prompt that was prepared for it, where the schema has one. */
  #withPrompt(payload: object): object {
    const { type, inference_call_id }: Readonly<Record<string, unknown>> = {
      ...payload,
    };
    const hasPrompt = type === "inference_started" &&
      this.schema.reduce.preparesPrompts;
    if (!hasPrompt) return payload;
    const id = `prepared_prompt:${inference_call_id}`;
    const prepared_prompt_payload = this.payload("prepared_prompt", {}, id);
    return { prepared_prompt_payload, ...payload };
  }

  /**
   * Adds a payload: a text as it is, anything else as JSON. Its id is the next of a counter unless
   * `id` is given.
   */
  payload(
    kind: RawPayloadKindName,
    value: unknown,
    id?: string,
  ): RawPayloadRef {
    if (id === undefined) this.#counted++;
    const n = this.#counted;
    const ref: RawPayloadRef = {
      raw_payload_id: id ?? `raw_payload:${n}`,
      kind: { type: kind },
      ...(usesShards(this.schema)
        ? { shard: 1 }
        : { path: `payloads/${id ?? n}.json` }),
    };
    const text = typeof value === "string" ? value : JSON.stringify(value);
    this.payloads.set(payloadKey(ref), text);
    return ref;
  }

  /** Starts a request. */
  request(id: string, body: object): this {
    return this.event({
      type: "inference_started",
      inference_call_id: id,
      thread_id: THREAD,
      codex_turn_id: TURN,
      model: "model",
      provider_name: "provider",
      request_payload: this.payload("inference_request", body),
    });
  }

  /** Answers a request. */
  response(id: string, output_items: unknown[], response_id = `r-${id}`): this {
    return this.event({
      type: "inference_completed",
      inference_call_id: id,
      response_id,
      response_payload: this.payload("inference_response", { output_items }),
    });
  }

  /** Starts a tool call; `more` replaces keys. */
  tool(tool_call_id: string, more: object = {}): this {
    return this.event({
      type: "tool_call_started",
      tool_call_id,
      requester: { type: "model" },
      kind: { type: "other", name: "plain" },
      summary: { type: "generic", label: "label" },
      ...more,
    });
  }

  /** Writes the bundle to a folder, which is made. */
  writeTo(folder: string): string {
    Deno.mkdirSync(`${folder}/payloads`, { recursive: true });
    Deno.writeTextFileSync(`${folder}/manifest.json`, this.manifest);
    Deno.writeTextFileSync(
      `${folder}/trace.jsonl`,
      this.lines.map((line) => `${line}\n`).join(""),
    );
    this.#writePayloads(folder);
    return folder;
  }

  #writePayloads(folder: string): void {
    if (usesShards(this.schema)) {
      const records = Array.from(this.payloads, ([id, data]) => ({ id, data }));
      if (records.length > 0) writeShards(folder, [[1, records]]);
      return;
    }
    for (const [path, text] of this.payloads) {
      Deno.writeTextFileSync(`${folder}/${path}`, text);
    }
  }

  /** Reduces the bundle without a disk, tolerantly. */
  reduce(): { trace: RolloutTrace; diagnostics: Diagnostic[] } {
    const diagnostics: Diagnostic[] = [];
    const events = this.lines.map((text, index): DecodedEvent => ({
      ...this.schema.events.decode(text),
      line: index + 1,
      lineEnded: true,
    }));
    const trace = reduceTrace(
      JSON.parse(this.manifest),
      this.schema.reduce,
      events,
      new MemoryPayloads(this.payloads),
      {
        tolerant: true,
        maxEdgePayloads: DEFAULT_LIMITS.edge_payloads,
        onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
      },
    );
    return { trace, diagnostics };
  }
}

/** The value as JSON, bigints spelled out. */
function jsonText(value: object): string {
  return JSON.stringify(
    value,
    (_, member) => typeof member === "bigint" ? `bigint:${member}` : member,
  ).replaceAll(/"bigint:(-?\d+)"/g, "$1");
}
