/**
 * The loop of an agent: asks the model, runs the tools that it calls, and records all of it.
 *
 * Every step is first done, and then recorded with one call. When nothing is recorded, the context
 * is a disabled one, and the loop is the same.
 *
 * @module
 */

import type {
  ProtocolEvent,
  ThreadTraceContext,
  ToolDispatchRequester,
} from "rollout-trace/record";
import {
  type Endpoint,
  type Item,
  type ModelResponse,
  requestResponse,
  ResponseError,
} from "./responses.ts";
import type { Tools } from "./tools/tools.ts";

/** What all agents of a session share. */
export interface Session {
  readonly endpoint: Endpoint;
  readonly model: string;
  /** Name of who serves the model. */
  readonly provider: string;
  /** Working folder of the tools. */
  readonly cwd: string;
  readonly tools: Tools;
  /** How often a request is sent until its turn fails. */
  readonly maxTries: number;
  /** Tokens of a request from which on the history is compacted. */
  readonly compactAt: number;
  /** Gets what the agents write. */
  readonly print: (line: string) => void;
  /** Observes the steps of the agents as well. */
  readonly tracer?: StepTracer;
}

/** What observes the steps of agents beside the recording: see `examples/otel/`. */
export interface StepTracer {
  /** Does a step, and returns what it returns; `ids` are those of the recording. */
  run<T>(
    name: string,
    ids: Readonly<Record<string, string>>,
    step: () => Promise<T>,
  ): Promise<T>;
  /** The observer's own ids of the step that runs; they are recorded with it. */
  ids(): Readonly<Record<string, string>>;
}

/** How a turn ended. */
export type TurnEnd = "completed" | "failed" | "aborted";

/** Milliseconds before a request is sent again; twice as long each time. */
const RETRY_MS = 100;
const INSTRUCTIONS = "You are a coding agent. Use the tools to do the task.";
const SUMMARIZE =
  "Summarize the conversation, so that the work can be continued from the summary alone.";

/** One agent: a thread with its history. */
export class Agent {
  readonly session: Session;
  readonly trace: ThreadTraceContext;
  readonly id: string;
  /** Its place in the tree of agents. */
  readonly path: string;
  /** What the model will be sent. */
  history: Item[] = [];
  /** Messages that the model has not received yet. */
  inbox: Item[] = [];
  /** The turn that runs, or the last one. */
  turn = "";
  #stop = new AbortController();
  #tokens = 0;

  constructor(
    session: Session,
    trace: ThreadTraceContext,
    id: string,
    path: string,
  ) {
    this.session = session;
    this.trace = trace;
    this.id = id;
    this.path = path;
  }

  /** Cancels the turn that runs. */
  cancel(): void {
    this.#stop.abort();
  }

  /** Runs one turn: until the model calls no tool any more. */
  runTurn(...input: Item[]): Promise<TurnEnd> {
    const turn_id = this.turn = crypto.randomUUID();
    const ids = { thread_id: this.id, codex_turn_id: turn_id };
    return this.#step("turn", ids, () => this.#runTurn(turn_id, input));
  }

  async #runTurn(turn_id: string, input: Item[]): Promise<TurnEnd> {
    const { signal } = this.#stop = new AbortController();
    this.trace.recordCodexTurnStarted(turn_id);
    const traced = this.session.tracer?.ids();
    this.trace.recordProtocolEvent({
      type: "task_started",
      turn_id,
      ...traced,
    });
    try {
      this.#accept(input);
      for (let isDone = false; !isDone;) {
        if (this.#tokens >= this.session.compactAt) await this.#compact(signal);
        const { items } = await this.#sample(signal);
        const calls = items.filter(({ type }) => type.endsWith("_call"));
        await Promise.all(calls.map((call) => this.#answer(call, signal)));
        signal.throwIfAborted();
        isDone = calls.length === 0 && this.inbox.length === 0;
        this.#accept(this.inbox.splice(0));
      }
      return this.#endTurn("completed", { type: "task_complete", turn_id });
    } catch (error) {
      if (signal.aborted) {
        const reason = "interrupted";
        return this.#endTurn("aborted", {
          type: "turn_aborted",
          turn_id,
          reason,
        });
      }
      const { message } = error instanceof Error
        ? error
        : new Error(String(error));
      this.session.print(`${this.path}: ${message}`);
      this.trace.recordProtocolEvent({ type: "error", message });
      const end = { type: "task_complete", turn_id, error: { message } };
      return this.#endTurn("failed", end);
    }
  }

  #step<T>(
    name: string,
    ids: Readonly<Record<string, string>>,
    step: () => Promise<T>,
  ): Promise<T> {
    return this.session.tracer?.run(name, ids, step) ?? step();
  }

  #endTurn(end: TurnEnd, event: ProtocolEvent): TurnEnd {
    this.trace.recordCodexTurnEvent(this.turn, event);
    this.trace.recordProtocolEvent(event);
    return end;
  }

  /** Appends items to the history. */
  #accept(items: readonly Item[]): void {
    for (const item of items) {
      this.history.push(item);
      if (item.id === undefined) continue;
      this.trace.recordHistoryItemAccepted(this.turn, item.id, item);
    }
  }

  /** Sends the history to the model. Each try is a request of its own. */
  async #sample(signal: AbortSignal): Promise<ModelResponse> {
    const { model, provider, endpoint, tools } = this.session;
    const inference = this.trace.inference(this.turn, model, provider);
    const response = await this.#retry(signal, () => {
      const attempt = inference.startAttempt();
      const headers = attempt.requestHeaders();
      return this.#step("request", headers, async () => {
        const request = this.#requestBody(INSTRUCTIONS, tools.definitions);
        attempt.recordStarted(request);
        try {
          const response = await requestResponse(
            endpoint,
            request,
            headers,
            signal,
          );
          const { id, requestId, usage, items } = response;
          attempt.recordCompleted(id, requestId, usage, items);
          return response;
        } catch (error) {
          const { message, requestId, items } = asResponseError(error);
          if (signal.aborted) {
            attempt.recordCancelled("interrupted", requestId, items);
          } else attempt.recordFailed(message, requestId, items);
          throw error;
        }
      });
    });
    this.#tokens = response.usage?.total_tokens ?? this.#tokens;
    this.#accept(response.items);
    const text = textOf(response.items);
    if (text !== "") this.session.print(`${this.path}: ${text}`);
    return response;
  }

  /** Replaces the history by a summary of it. */
  async #compact(signal: AbortSignal): Promise<void> {
    const { model, provider, endpoint } = this.session;
    const id = crypto.randomUUID();
    const compaction = this.trace.compaction(this.turn, id, model, provider);
    const { items } = await this.#retry(signal, async () => {
      const request = this.#requestBody(SUMMARIZE, []);
      const attempt = compaction.startAttempt(request);
      try {
        const response = await requestResponse(endpoint, request, {}, signal);
        attempt.recordCompleted(response.items);
        return response;
      } catch (error) {
        attempt.recordFailed(asResponseError(error).message);
        throw error;
      }
    });
    const replacement = [
      ...this.history.filter(({ role }) => role === "user"),
      userMessage(`Summary so far:\n${textOf(items)}`),
    ];
    compaction.recordInstalled({
      input_history: this.history,
      replacement_history: replacement,
    });
    this.history = replacement;
    this.#tokens = 0;
  }

  #requestBody(instructions: string, tools: readonly unknown[]): object {
    return {
      model: this.session.model,
      instructions: `${instructions}\nYou are ${this.path}.`,
      input: [...this.history],
      metadata: this.session.tracer?.ids(),
      tools,
      parallel_tool_calls: true,
      include: ["reasoning.encrypted_content"],
      store: false,
      stream: true,
    };
  }

  async #retry<T>(signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    for (let tries = 1;; tries++) {
      try {
        return await send();
      } catch (error) {
        const { isTransient } = asResponseError(error);
        const isLast = tries >= this.session.maxTries;
        if (signal.aborted || !isTransient || isLast) throw error;
        await sleep(RETRY_MS * 2 ** (tries - 1), signal);
      }
    }
  }

  /** Runs the tool that the model calls by an item, and appends its output. */
  async #answer(call: Item, signal: AbortSignal): Promise<void> {
    const isCustom = call.type === "custom_tool_call";
    const callId = String(call["call_id"]);
    let output = "aborted by the user";
    const answer = () => ({
      type: `${call.type}_output`,
      id: newItemId(isCustom ? "ctco" : "fco"),
      call_id: callId,
      output,
    });
    await this.runTool({
      callId,
      name: String(call["name"]),
      input: String(isCustom ? call["input"] : call["arguments"]),
      isCustom,
      requester: { type: "model", model_visible_call_id: callId },
      signal,
    }, (value) => {
      output = typeof value === "string" ? value : JSON.stringify(value);
      return { type: "direct_response", response_item: answer() };
    }).catch((error: Error) => {
      if (!signal.aborted) output = error.message;
    });
    this.#accept([answer()]);
  }

  /**
   * Runs a tool and records its call.
   *
   * @param resultOf What the requester gets for the value that the tool returns.
   * @throws {Error} If the tool fails; the message is for the model.
   */
  runTool(
    call: ToolCall,
    resultOf: (value: unknown) => ToolResult,
  ): Promise<unknown> {
    const { callId: tool_call_id, name: tool_name } = call;
    const ids = { tool_call_id, tool_name };
    return this.#step("tool", ids, () => this.#runTool(call, resultOf));
  }

  async #runTool(
    call: ToolCall,
    resultOf: (value: unknown) => ToolResult,
  ): Promise<unknown> {
    const { callId, name, input, isCustom, requester, signal } = call;
    const dispatch = this.trace.startToolDispatch(() => ({
      thread_id: this.id,
      codex_turn_id: this.turn,
      tool_call_id: callId,
      tool_name: name,
      requester,
      payload: isCustom
        ? { type: "custom", input }
        : { type: "function", arguments: input },
    }));
    try {
      const { value, isFailure = false } = await this.session.tools.run(
        this,
        call,
      );
      dispatch.recordCompleted(
        isFailure ? "failed" : "completed",
        resultOf(value),
      );
      return value;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (signal.aborted) dispatch.recordAborted();
      else dispatch.recordFailed(message);
      throw new Error(message, { cause: error });
    }
  }
}

/** A call of a tool, by the model or by code of the model. */
export interface ToolCall {
  readonly callId: string;
  readonly name: string;
  /** JSON, or plain text for a custom tool. */
  readonly input: string;
  readonly isCustom: boolean;
  readonly requester: ToolDispatchRequester;
  /** Cancels the call. */
  readonly signal: AbortSignal;
}

/** A result as the requester gets it. */
export type ToolResult =
  | { type: "direct_response"; response_item: Item }
  | { type: "code_mode_response"; value: unknown };

/** A message of the user. */
export function userMessage(text: string): Item {
  const content = [{ type: "input_text", text }];
  return { type: "message", id: newItemId("msg"), role: "user", content };
}

/** A fresh id of an item; the API refuses other prefixes. */
export function newItemId(prefix: string): string {
  return `${prefix}_${crypto.randomUUID()}`;
}

/** The text of the messages among items. */
export function textOf(items: readonly Item[]): string {
  return items.filter(({ type }) => type === "message")
    .flatMap(({ content }) => Array.isArray(content) ? content : [])
    .map(({ text }) => String(text ?? "")).join("\n");
}

/** Waits, unless `signal` aborts it. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}

function asResponseError(error: unknown): ResponseError {
  return error instanceof ResponseError
    ? error
    : new ResponseError(String(error), { isTransient: false, cause: error });
}
