/**
 * Bundles as given: any text as a line, any bytes as a payload, any shard, in memory or on disk.
 *
 * Whatever else makes a bundle by hand is built on this: scripts, shard bundles, attacks.
 *
 * @module
 */

import { join } from "@std/path";
import { DEFAULT_LIMITS } from "../../../lib/bundle/limits.ts";
import type { Diagnostic } from "../../../lib/errors.ts";
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
import { type ShardForm, writeShards } from "./shards.ts";

/** The thread of most events; agent tools know threads by UUIDs. */
export const THREAD = "00000000-0000-0000-0000-00000000000a";
/** A child of {@linkcode THREAD}. */
export const CHILD = "00000000-0000-0000-0000-00000000000c";
/** The turn of most events. */
export const TURN = "turn";

/** Keys of a line around its event; a `seq` that no double holds is a text. */
export interface Envelope {
  schema_version?: number;
  seq?: number | string;
  wall_time_unix_ms?: number;
  rollout_id?: string;
  thread_id?: string | null;
  codex_turn_id?: string | null;
}

const NO_TURN: Envelope = { codex_turn_id: null };
const NO_THREAD: Envelope = { thread_id: null, ...NO_TURN };
/** When a bundle starts that begins as a recorder begins one. */
const STARTED_AT = 1_700_000_000_000;

/** What the log of a bundle begins with. */
export type FirstEvent = "thread" | "rollout";

/** A manifest, a log and payloads. */
export class RawBundle {
  /** Schema of the log and of the manifest. */
  readonly schema: Schema;
  /** What becomes `manifest.json`. */
  manifest: string;
  /** Lines of the log. */
  readonly lines: string[] = [];
  /** Texts of the payloads: by path, or by id where they are records of shard 1. */
  readonly payloads: Map<string, string> = new Map();
  readonly #first: FirstEvent;
  /** Whether the last line ends with a line feed. */
  #endsWithFeed = true;
  #countedPayloads = 0;
  #countedEvents = 0;
  #seq = 0;

  /**
   * Begins with {@linkcode THREAD} and {@linkcode TURN}. As a recorder does, if `first` is
   * "rollout": with the start of the rollout, a real time, and sequence numbers that follow a
   * given one.
   */
  constructor(schema: SchemaOrNumber, first: FirstEvent = "thread") {
    this.schema = asSchema(schema);
    this.#first = first;
    this.manifest = JSON.stringify({
      schema_version: this.schema.version,
      trace_id: "trace",
      rollout_id: "rollout",
      root_thread_id: THREAD,
      started_at_unix_ms: this.#isRecorded ? STARTED_AT : 0,
      raw_event_log: "trace.jsonl",
      payloads_dir: "payloads",
    });
    if (this.#isRecorded) {
      this.event({
        type: "rollout_started",
        trace_id: "trace",
        root_thread_id: THREAD,
      }, NO_THREAD);
    }
    this.event({
      type: "thread_started",
      thread_id: THREAD,
      agent_path: "/root",
    }, this.#isRecorded ? NO_TURN : {});
    this.event({
      type: "codex_turn_started",
      codex_turn_id: TURN,
      thread_id: THREAD,
    });
  }

  get #isRecorded(): boolean {
    return this.#first === "rollout";
  }

  /** Replaces keys of the manifest. */
  changeManifest(change: object): this {
    const manifest = { ...JSON.parse(this.manifest), ...change };
    this.manifest = JSON.stringify(manifest);
    return this;
  }

  /** The text of the log. */
  get log(): string {
    const text = this.lines.map((line) => `${line}\n`).join("");
    return this.#endsWithFeed ? text : text.slice(0, -1);
  }

  /** Replaces the text of the log. */
  rewrite(change: (log: string) => string): this {
    const lines = change(this.log).split("\n");
    this.#endsWithFeed = lines.at(-1) === "";
    if (this.#endsWithFeed) lines.pop();
    this.lines.length = 0;
    for (const line of lines) this.lines.push(line);
    return this;
  }

  /** Appends text to the log. */
  raw(text: string): this {
    return this.rewrite((log) => log + text);
  }

  /** Appends an event; `envelope` replaces keys around it. */
  event(payload: object, envelope: Envelope = {}): this {
    const position = this.lines.length + 1;
    const next = this.#isRecorded ? this.#seq + 1 : position;
    const { seq = next, ...others } = envelope;
    if (typeof seq === "number") this.#seq = seq;
    this.#countedEvents++;
    const line = jsonText({
      schema_version: this.schema.version,
      seq: 0,
      wall_time_unix_ms: this.#isRecorded
        ? STARTED_AT + 10 * this.#countedEvents
        : position,
      rollout_id: "rollout",
      thread_id: THREAD,
      codex_turn_id: TURN,
      ...others,
      payload: this.#withPrompt(payload),
    });
    this.lines.push(line.replace(`"seq":0`, `"seq":${seq}`));
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
    if (id === undefined) this.#countedPayloads++;
    const n = this.#countedPayloads;
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

  /** Appends a protocol event, whose payload only a check reads. */
  observed(event_payload: object): this {
    return this.event({
      type: "protocol_event_observed",
      event_type: "warning",
      event_payload,
    });
  }

  /** Starts a request; `more` replaces keys. */
  request(
    id: string,
    body: object | string,
    turn = TURN,
    more: object = {},
  ): this {
    return this.event({
      type: "inference_started",
      inference_call_id: id,
      thread_id: THREAD,
      codex_turn_id: turn,
      model: "model",
      provider_name: "provider",
      request_payload: this.payload("inference_request", body),
      ...more,
    });
  }

  /** Answers a request. */
  response(
    id: string,
    output_items: unknown[],
    response_id = `response-${id}`,
  ): this {
    return this.event({
      type: "inference_completed",
      inference_call_id: id,
      response_id,
      response_payload: this.payload("inference_response", { output_items }),
    });
  }

  /** Starts a tool call; `more` replaces keys. */
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

  /** Ends a tool call. */
  toolEnd(tool_call_id: string): this {
    return this.event({
      type: "tool_call_ended",
      tool_call_id,
      status: "completed",
    });
  }

  /** Ends turn, thread, rollout and recording. */
  end(): this {
    const ended = { status: "completed" };
    this.event({ type: "codex_turn_ended", codex_turn_id: TURN, ...ended });
    this.event({ type: "thread_ended", thread_id: THREAD, ...ended }, NO_TURN);
    this.event({ type: "rollout_ended", ...ended }, NO_THREAD);
    const { closingEvent } = this.schema.log;
    return closingEvent === null ? this : this.completion();
  }

  /** Appends the event that completes the recording. */
  completion(): this {
    return this.event({ type: "recording_completed" }, NO_THREAD);
  }

  /** Writes the bundle to a folder, which is made if needed; `form` is that of shard 1. */
  writeTo(folder: string, form: ShardForm = {}): string {
    Deno.mkdirSync(join(folder, "payloads"), { recursive: true });
    Deno.writeTextFileSync(join(folder, "manifest.json"), this.manifest);
    Deno.writeTextFileSync(join(folder, "trace.jsonl"), this.log);
    this.#writePayloads(folder, form);
    return folder;
  }

  #writePayloads(folder: string, form: ShardForm): void {
    if (usesShards(this.schema)) {
      const records = Array.from(this.payloads, ([id, data]) => ({ id, data }));
      if (records.length > 0) writeShards(folder, [[1, records, form]]);
      return;
    }
    for (const [path, text] of this.payloads) {
      Deno.writeTextFileSync(join(folder, path), text);
    }
  }

  /** Reduces the bundle without a disk, strictly. */
  reduceStrictly(): RolloutTrace {
    return reduceTrace(...this.#parts());
  }

  /** Reduces the bundle without a disk, tolerantly. */
  reduce(): { trace: RolloutTrace; diagnostics: Diagnostic[] } {
    const diagnostics: Diagnostic[] = [];
    const trace = reduceTrace(...this.#parts(), {
      tolerant: true,
      maxEdgePayloads: DEFAULT_LIMITS.edge_payloads,
      onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
    });
    return { trace, diagnostics };
  }

  #parts() {
    const events = this.lines.map((text, index): DecodedEvent => ({
      ...this.schema.events.decode(text),
      line: index + 1,
      lineEnded: true,
    }));
    const payloads = new MemoryPayloads(this.payloads);
    const manifest = JSON.parse(this.manifest);
    return [manifest, this.schema.reduce, events, payloads] as const;
  }
}

/** A text message in a conversation. */
export function message(role: string, text: string): object {
  const type = role === "assistant" ? "output_text" : "input_text";
  return { type: "message", role, content: [{ type, text }] };
}

/** The value as JSON, bigints spelled out. */
function jsonText(value: object): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  return JSON.stringify(
    value,
    (_, member) => typeof member === "bigint" ? `bigint:${member}` : member,
  ).replaceAll(/"bigint:(-?\d+)"/g, "$1");
}
