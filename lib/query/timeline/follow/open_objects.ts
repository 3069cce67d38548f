/**
 * What has started in a session and not ended, with the handles of all that started.
 *
 * @module
 */

import type { EventOf } from "../../../format/event.ts";
import { runtimeCellKey } from "../../../format/events/event_description.ts";
import { codeCellId, type ThreadId } from "../../../format/ids.ts";
import type { RawPayloadRef } from "../../../format/payload.ts";
import type {
  ExecutionStatus,
  ToolCallKind,
  ToolCallSummary,
  UnixMs,
} from "../../../format/vocabulary.ts";
import { firstLineOf } from "../../evidence/excerpt.ts";
import type { Outcome } from "../../failures/outcome/outcome.ts";
import {
  HANDLE_WORDS,
  type ObjectKind,
  type ObjectRef,
} from "../../session/names/object_kind.ts";

/** Where and when something starts. */
interface Start {
  readonly thread: ObjectRef | null;
  readonly turn: ObjectRef | null;
  readonly at_unix_ms: UnixMs | null;
}

/** What runs for a while. */
export interface Open {
  readonly ref: ObjectRef;
  /** Its thread, where known. */
  readonly thread: ThreadId | null;
  /** Its turn, where known. */
  readonly turn: string | null;
  /** When it started. */
  readonly startedAt: UnixMs | null;
}

/** A turn that runs. */
export interface OpenTurn extends Open {
  /** LLM requests so far. */
  calls: number;
  /** Tool calls so far. */
  tools: number;
  /** Outcome of the last request that ended; undefined without any. */
  last: Outcome | undefined;
  /** How many losses the log had when that is known. */
  losses: number;
}

/** A request that runs. */
export interface OpenRequest extends Open {
  readonly model: string;
}

/** A tool call that runs, or whose process does. */
export interface OpenTool extends Open {
  /** What it runs. */
  kind: ToolCallKind;
  /** What the recorder wrote about it. */
  readonly summary: ToolCallSummary;
  /** What its runtime reported at its start; null before. */
  runtimeStart: RawPayloadRef | null;
  /** What its runtime reported at its end; null before. */
  runtimeEnd: RawPayloadRef | null;
  /** How its runtime ended; null before. */
  runtimeStatus: ExecutionStatus | null;
  /** Whether the call ended, while its process runs. */
  hasEnded: boolean;
  /** What the call was made with. */
  readonly invocation: RawPayloadRef | null;
  /** Whether it was printed to which agent it leads. */
  hasEdge: boolean;
}

/** A code cell that runs. */
export interface OpenCell extends Open {
  /** The first line of its code. */
  readonly source: string;
}

/** A thread; it may be resumed after its end. */
export interface KnownThread {
  /** The thread. */
  readonly ref: ObjectRef;
  /** Path of its agent. */
  readonly path: string;
  /** When it started. */
  readonly startedAt: UnixMs | null;
  /** Outcome of its last turn; undefined without any, null if unknown. */
  lastTurn: Outcome | null | undefined;
}

/** A map whose entries can be taken out. */
class OpenMap<T> extends Map<string, T> {
  /** Removes an entry and returns it. */
  take(id: string): T | undefined {
    const value = this.get(id);
    this.delete(id);
    return value;
  }
}

/** Ids that a person can type, and that any terminal shows as they are. */
const TYPABLE = /^[\x21-\x7e]{1,80}$/;

/** The open objects of one session. */
export class OpenObjects {
  readonly threads: Map<ThreadId, KnownThread> = new Map();
  readonly turns: OpenMap<OpenTurn> = new OpenMap();
  /** LLM requests. */
  readonly calls: OpenMap<OpenRequest> = new OpenMap();
  /** Tool calls. */
  readonly tools: OpenMap<OpenTool> = new OpenMap();
  /** Code cells, by {@linkcode runtimeCellKey}. */
  readonly cells: OpenMap<OpenCell> = new OpenMap();
  /** Compaction requests. */
  readonly summaries: OpenMap<OpenRequest> = new OpenMap();
  readonly #counts: Map<ObjectKind, number> = new Map();

  startThread(id: ThreadId, path: string, startedAt: UnixMs | null): void {
    if (this.threads.has(id)) return;
    const ref = this.#next("thread", id);
    this.threads.set(id, { ref, path, startedAt, lastTurn: undefined });
  }

  startTurn(
    id: string,
    { thread, at }: { thread: ThreadId; at: UnixMs | null },
    losses: number,
  ): void {
    if (this.turns.has(id)) return;
    this.turns.set(id, {
      ref: this.#next("turn", id),
      thread,
      turn: id,
      startedAt: at,
      calls: 0,
      tools: 0,
      last: undefined,
      losses,
    });
  }

  /** An LLM request starts. */
  startCall(
    id: string,
    { thread_id: thread, codex_turn_id: turn, model }: EventOf<
      "inference_started"
    >,
    { at_unix_ms: startedAt }: Start,
  ): undefined {
    if (this.calls.has(id)) return;
    const ref = this.#next("inference_call", id);
    this.calls.set(id, { ref, thread, turn, startedAt, model });
    const owner = this.turns.get(turn);
    if (owner !== undefined) owner.calls++;
  }

  startTool(
    { tool_call_id: id, kind, summary, ...call }: EventOf<"tool_call_started">,
    turn: string | null,
    { thread, at_unix_ms: startedAt }: Start,
  ): undefined {
    if (this.tools.has(id)) return;
    this.tools.set(id, {
      ref: this.#next("tool_call", id),
      thread: thread?.id ?? null,
      turn,
      startedAt,
      kind,
      summary,
      runtimeStart: null,
      runtimeEnd: null,
      runtimeStatus: null,
      hasEnded: false,
      invocation: call.invocation_payload,
      hasEdge: false,
    });
    const owner = this.turns.get(turn ?? "");
    if (owner !== undefined) owner.tools++;
  }

  /** Notes how the runtime of a tool call ended; `undefined` if its start is unknown. */
  endRuntime(
    id: string,
    end: Pick<
      EventOf<"tool_call_runtime_ended">,
      "runtime_payload" | "status"
    >,
  ): OpenTool | undefined {
    const tool = this.tools.get(id);
    if (tool === undefined) return undefined;
    tool.runtimeEnd = end.runtime_payload;
    tool.runtimeStatus = end.status;
    return tool;
  }

  startCell(
    {
      runtime_cell_id: cell,
      model_visible_call_id: call,
      source_js: source,
    }: EventOf<"code_cell_started">,
    { thread, turn, at_unix_ms: startedAt }: Start,
  ): undefined {
    const key = runtimeCellKey(thread?.id ?? null, cell);
    if (this.cells.has(key)) return;
    this.cells.set(key, {
      ref: this.#next("code_cell", codeCellId(call)),
      thread: thread?.id ?? null,
      turn: turn?.id ?? null,
      startedAt,
      source: firstLineOf(source),
    });
  }

  startSummary(
    id: string,
    { thread_id: thread, codex_turn_id: turn, model }: EventOf<
      "compaction_request_started"
    >,
    { at_unix_ms: startedAt }: Start,
  ): undefined {
    const ref = this.unknownRef("compaction_request", id);
    this.summaries.set(id, { ref, thread, turn, startedAt, model });
  }

  /** A thread, also one that no event started. */
  threadRef(id: ThreadId): ObjectRef {
    return this.threads.get(id)?.ref ?? this.unknownRef("thread", id);
  }

  /** A turn, also one that ended or that no event started. */
  turnRef(id: string): ObjectRef {
    return this.turns.get(id)?.ref ?? this.unknownRef("turn", id);
  }

  /** A compaction that takes effect. */
  compactionRef(id: string): ObjectRef {
    return this.#next("compaction", id);
  }

  /** An object without a number: it is named by its id, where that can be typed. */
  unknownRef(kind: ObjectKind, id: string): ObjectRef {
    const handle = TYPABLE.test(id) ? id : `${HANDLE_WORDS[kind]}:?`;
    return { kind, id, handle };
  }

  #next(kind: ObjectKind, id: string): ObjectRef {
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    return { kind, id, handle: `${HANDLE_WORDS[kind]}:${number}` };
  }
}
