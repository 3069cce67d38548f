/**
 * One thread of a host that is being recorded: keeps the history a real host would keep, and
 * calls the contexts in the order a real host calls them.
 *
 * @module
 */

import type { InferenceTraceAttempt } from "../../lib/record/inference.ts";
import type { ProtocolEvent } from "../../lib/record/protocol_event.ts";
import type { ThreadTraceContext } from "../../lib/record/thread.ts";
import type { ToolDispatchTraceContext } from "../../lib/record/tool/tool_dispatch.ts";
import type {
  ToolDispatchPayload,
  ToolDispatchRequester,
} from "../../lib/record/tool/tool_invocation.ts";

/** A Responses item with the id that the API gave it. */
export interface Item {
  type: string;
  id: string;
  [key: string]: unknown;
}

/** Model and provider of every request. */
export const MODEL = "gpt-fake";
/** Who serves it. */
export const PROVIDER = "fake";

/** A message of the user. */
export function userMessage(id: string, text: string): Item {
  const content = [{ type: "input_text", text }];
  return { type: "message", id, role: "user", content };
}

/** A message of the model. */
export function assistantMessage(id: string, text: string): Item {
  const content = [{ type: "output_text", text }];
  return {
    type: "message",
    id,
    role: "assistant",
    content,
    phase: "final_answer",
  };
}

/** Reasoning that only the provider can read. */
export function reasoning(id: string): Item {
  const summary = [{ type: "summary_text", text: `thinking ${id}` }];
  return {
    type: "reasoning",
    id,
    summary,
    content: null,
    encrypted_content: `enc-${id}`,
  };
}

/** A message from one agent to another. */
export function agentMessage(
  id: string,
  author: string,
  recipient: string,
  text: string,
): Item {
  const content = [{ type: "input_text", text }];
  return { type: "agent_message", id, author, recipient, content };
}

/** A call of a function tool. */
export function functionCall(
  callId: string,
  name: string,
  args: unknown,
): Item {
  return {
    type: "function_call",
    id: `fc_${callId}`,
    name,
    arguments: JSON.stringify(args),
    call_id: callId,
  };
}

/** A call of a tool that takes plain text. */
export function customCall(callId: string, name: string, input: string): Item {
  return {
    type: "custom_tool_call",
    id: `ctc_${callId}`,
    call_id: callId,
    name,
    input,
  };
}

/** Output of a call, of the type that answers `call`. */
export function outputOf(call: Item, output: string): Item {
  const type = `${call.type}_output`;
  return {
    type,
    id: `out_${call["call_id"]}`,
    call_id: call["call_id"],
    output,
  };
}

/** A thread of the host. */
export class FakeThread {
  /** Where it records. */
  readonly trace: ThreadTraceContext;
  /** Its id. */
  readonly id: string;
  /** What the model will be sent. */
  history: Item[] = [];
  /** Turn that runs. */
  turn = "";
  #requests = 0;
  #sent = 0;
  #lastResponse: string | undefined;

  /** A thread with an empty history. */
  constructor(trace: ThreadTraceContext, id: string) {
    this.trace = trace;
    this.id = id;
  }

  /** Begins a turn, either before or by the protocol message of it. */
  startTurn(turn: string, early: boolean): void {
    this.turn = turn;
    const event = { type: "task_started", turn_id: turn, started_at: 1 };
    if (early) this.trace.recordCodexTurnStarted(turn);
    else this.trace.recordCodexTurnEvent("unused", event);
    this.trace.recordProtocolEvent(event);
  }

  /** Ends the turn. */
  endTurn(event: ProtocolEvent): void {
    this.trace.recordCodexTurnEvent(this.turn, event);
    this.trace.recordProtocolEvent(event);
  }

  /** Takes an item into the history. */
  accept(item: Item): void {
    this.history.push(item);
    if (item.type === "agent_message") {
      this.trace.recordHistoryItemAccepted(this.turn, item.id, item);
    } else this.trace.recordHistoryItemAccepted(this.turn, item.id);
  }

  /** Sends a request: the whole history, or what was added since the last answer. */
  request(shape: "full" | "incremental"): InferenceTraceAttempt {
    const attempt = this.trace.inference(this.turn, MODEL, PROVIDER)
      .startAttempt();
    attempt.requestHeaders();
    attempt.recordStarted(
      shape === "full" ? { model: MODEL, stream: true, input: this.history } : {
        type: "response.create",
        previous_response_id: this.#lastResponse,
        model: MODEL,
        input: this.history.slice(this.#sent),
      },
    );
    this.#sent = this.history.length;
    return attempt;
  }

  /** Sends a request and takes the whole answer into the history. */
  ask(shape: "full" | "incremental", ...answer: Item[]): void {
    const attempt = this.request(shape);
    const n = ++this.#requests;
    const response = `resp_${this.id.slice(-2)}_${n}`;
    attempt.recordCompleted(response, `req_${n}`, usage(n), answer);
    this.#lastResponse = response;
    for (const item of answer) this.accept(item);
    this.#sent = this.history.length;
  }

  /** Starts a call that the model asked for by `call`. */
  dispatch(call: Item, namespace?: string): ToolDispatchTraceContext {
    const payload: ToolDispatchPayload = call.type === "custom_tool_call"
      ? { type: "custom", input: String(call["input"]) }
      : { type: "function", arguments: String(call["arguments"]) };
    const callId = String(call["call_id"]);
    return this.start(callId, String(call["name"]), payload, {
      type: "model",
      model_visible_call_id: callId,
    }, namespace);
  }

  /** Starts a call of any sort. */
  start(
    tool_call_id: string,
    tool_name: string,
    payload: ToolDispatchPayload,
    requester: ToolDispatchRequester,
    tool_namespace?: string,
  ): ToolDispatchTraceContext {
    return this.trace.startToolDispatch(() => ({
      thread_id: this.id,
      codex_turn_id: this.turn,
      tool_call_id,
      tool_name,
      tool_namespace: tool_namespace ?? null,
      requester,
      payload,
    }));
  }

  /** Ends a call of the model with `text`, which joins the history. */
  answer(tool: ToolDispatchTraceContext, call: Item, text: string): void {
    const output = outputOf(call, text);
    const { id: _, ...response_item } = output;
    tool.recordCompleted("completed", {
      type: "direct_response",
      response_item,
    });
    this.accept(output);
  }

  /** Reports what happens behind a call. */
  runtime(type: string, callId: string, rest: Record<string, unknown>): void {
    this.trace.recordToolCallEvent(this.turn, {
      type,
      call_id: callId,
      ...rest,
    });
  }

  /** Reports that a command starts. */
  execBegin(callId: string, processId: string, script: string): void {
    this.runtime("exec_command_begin", callId, {
      process_id: processId,
      turn_id: this.turn,
      started_at_ms: 1,
      ...command(script),
    });
  }

  /** Reports that a command ends. */
  execEnd(
    callId: string,
    processId: string,
    script: string,
    code: number,
  ): void {
    this.runtime("exec_command_end", callId, {
      process_id: processId,
      turn_id: this.turn,
      completed_at_ms: 2,
      ...command(script),
      stdout: "not kept",
      stderr: "not kept",
      aggregated_output: `ran ${script}`,
      exit_code: code,
      duration: { secs: 0, nanos: 1 },
      formatted_output: "not kept",
      status: code === 0 ? "completed" : "failed",
    });
  }
}

function command(script: string): Record<string, unknown> {
  return {
    command: ["bash", "-lc", script],
    cwd: "/workspace",
    parsed_cmd: [{ type: "unknown", cmd: script }],
    source: "unified_exec_startup",
  };
}

function usage(n: number) {
  return {
    input_tokens: 100 * n,
    cached_input_tokens: 10 * n,
    cache_write_input_tokens: 0,
    output_tokens: 20 + n,
    reasoning_output_tokens: n,
    total_tokens: 101 * n + 20,
  };
}
