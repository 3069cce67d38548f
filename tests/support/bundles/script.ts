/**
 * A session written event by event, and reduced without a disk.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { ReplayError, type ReplayErrorCode } from "../../../lib/errors.ts";
import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../../lib/format/payload.ts";
import type { RolloutTrace } from "../../../lib/graph/rollout_trace.ts";
import type { Schema } from "../../../lib/schema/schema.ts";
import type { SchemaOrNumber } from "../every_schema.ts";
import { CHILD, RawBundle, THREAD, TURN } from "./raw_bundle.ts";

/** The thread of most events. */
const ROOT = THREAD;

export { CHILD, ROOT };

/** JSON that a payload contains with exactly this spelling. */
export class Spelled {
  /** The JSON. */
  readonly text: string;

  /** Takes a text. */
  constructor(text: string) {
    this.text = text;
  }
}

/** Where an event happens. */
export interface Place {
  thread?: string | null;
  turn?: string | null;
  /** Time; without it, ten milliseconds after the last event. */
  at?: number;
}

/** What a tool call starts with; the rest has plain values. */
export interface ToolStart extends Place {
  callId?: string;
  /** Runtime id of the cell that asks. */
  cell?: string;
  kind?: object;
  invocation?: unknown;
}

/** A log in the making. It begins with thread {@linkcode ROOT} and its turn `turn`. */
export class Script {
  /** Schema of the log. */
  readonly schema: Schema;
  readonly #bundle: RawBundle;
  #at = 20;

  /** Begins the log. */
  constructor(schema: SchemaOrNumber) {
    this.#bundle = new RawBundle(schema);
    this.schema = this.#bundle.schema;
  }

  /** Writes a payload. Its id is the next of a counter unless `id` is given. */
  payload(
    kind: RawPayloadKindName,
    value: unknown,
    id?: string,
  ): RawPayloadRef {
    const text = value instanceof Spelled ? value.text : JSON.stringify(value);
    return this.#bundle.payload(kind, text, id);
  }

  /** Appends an event, of {@linkcode ROOT} and its turn unless `place` differs. */
  event(payload: object, place: Place = {}): this {
    this.#at = place.at ?? this.#at + 10;
    this.#bundle.event(payload, {
      wall_time_unix_ms: this.#at,
      thread_id: place.thread === undefined ? ROOT : place.thread,
      codex_turn_id: place.turn === undefined ? TURN : place.turn,
    });
    return this;
  }

  /** Starts a thread. */
  thread(thread_id: string, agent_path: string): this {
    return this.event({ type: "thread_started", thread_id, agent_path });
  }

  /** Starts a turn. */
  turn(codex_turn_id: string, thread_id: string): this {
    return this.event({ type: "codex_turn_started", codex_turn_id, thread_id });
  }

  /** Ends a turn of {@linkcode ROOT}. */
  turnEnd(status: string, codex_turn_id = TURN): this {
    return this.event({ type: "codex_turn_ended", codex_turn_id, status });
  }

  /** Sends a full request. */
  request(id: string, input: unknown[], place: Place = {}): this {
    return this.event({
      type: "inference_started",
      inference_call_id: id,
      thread_id: place.thread ?? ROOT,
      codex_turn_id: place.turn ?? TURN,
      model: "model",
      provider_name: "provider",
      request_payload: this.payload("inference_request", { input }),
    });
  }

  /** Answers a request. */
  response(inference_call_id: string, output_items: unknown[]): this {
    return this.event({
      type: "inference_completed",
      inference_call_id,
      response_id: `response-${inference_call_id}`,
      response_payload: this.payload("inference_response", { output_items }),
    });
  }

  /** Starts a tool call. */
  tool(tool_call_id: string, start: ToolStart = {}): this {
    return this.event({
      type: "tool_call_started",
      tool_call_id,
      model_visible_call_id: start.callId,
      requester: start.cell === undefined
        ? { type: "model" }
        : { type: "code_cell", runtime_cell_id: start.cell },
      kind: start.kind ?? { type: "other", name: "plain" },
      summary: { type: "generic", label: "label" },
      invocation_payload: start.invocation === undefined
        ? null
        : this.payload("tool_invocation", start.invocation),
    }, start);
  }

  /** A runtime begins; `kind` is the kind it reports, where the schema has that. */
  begin(tool_call_id: string, payload: unknown, kind: object): this {
    return this.event({
      type: "tool_call_runtime_started",
      tool_call_id,
      kind,
      runtime_payload: this.payload("tool_runtime_event", payload),
    });
  }

  /** A runtime ends. */
  end(tool_call_id: string, payload: unknown, status = "completed"): this {
    return this.event({
      type: "tool_call_runtime_ended",
      tool_call_id,
      status,
      runtime_payload: this.payload("tool_runtime_event", payload),
    });
  }

  /** A tool call ends. */
  toolEnd(tool_call_id: string, result?: unknown): this {
    return this.event({
      type: "tool_call_ended",
      tool_call_id,
      status: "completed",
      result_payload: result === undefined
        ? null
        : this.payload("tool_result", result),
    });
  }

  /** Starts a code cell. */
  cell(runtime_cell_id: string, callId: string, place: Place = {}): this {
    return this.event({
      type: "code_cell_started",
      runtime_cell_id,
      model_visible_call_id: callId,
      source_js: "text('hi')",
    }, place);
  }

  /** A code cell answers for the first time, or ends. */
  cellReport(
    type: "code_cell_initial_response" | "code_cell_ended",
    runtime_cell_id: string,
    status: string,
    place: Place = {},
  ): this {
    const response_payload = this.payload("tool_result", {});
    return this.event(
      { type, runtime_cell_id, status, response_payload },
      place,
    );
  }

  /** Reduces the log. */
  reduce(): RolloutTrace {
    return this.#bundle.reduceStrictly();
  }
}

/** A user's message. */
export function user(text: string): object {
  const content = [{ type: "input_text", text }];
  return { type: "message", role: "user", content };
}

/** An assistant's message. */
export function assistant(text: string): object {
  const content = [{ type: "output_text", text }];
  return { type: "message", role: "assistant", content };
}

/** A function call. */
export function call(call_id: string): object {
  return { type: "function_call", name: "f", arguments: "{}", call_id };
}

/** A function's output. */
export function output(call_id: string, text = "done"): object {
  return { type: "function_call_output", call_id, output: text };
}

/** A call of `exec`, the tool that runs code cells. */
export function exec(call_id: string): object {
  return { type: "custom_tool_call", name: "exec", input: "1", call_id };
}

/** The output of `exec`. */
export function execOutput(call_id: string, text = "done"): object {
  return { type: "custom_tool_call_output", call_id, output: text };
}

/** A message between agents. */
export function mail(author: string, recipient: string, text: string): object {
  const content = [{ type: "input_text", text }];
  return { type: "agent_message", author, recipient, content };
}

/** An entry of the graph that must be there. */
export function at<T>(entries: ReadonlyMap<string, T>, id: string): T {
  const entry = entries.get(id);
  if (entry !== undefined) return entry;
  throw new Error(`nothing is called ${id} among ${[...entries.keys()]}`);
}

/** The id of the n-th item. */
export function item(n: number): string {
  return `conversation_item:${n}`;
}

/** Asserts that reducing fails with this code. */
export function assertFails(script: Script, code: ReplayErrorCode): void {
  const error = assertThrows(() => script.reduce(), ReplayError);
  assertEquals(error.code, code);
}
