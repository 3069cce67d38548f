/**
 * Spans as Trace Event JSON, which Perfetto and Chrome DevTools open: a process a session, a track a
 * thread. What nests on one track is a slice; what runs beside it is an asynchronous event.
 *
 * @module
 */

import type { TraceSession } from "../../query/session/session.ts";
import { spansOf } from "./session_spans.ts";
import type { SessionSpan, SpanTree } from "./span.ts";

/** One event of the format; times are microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  /** The type of the event, by the format. */
  readonly ph: "X" | "b" | "e" | "s" | "f" | "C" | "M";
  readonly ts: number;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly args?: object;
  /** Binds the begin and the end of an asynchronous event, within a process. */
  readonly id2?: { readonly local: string };
  /** Binds the begin and the end of a flow. */
  readonly id?: string;
  /** Where a flow ends: at the slice around it. */
  readonly bp?: "e";
}

const MICROSECONDS = 1000;

/** What is before the events of a document. */
export const CHROME_TRACE_START = '{"displayTimeUnit":"ms","traceEvents":[';
/** What is after them. */
export const CHROME_TRACE_END = "\n]}\n";

/**
 * The events of a session, as members of the list in the document.
 *
 * @param process Its number among the sessions of the document, counted from 1.
 */
export function* chromeEvents(
  session: TraceSession,
  process: number,
): Generator<string> {
  let separator = process === 1 ? "\n" : ",\n";
  for (const event of new ProcessEvents(session, process).events()) {
    yield separator + JSON.stringify(event);
    separator = ",\n";
  }
}

/** A slice on a track, which flows are bound to. */
interface Slice {
  readonly start: number;
  readonly end: number;
}

class ProcessEvents {
  readonly #session: TraceSession;
  readonly #process: number;
  readonly #tree: SpanTree;
  readonly #tracks: ReadonlyMap<string, number>;
  /** Turns of each thread that are slices. */
  readonly #turns: Map<string, Slice[]> = new Map();

  constructor(session: TraceSession, process: number) {
    this.#session = session;
    this.#process = process;
    this.#tree = spansOf(session);
    this.#tracks = new Map(
      Array.from(session.trace.threads.keys(), (id, at) => [id, at + 1]),
    );
  }

  *events(): Generator<TraceEvent> {
    yield* this.#names();
    yield* this.#slicesAndSpans();
    yield* this.#flows();
    yield* this.#counters();
  }

  *#names(): Generator<TraceEvent> {
    const { trace } = this.#session;
    yield this.#metadata("process_name", 0, { name: trace.rollout_id });
    for (const [id, thread] of trace.threads) {
      yield this.#metadata("thread_name", this.#track(id), {
        name: thread.agent_path,
      });
      yield this.#metadata("thread_sort_index", this.#track(id), {
        sort_index: this.#track(id),
      });
    }
  }

  /** Spans that nest on the track of their thread are slices, the others are pairs of events. */
  *#slicesAndSpans(): Generator<TraceEvent> {
    const open = new Map<string, SessionSpan[]>();
    const ordered = this.#tree.spans.toSorted((a, b) =>
      a.start - b.start || b.end - a.end
    );
    for (const span of ordered) {
      const { kind, thread } = span;
      if (thread === null || kind === "thread") {
        yield* this.#pair(span);
        continue;
      }
      const around = open.get(thread) ?? [];
      open.set(thread, around);
      while ((around.at(-1)?.end ?? Infinity) <= span.start) around.pop();
      if (span.end > (around.at(-1)?.end ?? Infinity)) {
        yield* this.#pair(span);
        continue;
      }
      around.push(span);
      if (kind === "turn") this.#addTurn(thread, span);
      yield this.#slice(span);
    }
  }

  #addTurn(thread: string, turn: Slice): void {
    const known = this.#turns.get(thread);
    if (known === undefined) this.#turns.set(thread, [turn]);
    else known.push(turn);
  }

  #slice(span: SessionSpan): TraceEvent {
    return {
      ...this.#base(span),
      ph: "X",
      ts: span.start * MICROSECONDS,
      dur: (span.end - span.start) * MICROSECONDS,
      args: argumentsOf(span),
    };
  }

  /** A begin and an end, which may overlap with others. */
  *#pair(span: SessionSpan): Generator<TraceEvent> {
    const id2 = { local: `${span.kind} ${span.id}` };
    const base = this.#base(span);
    yield {
      ...base,
      ph: "b",
      ts: span.start * MICROSECONDS,
      id2,
      args: argumentsOf(span),
    };
    yield { ...base, ph: "e", ts: span.end * MICROSECONDS, id2, args: {} };
  }

  /**
   * Arrows between turns. Readers bind a flow to a slice of its own category that starts at the
   * same moment, so that each end has one.
   */
  *#flows(): Generator<TraceEvent> {
    for (const link of this.#tree.links) {
      const from = this.#boundTo(link.from, link.start);
      const to = this.#boundTo(link.to, link.end ?? link.start);
      if (from === null || to === null || to.ts < from.ts) continue;
      const flow = { name: link.kind, cat: "edge", pid: this.#process };
      const id = `${this.#process} ${link.id}`;
      for (const end of [from, to]) {
        yield { ...flow, ...end, ph: "X", dur: 1, args: { edge: link.id } };
      }
      yield { ...flow, ...from, ph: "s", id };
      yield { ...flow, ...to, ph: "f", bp: "e", id };
    }
  }

  /** The microsecond within a turn of a span's thread that is next to `at`. */
  #boundTo(
    { thread }: SessionSpan,
    at: number,
  ): Pick<TraceEvent, "ts" | "tid"> | null {
    const wanted = at * MICROSECONDS;
    let best: number | null = null;
    for (const { start, end } of this.#turns.get(thread ?? "") ?? []) {
      const first = start * MICROSECONDS;
      const last = Math.max(first, end * MICROSECONDS - 1);
      const within = Math.min(Math.max(wanted, first), last);
      if (
        best === null || Math.abs(within - wanted) < Math.abs(best - wanted)
      ) {
        best = within;
      }
    }
    return best === null ? null : { ts: best, tid: this.#track(thread ?? "") };
  }

  /** The tokens of each request, when it ended: how large the prompt is. */
  *#counters(): Generator<TraceEvent> {
    for (const { kind, facts, end, thread } of this.#tree.spans) {
      const { usage } = facts;
      if (kind !== "inference_call" || usage === null || usage === undefined) {
        continue;
      }
      const path = this.#session.trace.threads.get(thread ?? "")?.agent_path;
      yield {
        name: `tokens ${path ?? ""}`.trim(),
        cat: "tokens",
        ph: "C",
        ts: end * MICROSECONDS,
        pid: this.#process,
        tid: this.#track(thread ?? ""),
        args: {
          input: Number(usage.input_tokens),
          output: Number(usage.output_tokens),
        },
      };
    }
  }

  #base({ name, kind, thread }: SessionSpan): Omit<TraceEvent, "ph" | "ts"> {
    return {
      name,
      cat: kind,
      pid: this.#process,
      tid: this.#track(thread ?? ""),
    };
  }

  #metadata(name: string, tid: number, args: object): TraceEvent {
    return {
      name,
      cat: "__metadata",
      ph: "M",
      ts: 0,
      pid: this.#process,
      tid,
      args,
    };
  }

  #track(thread: string): number {
    return this.#tracks.get(thread) ?? 0;
  }
}

function argumentsOf(
  { handle, outcome, hasEnd, duration, facts }: SessionSpan,
): Record<string, unknown> {
  const { usage, model, tool, exitCode, items } = facts;
  const known = {
    handle,
    outcome: outcome ?? "unknown",
    end_recorded: hasEnd,
    duration_ms: duration ?? "unknown",
    model,
    tool,
    exit_code: exitCode ?? undefined,
    items_before: items?.before,
    items_after: items?.after,
    input_tokens: numberOf(usage?.input_tokens),
    cached_input_tokens: numberOf(usage?.cached_input_tokens),
    output_tokens: numberOf(usage?.output_tokens),
  };
  return known;
}

function numberOf(value: number | bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
