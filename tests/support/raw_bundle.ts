/**
 * A bundle as somebody might write it who is no recorder: any text as a line, any bytes as a
 * payload, on a disk or not.
 *
 * @module
 */

import { DEFAULT_LIMITS } from "../../lib/bundle/limits.ts";
import type { Diagnostic } from "../../lib/diagnostic.ts";
import { decodeEventLine } from "../../lib/format/decode/event_line.ts";
import type { DecodedEvent } from "../../lib/format/event.ts";
import type { SchemaVersion } from "../../lib/format/manifest.ts";
import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../lib/format/payload.ts";
import type { RolloutTrace } from "../../lib/graph/rollout_trace.ts";
import { reduceTrace } from "../../lib/reduce/reduce.ts";
import { MemoryPayloads } from "./memory_payloads.ts";

/** The thread of most events. */
export const THREAD = "00000000-0000-0000-0000-00000000000a";
/** The turn of most events. */
export const TURN = "turn";

/** A bundle in the making. */
export class RawBundle {
  /** Schema of the log and of the manifest. */
  readonly schema: SchemaVersion;
  /** What becomes `manifest.json`. */
  manifest: string;
  /** Lines of the log. */
  readonly lines: string[] = [];
  /** Texts of the payloads, by path. */
  readonly payloads: Map<string, string> = new Map();

  /** Begins with {@linkcode THREAD} and {@linkcode TURN}. */
  constructor(schema: SchemaVersion) {
    this.schema = schema;
    this.manifest = JSON.stringify({
      schema_version: schema,
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
    this.lines.push(JSON.stringify({
      schema_version: this.schema,
      seq,
      wall_time_unix_ms: seq,
      rollout_id: "rollout",
      thread_id: THREAD,
      codex_turn_id: TURN,
      ...envelope,
      payload,
    }));
    return this;
  }

  /** Adds a payload: a text as it is, anything else as JSON. */
  payload(kind: RawPayloadKindName, value: unknown): RawPayloadRef {
    const n = this.payloads.size + 1;
    const path = `payloads/${n}.json`;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    this.payloads.set(path, text);
    return { raw_payload_id: `raw_payload:${n}`, kind: { type: kind }, path };
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
    for (const [path, text] of this.payloads) {
      Deno.writeTextFileSync(`${folder}/${path}`, text);
    }
    return folder;
  }

  /** Reduces the bundle without a disk, tolerantly. */
  reduce(): { trace: RolloutTrace; diagnostics: Diagnostic[] } {
    const diagnostics: Diagnostic[] = [];
    const events = this.lines.map((text, index): DecodedEvent => ({
      ...decodeEventLine(text, this.schema),
      line: index + 1,
      lineEnded: true,
    }));
    const trace = reduceTrace(
      JSON.parse(this.manifest),
      this.schema,
      events,
      new MemoryPayloads(this.payloads),
      {
        tolerant: true,
        mostCarried: DEFAULT_LIMITS.carried,
        onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
      },
    );
    return { trace, diagnostics };
  }
}
