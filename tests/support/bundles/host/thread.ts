/**
 * One thread of a host that is being recorded: keeps the history a real host would keep, and
 * calls the contexts in the order a real host calls them.
 *
 * @module
 */

import type { InferenceTraceAttempt } from "../../../../lib/record/inference.ts";
import type {
  PreparedPrompt,
  RequestDetails,
} from "../../../../lib/record/request_fields.ts";
import type { ProtocolEvent } from "../../../../lib/record/protocol_event.ts";
import type { ThreadTraceContext } from "../../../../lib/record/thread.ts";
import type { ToolDispatchTraceContext } from "../../../../lib/record/tool/tool_dispatch.ts";
import type {
  ToolDispatchPayload,
  ToolDispatchRequester,
} from "../../../../lib/record/tool/tool_invocation.ts";
import { type Item, outputOf } from "./items.ts";

/** Model and provider of every request. */
export const MODEL = "gpt-fake";
/** Who serves it. */
export const PROVIDER = "fake";

/** How much of the history a request holds: all of it, or what a response or a warm-up lacks. */
export type RequestShape = "full" | "incremental" | "after warm-up";

/** Ids of tool outputs that the host does not send. */
const UNSENT_ID = /^unsent-/;

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
    if (item.type === "agent_message" || item.type.endsWith("_output")) {
      this.trace.recordHistoryItemAccepted(this.turn, item.id, item);
    } else this.trace.recordHistoryItemAccepted(this.turn, item.id);
  }

  /** Sends a request. */
  request(shape: RequestShape): InferenceTraceAttempt {
    const attempt = this.trace.inference(this.turn, MODEL, PROVIDER)
      .startAttempt();
    attempt.requestHeaders();
    const full = this.#toSend(0);
    if (shape === "full") {
      const request = { model: MODEL, stream: true, input: full.input };
      const { strippedToolOutputIds } = full;
      attempt.recordStarted(request, { strippedToolOutputIds });
    } else {
      const isWarm = shape === "after warm-up";
      const added = this.#toSend(isWarm ? full.input.length - 1 : this.#sent);
      attempt.recordStarted({
        type: "response.create",
        previous_response_id: isWarm ? "resp_warm_up" : this.#lastResponse,
        model: MODEL,
        input: added.input,
      }, {
        preparedPrompt: promptOf(this.history),
        ...isWarm
          ? { ...full, warmupContext: { input: full.input } }
          : { strippedToolOutputIds: added.strippedToolOutputIds },
      });
    }
    this.#sent = this.history.length;
    return attempt;
  }

  /** The items from `start` on as they are sent. */
  #toSend(start: number):
    & Required<
      Pick<RequestDetails, "strippedToolOutputIds">
    >
    & { input: readonly unknown[] } {
    const items = this.history.slice(start);
    return {
      input: items.map((item) => {
        if (!UNSENT_ID.test(item.id)) return item;
        const { id: _, ...sent } = item;
        return sent;
      }),
      strippedToolOutputIds: items.flatMap(({ id }, i) =>
        UNSENT_ID.test(id) ? [[i, id] as const] : []
      ),
    };
  }

  /** Sends a request and takes the complete answer into the history. */
  ask(shape: RequestShape, ...answer: Item[]): void {
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

function promptOf(input: readonly unknown[]): PreparedPrompt {
  return {
    input,
    tools: [{ type: "function", name: "exec_command" }],
    parallel_tool_calls: true,
    base_instructions: {
      text: "be brief, and right",
      provenance: { type: "model", model: MODEL },
    },
    output_schema: { type: "object" },
    output_schema_strict: false,
    prompt_cache_ttl: null,
    cyber_access_program: null,
  };
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
