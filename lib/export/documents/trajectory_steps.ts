/**
 * The steps of a trajectory of ATIF: of one thread, entry by entry of its transcript.
 *
 * @module
 */

import type {
  ConversationItemId,
  InferenceCallId,
  ThreadId,
} from "../../format/ids.ts";
import type { Integer, UnixMs } from "../../format/vocabulary.ts";
import type { TokenUsage } from "../../graph/runtime.ts";
import type { TraceSession } from "../../query/session/session.ts";
import type {
  TranscriptEntry,
  TranscriptItem,
  TranscriptPart,
} from "../../query/transcript/transcript_answer.ts";
import { dateOf } from "../../text/date.ts";
import { bytesOf } from "../../text/figures.ts";
import { utf8Length } from "../../text/utf8_length.ts";
import type {
  AtifResult,
  AtifStep,
  AtifToolCall,
  StepMetrics,
} from "./atif.ts";
import { jsonObject } from "./json_object.ts";

/** How a trajectory is made. */
export interface TrajectoryOptions {
  /** Whether texts are in it: messages, arguments, outputs. Without, they are empty. */
  readonly texts: boolean;
}

/** The threads that the call of an item spawned. */
export type SpawnedThreads = ReadonlyMap<
  ConversationItemId,
  readonly ThreadId[]
>;

/** Makes the steps of one thread, entry by entry. */
export class StepMaker {
  readonly #steps: AtifStep[] = [];
  readonly #session: TraceSession;
  readonly #spawned: SpawnedThreads;
  readonly #options: TrajectoryOptions;
  /** The step that made each call, by the id the model knows: the last one of an id. */
  readonly #callers = new Map<string, AtifStep>();
  /** The result of each call that spawned an agent, by the same id, until its output is there. */
  readonly #awaited = new Map<string, AtifResult>();
  /** The ids of the calls of the last step. */
  readonly #taken = new Set<string>();
  /** The response whose items the last step has; null where it is no step of a response. */
  #response: InferenceCallId | null = null;
  /** The responses that have a step: the figures of each are in its first. */
  readonly #responses = new Set<InferenceCallId>();

  constructor(
    session: TraceSession,
    spawned: SpawnedThreads,
    options: TrajectoryOptions,
  ) {
    this.#session = session;
    this.#spawned = spawned;
    this.#options = options;
  }

  /** The steps, at least one: the format requires it. */
  finish(): readonly AtifStep[] {
    if (this.#steps.length === 0) this.#note(null, { items: 0 });
    return this.#steps;
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
    const isTaken = id === null || this.#taken.has(id);
    const call: AtifToolCall = {
      // A model may use an id twice in a response; the format does not allow that.
      tool_call_id: isTaken ? handle : id,
      function_name: tool ?? "unknown",
      arguments: this.#arguments(item),
    };
    (step.tool_calls ??= []).push(call);
    if (!isTaken) {
      this.#taken.add(id);
      this.#callers.set(id, step);
      this.#awaited.delete(id);
    }
    const threads = item.item.kind === "item"
      ? this.#spawned.get(item.item.id)
      : undefined;
    if (threads === undefined) return;
    const result = {
      source_call_id: call.tool_call_id,
      subagent_trajectory_ref: threads.map((each) => ({ trajectory_id: each })),
    };
    resultsOf(step).push(result);
    this.#awaited.set(call.tool_call_id, result);
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
    const awaited = this.#awaited.get(id);
    if (awaited === undefined) {
      resultsOf(caller).push({ source_call_id: id, content });
      return;
    }
    awaited.content = content;
    this.#awaited.delete(id);
  }

  /** The step of the response that an item is of: the last step, or a new one. */
  #responseStep(item: TranscriptItem): AtifStep {
    const response = item.produced_by.find(({ type }) => type === "inference")
      ?.object?.id ?? null;
    const last = this.#steps.at(-1);
    if (
      response !== null && response === this.#response && last !== undefined
    ) {
      return last;
    }
    const call = response === null
      ? undefined
      : this.#session.trace.inference_calls.get(response);
    const isFirst = call !== undefined &&
      !this.#responses.has(call.inference_call_id);
    const metrics = isFirst ? metricsOf(call.usage) : null;
    const step = this.#add({
      ...this.#common(item),
      source: "agent",
      message: "",
      ...call === undefined ? {} : { model_name: call.model },
      ...metrics === null ? {} : { metrics },
      ...isFirst ? { llm_call_count: 1 } : {},
    });
    this.#response = response;
    if (isFirst) this.#responses.add(call.inference_call_id);
    return step;
  }

  #common(item: TranscriptItem): Partial<AtifStep> {
    const compaction = item.produced_by.find(({ type }) =>
      type === "compaction"
    )?.object?.handle;
    const extra = {
      item: item.item.handle,
      ...item.turn === null ? {} : { turn: item.turn.handle },
      ...item.is_accepted ? {} : { is_accepted: false },
      ...compaction === undefined ? {} : { from_compaction: compaction },
      ...item.lacks_output_in === null
        ? {}
        : { no_output_in: item.lacks_output_in.handle },
      ...item.agent_message === null || !this.#options.texts
        ? {}
        : { agent_message: item.agent_message },
    };
    return {
      ...timeOf(item.first_seen_at_unix_ms),
      ...item.is_inherited || compaction !== undefined
        ? { is_copied_context: true }
        : {},
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
    const added: AtifStep = { step_id: this.#steps.length + 1, ...step };
    this.#steps.push(added);
    this.#taken.clear();
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

function resultsOf(step: AtifStep): AtifResult[] {
  step.observation ??= { results: [] };
  return step.observation.results;
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
export function exact(value: Integer | bigint): number | null {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : null;
}

export function figure<K extends string>(
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
