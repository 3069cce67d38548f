/**
 * A thread as a trajectory of ATIF, the Agent Trajectory Interchange Format: the messages in order,
 * each response of the model with its tool calls and what they returned.
 *
 * The format has no place for the rest: what was not recorded, a compaction, a response that the
 * history never took are steps or `extra`, so that a reader sees that something is there.
 *
 * @module
 */

import type { InferenceCallId } from "../../format/ids.ts";
import type { Integer, UnixMs } from "../../format/vocabulary.ts";
import type { TokenUsage } from "../../graph/runtime.ts";
import type { AgentThread } from "../../graph/session.ts";
import type { TraceSession } from "../../query/session/session.ts";
import { openTranscript } from "../../query/transcript/transcript.ts";
import type {
  TranscriptEntry,
  TranscriptItem,
  TranscriptPart,
} from "../../query/transcript/transcript_answer.ts";
import { dateOf } from "../../text/date.ts";
import { bytesOf } from "../../text/figures.ts";
import { SESSION_LOG_TEXT } from "../../text/session_log_text.ts";
import { utf8Length } from "../../text/utf8_length.ts";
import type {
  AtifStep,
  AtifToolCall,
  AtifTrajectory,
  StepMetrics,
} from "./atif.ts";
import { ATIF_VERSION } from "./atif.ts";
import { jsonObject } from "./json_object.ts";

/** How a trajectory is made. */
export interface TrajectoryOptions {
  /** Whether texts are in it: messages, arguments, outputs. Without, they are empty. */
  readonly texts: boolean;
}

/** The trajectories of a session, one of each thread, the root's first, each as one line. */
export function* atifLines(
  session: TraceSession,
  options: TrajectoryOptions,
): Iterable<string> {
  const { threads, root_thread_id: root } = session.trace;
  const others = [...threads.values()].filter(({ thread_id: id }) =>
    id !== root
  );
  for (const thread of [threads.get(root), ...others]) {
    if (thread === undefined) continue;
    const trajectory = trajectoryOf(session, thread, options);
    if (trajectory !== null) yield `${JSON.stringify(trajectory)}\n`;
  }
}

/** The trajectory of a thread; null for a thread without a message. */
function trajectoryOf(
  session: TraceSession,
  thread: AgentThread,
  options: TrajectoryOptions,
): AtifTrajectory | null {
  const { trace } = session;
  const opened = openTranscript(session, { thread: thread.thread_id });
  if (opened === null) return null;
  const maker = new StepMaker(session, options);
  for (const entry of opened.entries()) maker.take(entry);
  if (maker.steps.length === 0) return null;
  const { steps } = maker;
  const { sessionLog } = session;
  const [model = sessionLog?.models[0]] = steps.flatMap((each) =>
    each.model_name ?? []
  );
  return {
    schema_version: ATIF_VERSION,
    session_id: thread.thread_id,
    agent: {
      name: "codex",
      // No bundle has the version of the program that recorded it.
      version: sessionLog?.cli_version ?? "unknown",
      ...model === undefined ? {} : { model_name: model },
    },
    steps,
    // Without responses, each of their items is a step.
    ...sessionLog === undefined ? {} : { notes: SESSION_LOG_TEXT },
    final_metrics: {
      ...totalsOf(session, thread),
      total_steps: steps.length,
    },
    extra: {
      ...sessionLog === undefined ? { trace_id: trace.trace_id } : {},
      rollout_id: trace.rollout_id,
      agent_path: thread.agent_path,
      is_root: thread.thread_id === trace.root_thread_id,
    },
  };
}

/** Sums of all requests of a thread; a sum is left out unless every request has its figure. */
function totalsOf(session: TraceSession, { thread_id: id }: AgentThread) {
  const reported = session.sessionLog?.tokens ?? null;
  if (reported !== null && session.extent?.skipped_events === 0) {
    return totalFigures((key) => {
      const total = reported[key];
      return total === null ? null : exact(total);
    });
  }
  const usages = [...session.trace.inference_calls.values()]
    .filter((call) => call.thread_id === id)
    .map(({ usage }) => usage);
  const isComplete = usages.every((usage) => usage !== null) &&
    session.extent?.skipped_events !== undefined &&
    session.extent.skipped_events === 0 && session.diagnostics.length === 0;
  if (!isComplete || usages.length === 0) return {};
  return totalFigures((key) =>
    exact(
      usages.reduce(
        (sum, usage) => usage === null ? sum : sum + BigInt(usage[key]),
        0n,
      ),
    )
  );
}

function totalFigures(totalOf: (key: keyof TokenUsage) => number | null) {
  return {
    ...figure("total_prompt_tokens", totalOf("input_tokens")),
    ...figure("total_completion_tokens", totalOf("output_tokens")),
    ...figure("total_cached_tokens", totalOf("cached_input_tokens")),
  };
}

/** Makes the steps of one thread, entry by entry. */
class StepMaker {
  readonly steps: AtifStep[] = [];
  readonly #session: TraceSession;
  readonly #options: TrajectoryOptions;
  /** The step that made each call, by the id the model knows: the last one of an id. */
  readonly #callers = new Map<string, AtifStep>();
  /** The response whose items the last step has; null where it is no step of a response. */
  #response: InferenceCallId | null = null;

  constructor(session: TraceSession, options: TrajectoryOptions) {
    this.#session = session;
    this.#options = options;
  }

  take(entry: TranscriptEntry): void {
    switch (entry.type) {
      case "item":
        this.#takeItem(entry);
        return;
      case "instructions":
        this.#add({ source: "system", message: this.#text(entry.text) });
        return;
      case "compaction":
        this.#note(entry.installed_at_unix_ms, {
          compaction: entry.compaction.handle,
          replaced_items: entry.replaced_items.length,
          replacement_items: entry.replacement_items.length,
        });
        return;
      case "dropped_items":
        this.#note(null, {
          dropped_items: entry.items.length,
          dropped_in: entry.call.handle,
        });
        return;
      case "unrecorded":
        this.#note(null, {
          unrecorded: entry.part,
          of: entry.call.handle,
        });
        return;
      case "other_element":
        this.#note(null, { other_element: entry.label });
        return;
      case "inherited_history":
        // Each of its items has is_copied_context.
        return;
    }
  }

  #takeItem(item: TranscriptItem): void {
    switch (item.kind) {
      case "function_call_output":
      case "custom_tool_call_output":
        this.#takeOutput(item);
        return;
      case "compaction_marker":
        return;
      case "message":
        if (item.role !== "assistant" || item.agent_message !== null) {
          this.#add({
            ...this.#common(item),
            source: item.role === "user" || item.agent_message !== null
              ? "user"
              : "system",
            message: this.#textOf(item),
          });
          return;
        }
        this.#takeWords(item, "message");
        return;
      case "reasoning":
        this.#takeWords(item, "reasoning_content");
        return;
      case "function_call":
      case "custom_tool_call":
        this.#takeCall(item);
    }
  }

  #takeWords(
    item: TranscriptItem,
    key: "message" | "reasoning_content",
  ): void {
    const step = this.#responseStep(item);
    const text = this.#textOf(item);
    const before = step[key] ?? "";
    step[key] = before === "" || text === ""
      ? before + text
      : `${before}\n\n${text}`;
  }

  #takeCall(item: TranscriptItem): void {
    const step = this.#responseStep(item);
    const { call_id: id, tool, item: { handle } } = item;
    const call: AtifToolCall = {
      tool_call_id: id ?? handle,
      function_name: tool ?? "unknown",
      arguments: this.#arguments(item),
    };
    step.tool_calls = [...step.tool_calls ?? [], call];
    if (id !== null) this.#callers.set(id, step);
  }

  #takeOutput(item: TranscriptItem): void {
    const { call_id: id } = item;
    const caller = id === null ? undefined : this.#callers.get(id);
    const content = this.#textOf(item);
    if (caller === undefined || id === null) {
      this.#add({
        ...this.#common(item),
        source: "system",
        message: "",
        observation: { results: [{ content }] },
      });
      return;
    }
    const results = caller.observation?.results ?? [];
    caller.observation = {
      results: [...results, { source_call_id: id, content }],
    };
  }

  /** The step of the response that an item is of: the last step, or a new one. */
  #responseStep(item: TranscriptItem): AtifStep {
    const response = item.produced_by.find(({ type }) => type === "inference")
      ?.object?.id ?? null;
    const last = this.steps.at(-1);
    if (
      response !== null && response === this.#response && last !== undefined
    ) {
      return last;
    }
    const call = response === null
      ? undefined
      : this.#session.trace.inference_calls.get(response);
    const metrics = metricsOf(call?.usage ?? null);
    const step = this.#add({
      ...this.#common(item),
      source: "agent",
      message: "",
      ...call === undefined ? {} : { model_name: call.model },
      ...metrics === null ? {} : { metrics },
    });
    this.#response = response;
    return step;
  }

  #common(item: TranscriptItem): Partial<AtifStep> {
    const extra = {
      item: item.item.handle,
      ...item.turn === null ? {} : { turn: item.turn.handle },
      ...item.is_accepted ? {} : { is_accepted: false },
      ...item.lacks_output_in === null
        ? {}
        : { no_output_in: item.lacks_output_in.handle },
      ...item.agent_message === null || !this.#options.texts
        ? {}
        : { agent_message: item.agent_message },
    };
    return {
      ...timeOf(item.first_seen_at_unix_ms),
      ...item.is_inherited ? { is_copied_context: true } : {},
      extra,
    };
  }

  #note(at: UnixMs | null, extra: Readonly<Record<string, unknown>>): void {
    this.#add({
      ...at === null ? {} : timeOf(at),
      source: "system",
      message: "",
      extra,
    });
  }

  #add(step: Omit<AtifStep, "step_id">): AtifStep {
    const added: AtifStep = { step_id: this.steps.length + 1, ...step };
    this.steps.push(added);
    this.#response = null;
    return added;
  }

  #text(text: string): string {
    return this.#options.texts ? text : "";
  }

  #textOf({ parts }: TranscriptItem): string {
    return this.#text(parts.map(partText).join("\n"));
  }

  /** Arguments as the format wants them, an object: what is none is its member `input`. */
  #arguments({ parts }: TranscriptItem): Readonly<Record<string, unknown>> {
    if (!this.#options.texts) return {};
    const [part] = parts;
    if (parts.length === 1 && part?.type === "json" && !part.is_truncated) {
      const value = jsonObject(part.json);
      if (value !== null) return value;
    }
    return { input: parts.map(partText).join("\n") };
  }
}

/** A part of an item as a text; of what is no text, its label and size. */
export function partText(part: TranscriptPart): string {
  switch (part.type) {
    case "text":
    case "summary":
    case "code":
      return part.text;
    case "json":
      return part.is_truncated
        ? `${part.json} [only the beginning]`
        : part.json;
    case "encoded":
      return `[${part.label}, ${bytesOf(utf8Length(part.value))}]`;
    case "payload_ref":
      return `[${part.label}]`;
  }
}

function metricsOf(usage: TokenUsage | null): StepMetrics | null {
  if (usage === null) return null;
  return {
    ...figure("prompt_tokens", exact(usage.input_tokens)),
    ...figure("completion_tokens", exact(usage.output_tokens)),
    ...figure("cached_tokens", exact(usage.cached_input_tokens)),
  };
}

/** An integer as a number; null where a number cannot hold it. */
function exact(value: Integer | bigint): number | null {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : null;
}

function figure<K extends string>(
  key: K,
  value: number | null,
): Partial<Record<K, number>> {
  const made: Partial<Record<K, number>> = {};
  if (value !== null) made[key] = value;
  return made;
}

function timeOf(at: UnixMs): { timestamp?: string } {
  const date = dateOf(at);
  return date === null ? {} : { timestamp: date.toISOString() };
}
