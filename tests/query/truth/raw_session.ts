/**
 * A session as its files have it: what ran, by id, with its start and its end. Read without any
 * code of the library, by `JSON.parse` and one pass over the log.
 *
 * @module
 */

import { join } from "@std/path";
import {
  type RawEvent,
  rawEvents,
  RawPayloads,
  type RawRef,
} from "../../support/log_oracle.ts";

/** What `JSON.parse` returns, without a type. */
// deno-lint-ignore no-explicit-any
export type Raw = any;

/** The kinds of what runs, as handles name them. */
export type RunKind = "thread" | "turn" | "call" | "creq" | "tool" | "cell";

/** Something that ran. */
export interface Run {
  readonly kind: RunKind;
  readonly id: string;
  readonly thread: string;
  readonly turn: string | null;
  readonly start: RawEvent;
  /** The event that ended it; of several, the last. Undefined without any. */
  end?: RawEvent;
  /** How that event names its end. */
  status: string;
}

const STATUS_OF_END: Readonly<Record<string, string>> = {
  inference_completed: "completed",
  inference_failed: "failed",
  inference_cancelled: "cancelled",
  compaction_request_completed: "completed",
  compaction_request_failed: "failed",
};
/** How a request ends that its turn's end finds running. */
const CLOSED_BY: Readonly<Record<string, string>> = {
  completed: "cancelled",
  cancelled: "cancelled",
  failed: "failed",
  aborted: "aborted",
};

/** The files of a bundle, indexed. */
export class RawSession {
  readonly bundle: string;
  readonly manifest: Raw;
  readonly events: readonly RawEvent[];
  readonly runs: Map<string, Run> = new Map();
  /** The last end of the rollout. */
  end: RawEvent | undefined;
  root: string;
  traceId: string;
  /**
   * Tool calls and cells whose id another one used before: which of them a later event is about is
   * unknown.
   */
  readonly reused: Set<string> = new Set();
  readonly #payloads: RawPayloads;
  /** Cells by thread and the runtime's id; the id of a cell is that of the call that wrote it. */
  readonly #cells: Map<string, Run> = new Map();

  constructor(bundle: string) {
    this.bundle = bundle;
    this.manifest = JSON.parse(
      Deno.readTextFileSync(join(bundle, "manifest.json")),
    );
    this.root = this.manifest.root_thread_id;
    this.traceId = this.manifest.trace_id;
    this.events = rawEvents(bundle);
    this.#payloads = new RawPayloads(bundle);
    for (const event of this.events) this.#add(event);
  }

  /** Everything of a kind that ran, in order. */
  all(kind: RunKind): Run[] {
    return [...this.runs.values()].filter((run) => run.kind === kind);
  }

  /** The events about something that ran, by a key of theirs. */
  about(key: string, id: string): Raw[] {
    return this.events.map(({ payload }) => payload)
      .filter((payload) => payload[key] === id);
  }

  /** A payload; null without a reference, or when the recorder's limits cut it. */
  payload(ref: RawRef | null | undefined): Raw {
    return ref === null || ref === undefined || ref.capture !== undefined
      ? null
      : this.#payloads.value(ref);
  }

  /** The cell that a runtime's id names in a thread, at the time of an event. */
  cell(thread: string, runtimeId: string): Run | undefined {
    return this.#cells.get(`${thread} ${runtimeId}`);
  }

  #add(event: RawEvent): void {
    const { payload } = event;
    switch (payload.type) {
      case "rollout_started":
        this.root = payload.root_thread_id;
        this.traceId = payload.trace_id;
        break;
      case "rollout_ended":
        this.end = event;
        break;
      case "thread_started":
        this.#start("thread", payload.thread_id, event, {
          thread: payload.thread_id,
          turn: null,
        });
        break;
      case "thread_resumed":
        this.#resume(payload.thread_id, event);
        break;
      case "thread_ended":
        this.#end("thread", payload.thread_id, event, payload.status);
        break;
      case "codex_turn_started":
        this.#start("turn", payload.codex_turn_id, event, {
          thread: payload.thread_id,
          turn: payload.codex_turn_id,
        });
        break;
      case "codex_turn_ended":
        this.#end("turn", payload.codex_turn_id, event, payload.status);
        this.#closeTurn(payload, event);
        break;
      case "tool_call_started":
        this.#start("tool", payload.tool_call_id, event);
        break;
      case "tool_call_ended":
        this.#end("tool", payload.tool_call_id, event, payload.status);
        break;
      default:
        this.#addRequest(event);
        this.#addCell(event);
    }
  }

  #addRequest(event: RawEvent): void {
    const { payload } = event;
    const { type, inference_call_id, compaction_request_id } = payload;
    const [kind, id] = inference_call_id === undefined
      ? ["creq", compaction_request_id] as const
      : ["call", inference_call_id] as const;
    if (id === undefined) return;
    if (type.endsWith("_started")) {
      this.#start(kind, id, event, {
        thread: payload.thread_id,
        turn: payload.codex_turn_id,
      });
      return;
    }
    // The first end of an LLM request counts.
    const run = this.runs.get(`${kind} ${id}`);
    if (kind === "call" && run?.end !== undefined) return;
    this.#end(kind, id, event, STATUS_OF_END[type] ?? "running");
  }

  #addCell(event: RawEvent): void {
    const { payload, thread_id: thread } = event;
    if (!payload.type.startsWith("code_cell_") || thread === null) return;
    const key = `${thread} ${payload.runtime_cell_id}`;
    if (payload.type === "code_cell_started") {
      const id = `code_cell:${payload.model_visible_call_id}`;
      const run = this.#start("cell", id, event);
      if (run !== undefined) this.#cells.set(key, run);
    } else if (payload.type === "code_cell_ended") {
      const run = this.#cells.get(key);
      if (run === undefined) return;
      run.end = event;
      run.status = payload.status;
    }
  }

  #start(
    kind: RunKind,
    id: string,
    start: RawEvent,
    of: { thread: string; turn: string | null } = {
      thread: start.thread_id ?? "",
      turn: start.codex_turn_id,
    },
  ): Run | undefined {
    const key = `${kind} ${id}`;
    if (this.runs.has(key)) {
      this.reused.add(key);
      return undefined;
    }
    const run: Run = { kind, id, ...of, start, status: "running" };
    this.runs.set(key, run);
    return run;
  }

  #end(kind: RunKind, id: string, event: RawEvent, status: string): void {
    const run = this.runs.get(`${kind} ${id}`);
    if (run === undefined) return;
    run.end = event;
    run.status = status;
  }

  /** A thread of an earlier session starts here; one of this session runs again. */
  #resume(thread: string, event: RawEvent): void {
    const run = this.runs.get(`thread ${thread}`);
    if (run === undefined) {
      this.#start("thread", thread, event, { thread, turn: null });
      return;
    }
    delete run.end;
    run.status = "running";
  }

  /** Ends what a turn's end finds running: its LLM requests, and unless it completed its cells. */
  #closeTurn({ codex_turn_id: turn, status }: Raw, event: RawEvent): void {
    const closed = CLOSED_BY[status];
    if (closed === undefined) return;
    for (const run of this.runs.values()) {
      if (run.turn !== turn || run.end !== undefined) continue;
      const isCell = run.kind === "cell" && status !== "completed";
      if (run.kind !== "call" && !isCell) continue;
      run.end = event;
      run.status = isCell && status !== "failed" ? "terminated" : closed;
    }
  }
}
