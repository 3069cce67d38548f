/**
 * The scene of a session: threads as lanes, everything that ran as spans, edges as arrows.
 *
 * @module
 */

import type {
  EdgeRow,
  Pointer,
  ThreadRow,
  WindowRow,
} from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";
import { deliveryOf, edgeWord } from "../../model/names.ts";
import { escapeLine } from "../../ui/escape.ts";
import { threadTree } from "../../model/thread_tree.ts";
import type {
  EdgeEnd,
  Lane,
  Scene,
  SceneEdge,
  Span,
  SpanKind,
} from "./layout/scene.ts";

/** A scene, and the positions of objects in it. */
export interface Collected {
  readonly scene: Scene;
  /** Position of an object's span; undefined when it has none. */
  spanOf(pointer: Pointer): number | undefined;
  /** Position of a thread's lane; undefined when the graph does not have it. */
  laneOf(thread: string): number | undefined;
}

/** Collects the scene of a session. */
export function collect(model: Model): Collected {
  const collection = new Collection(model);
  const { start, end } = model.span();
  const { lanes, spans, edges } = collection;
  const hasJump = model.data.show.clock_jumps.length > 0;
  return {
    scene: {
      lanes,
      spans,
      edges,
      hasJump,
      hasUnknownTimes: model.isSessionLog,
      start,
      end,
    },
    spanOf: (pointer) => collection.spanOf(pointer),
    laneOf: (thread) => collection.laneOf(thread),
  };
}

/** A span before the position of its parent is known. */
interface SpanInput {
  readonly pointer: Pointer;
  readonly kind: SpanKind;
  readonly thread: string | null;
  readonly parent: Pointer | null;
  readonly label: string;
  readonly window:
    & Pick<
      WindowRow,
      "started" | "ended" | "duration_ms" | "status" | "outcome"
    >
    & { readonly started_seq: number | null };
}

class Collection {
  readonly lanes: Lane[] = [];
  readonly spans: Span[] = [];
  readonly edges: SceneEdge[] = [];
  readonly #model: Model;
  readonly #laneOf = new Map<string, number>();
  readonly #spanOf = new Map<string, number>();
  /** The turns of each lane, in order of time. */
  readonly #turns: number[][] = [];

  constructor(model: Model) {
    this.#model = model;
    for (const { row, depth } of threadTree(model.rows.threads)) {
      this.#addLane(row, depth);
    }
    const inputs = [
      ...this.#turnInputs(),
      ...this.#callInputs(),
      ...this.#toolInputs(),
      ...this.#cellInputs(),
      ...this.#compactionInputs(),
    ].filter(({ thread }) => thread !== null && this.#laneOf.has(thread));
    // Every position is known before the first parent is looked up.
    inputs.forEach(({ pointer }, at) => this.#spanOf.set(keyOf(pointer), at));
    for (const input of inputs) this.#addSpan(input);
    for (const row of model.rows.edges) this.#addEdge(row);
  }

  spanOf(pointer: Pointer): number | undefined {
    return this.#spanOf.get(keyOf(pointer));
  }

  laneOf(thread: string): number | undefined {
    return this.#laneOf.get(thread);
  }

  #addLane(row: ThreadRow, depth: number): void {
    this.#laneOf.set(row.id, this.lanes.length);
    this.#turns.push([]);
    const name = row.nickname ?? row.agent_path;
    const notes = [
      row.nickname === null ? "" : row.agent_path,
      row.agent_role ?? "",
      row.model ?? "",
    ];
    this.lanes.push({
      pointer: ["thread", row.id],
      label: escapeLine(name === "" ? row.handle : name, 80),
      note: escapeLine(notes.filter((each) => each !== "").join(" · "), 120),
      depth,
      start: row.started,
      end: row.ended,
      outcome: row.outcome,
    });
  }

  #turnInputs(): SpanInput[] {
    return this.#model.rows.turns.map((row) => ({
      pointer: ["turn", row.id],
      kind: "turn",
      thread: row.thread_id,
      parent: null,
      label: row.handle,
      window: row,
    }));
  }

  #callInputs(): SpanInput[] {
    return this.#model.rows.calls.map((row) => ({
      pointer: ["inference_call", row.id],
      kind: "call",
      thread: row.thread_id,
      parent: ["turn", row.turn_id],
      label: row.model,
      window: row,
    }));
  }

  #toolInputs(): SpanInput[] {
    const { tools, operations } = this.#model.rows;
    const thread = new Map(tools.map((row) => [row.id, row.thread_id]));
    return [
      ...tools.map((row): SpanInput => ({
        pointer: ["tool_call", row.id],
        kind: "tool",
        thread: row.thread_id,
        parent: row.requester_cell_id === null
          ? turnPointer(row.turn_id)
          : ["code_cell", row.requester_cell_id],
        label: row.label,
        window: row,
      })),
      ...operations.map((row): SpanInput => ({
        pointer: ["terminal_operation", row.id],
        kind: "operation",
        thread: thread.get(row.tool_id) ?? null,
        parent: ["tool_call", row.tool_id],
        label: row.kind === "exec_command" ? "command" : "stdin",
        window: row,
      })),
    ];
  }

  /** The parent of a cell is the tool call that started it, where that is known. */
  #cellInputs(): SpanInput[] {
    const starter = new Map<string, string>();
    for (const tool of this.#model.rows.tools) {
      if (tool.requester_cell_id !== null) continue;
      if (tool.call_id !== null) {
        starter.set(`${tool.thread_id} ${tool.call_id}`, tool.id);
      }
    }
    for (const tool of this.#model.rows.tools) {
      if (tool.started_cell_id !== null) {
        starter.set(tool.started_cell_id, tool.id);
      }
    }
    return this.#model.rows.cells.map((row) => {
      const tool = starter.get(row.id) ??
        starter.get(`${row.thread_id} ${row.call_id}`);
      return {
        pointer: ["code_cell", row.id],
        kind: "cell",
        thread: row.thread_id,
        parent: tool === undefined
          ? ["turn", row.turn_id]
          : ["tool_call", tool],
        label: "code cell",
        window: row,
      };
    });
  }

  /** A compaction lasts from its first request until its history was installed. */
  #compactionInputs(): SpanInput[] {
    const { compactions, summaries } = this.#model.rows;
    const began = new Map<string, number>();
    for (const { compaction_id, started } of summaries) {
      const before = began.get(compaction_id) ?? started;
      began.set(compaction_id, Math.min(before, started));
    }
    const isKnown = this.#model.data.show.clock_jumps.length === 0 &&
      !this.#model.isSessionLog;
    return [
      ...compactions.map((row): SpanInput => {
        const { installed_at: ended } = row;
        const started = Math.min(ended, began.get(row.id) ?? ended);
        return {
          pointer: ["compaction", row.id],
          kind: "compaction",
          thread: row.thread_id,
          parent: ["turn", row.turn_id],
          label: "compaction",
          window: {
            started,
            started_seq: null,
            ended,
            duration_ms: isKnown ? ended - started : null,
            status: "completed",
            outcome: "ok",
          },
        };
      }),
      ...summaries.map((row): SpanInput => ({
        pointer: ["compaction_request", row.id],
        kind: "summary",
        thread: row.thread_id,
        parent: this.#model.row("compaction", row.compaction_id) === undefined
          ? ["turn", row.turn_id]
          : ["compaction", row.compaction_id],
        label: row.model,
        window: row,
      })),
    ];
  }

  #addSpan({ pointer, kind, thread, parent, label, window }: SpanInput): void {
    const lane = this.#laneOf.get(thread ?? "") ?? 0;
    if (kind === "turn") this.#turns[lane]?.push(this.spans.length);
    const errors = this.#model.failuresOf(pointer)
      .filter(({ severity }) => severity === "error");
    this.spans.push({
      pointer,
      kind,
      lane,
      parent: parent === null ? -1 : this.spanOf(parent) ?? -1,
      label: escapeLine(label, 80),
      start: window.started,
      // A call without an end in a session log did not run until the end of its turn.
      end: window.ended ??
        (this.#model.isSessionLog && kind !== "turn" ? window.started : null),
      seq: window.started_seq,
      duration: window.duration_ms,
      status: window.status,
      outcome: window.outcome,
      failed: window.outcome === "failed" || errors.length > 0,
      isWaiting: kind === "tool" &&
        WAITING.has(this.#model.tool(pointer[1])?.kind ?? ""),
      isGrave: isGrave(this.#model, pointer, window.outcome),
    });
  }

  #addEdge(row: EdgeRow): void {
    const from = this.#end(row.source, row.source_thread_id, row.started);
    const at = row.ended ?? row.started;
    const to = this.#end(row.target, row.target_thread_id, at);
    if (from === null || to === null) return;
    this.edges.push({
      pointer: ["edge", row.id],
      kind: edgeWord(row.kind),
      label: row.kind.replaceAll("_", " "),
      from,
      to,
      delivery: deliveryOf(row),
      deliveryTime: row.delivery_ms,
      arrived: row.ended !== null,
    });
  }

  #end(
    pointer: Pointer,
    thread: string | null,
    time: number,
  ): EdgeEnd | null {
    const lane = thread === null ? undefined : this.#laneOf.get(thread);
    if (lane === undefined) return null;
    const own = this.spanOf(pointer);
    if (own !== undefined) return { lane, span: own, time };
    if (pointer[0] === "thread") return { lane, span: -1, time };
    return { lane, span: this.#turnAt(lane, time), time };
  }

  /** The turn of a lane that ran at a time, or the next one; -1 when there is none. */
  #turnAt(lane: number, time: number): number {
    const turns = this.#turns[lane] ?? [];
    return turns.find((turn) => (this.spans[turn]?.end ?? Infinity) >= time) ??
      turns.at(-1) ?? -1;
  }
}

/** Kinds of tool calls that last until another agent is ready. */
const WAITING: ReadonlySet<string> = new Set(["wait_agent", "close_agent"]);

/**
 * Whether an object failed in a way that matters for the session: the first error, or one that no
 * later request recovered. An exit code other than 0 is a result that the model continues with.
 */
function isGrave(
  model: Model,
  pointer: Pointer,
  outcome: WindowRow["outcome"],
): boolean {
  const first = model.rows.failures[model.data.first_error ?? -1];
  const errors = model.failuresOf(pointer)
    .filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    return errors.some((each) =>
      each === first || (each.retried_by === null && each.kind !== "exit_code")
    );
  }
  // The errors of an operation are those of its tool call.
  if (pointer[0] === "terminal_operation") {
    const tool = model.operation(pointer[1])?.tool_id;
    return tool !== undefined && outcome === "failed" &&
      isGrave(model, ["tool_call", tool], outcome);
  }
  return outcome === "failed";
}

function turnPointer(id: string | null): Pointer | null {
  return id === null ? null : ["turn", id];
}

/** Kinds contain no space, so no two objects share a key, whatever their ids are. */
function keyOf([kind, id]: Pointer): string {
  return `${kind} ${id}`;
}
