/**
 * Recording of tool calls as their requester sees them: asked, and answered.
 *
 * What happens behind a call is in `tool_runtime.ts`.
 *
 * @module
 */

import type { WriteRules } from "../../bundle/write/write_rules.ts";
import type { ToolCallId } from "../../format/ids.ts";
import type { ExecutionStatus } from "../../format/vocabulary.ts";
import {
  dependencyKey,
  optionalPayload,
  type PendingEvent,
  type PendingEventBody,
} from "../pending_event.ts";
import { NOOP_RECORDER, type Recorder } from "../recorder.ts";
import { type EventContext, NO_CONTEXT } from "../trace_writer.ts";
import {
  type ToolDispatchInvocation,
  type ToolDispatchPayload,
  type ToolDispatchResult,
  toolKind,
  toolSummary,
} from "./tool_invocation.ts";

/** One call of a tool. Each of its ends is written, a later one replaces an earlier one. */
export class ToolDispatchTraceContext {
  readonly #recorder: Recorder;
  readonly #context: EventContext;
  readonly #toolCallId: ToolCallId;

  private constructor(
    recorder: Recorder,
    context: EventContext,
    toolCallId: ToolCallId,
  ) {
    this.#recorder = recorder;
    this.#context = context;
    this.#toolCallId = toolCallId;
  }

  /** A context that records nothing. */
  static disabled(): ToolDispatchTraceContext {
    const nowhere = { threadId: null, codexTurnId: null };
    return new ToolDispatchTraceContext(NOOP_RECORDER, nowhere, "");
  }

  /**
   * Records the start of a call.
   *
   * @param invocation Makes the call; called only when something is recorded. Nothing is, when
   * it makes nothing.
   * @internal
   */
  static start(
    recorder: Recorder,
    invocation: () => ToolDispatchInvocation | undefined,
  ): ToolDispatchTraceContext {
    let handle = ToolDispatchTraceContext.disabled();
    const isRecorded = recorder.record(() => {
      const call = invocation();
      if (call === undefined || !isToolCall(call, recorder.rules)) {
        return undefined;
      }
      const started = startEvent(call);
      handle = new ToolDispatchTraceContext(
        recorder,
        started.context,
        started.event.tool_call_id,
      );
      return started;
    });
    // Without its start, no end is recorded: another call may have the same id.
    return isRecorded ? handle : ToolDispatchTraceContext.disabled();
  }

  /** Whether the ends of this call are recorded. */
  isEnabled(): boolean {
    return this.#recorder.isRecording;
  }

  /** Records the result that the requester got. */
  recordCompleted(status: ExecutionStatus, result: ToolDispatchResult): void {
    this.#recordEnd(
      status,
      () =>
        result.type === "direct_response"
          ? { type: result.type, response_item: result.response_item }
          : { type: result.type, value: result.value },
    );
  }

  /** Records that the call could not be carried out. */
  recordFailed(error: string): void {
    this.#recordEnd("failed", () => ({ type: "error", error }));
  }

  /** Records that the call was aborted: its requester gets no result. */
  recordAborted(): void {
    this.#recordEnd("aborted", null);
  }

  #recordEnd(status: ExecutionStatus, result: (() => unknown) | null): void {
    this.#recorder.record(() => ({
      context: this.#context,
      event: {
        type: "tool_call_ended",
        tool_call_id: this.#toolCallId,
        status,
        result_payload: result && optionalPayload("tool_result", result),
      },
      requires: [dependencyKey.tool(this.#toolCallId)],
      provides: [],
    }));
  }
}

/** The call that starts a code cell is only in some schemas a tool call as well. */
function isToolCall(call: ToolDispatchInvocation, rules: WriteRules): boolean {
  return rules.cellsAreToolCalls || call.payload.type !== "custom" ||
    call.tool_name !== "exec" || (call.tool_namespace ?? null) !== null;
}

function startEvent(
  call: ToolDispatchInvocation,
): PendingEvent & { event: PendingEventBody<"tool_call_started"> } {
  const { thread_id, codex_turn_id, requester } = call;
  const event = startBody(call);
  const { tool_call_id } = event;
  return {
    context: { threadId: thread_id, codexTurnId: codex_turn_id },
    event,
    requires: [
      dependencyKey.thread(thread_id),
      dependencyKey.turn(codex_turn_id),
      ...requester.type === "code_cell"
        ? [dependencyKey.cell(thread_id, requester.runtime_cell_id)]
        : [],
    ],
    provides: [dependencyKey.tool(tool_call_id)],
  };
}

function startBody(
  call: ToolDispatchInvocation,
): PendingEventBody<"tool_call_started"> {
  const { tool_call_id, tool_name, requester, payload } = call;
  const namespace = call.tool_namespace ?? null;
  const byModel = requester.type === "model";
  return {
    type: "tool_call_started",
    tool_call_id,
    model_visible_call_id: byModel ? requester.model_visible_call_id : null,
    code_mode_runtime_tool_id: byModel ? null : requester.runtime_tool_call_id,
    requester: byModel
      ? { type: "model" }
      : { type: "code_cell", runtime_cell_id: requester.runtime_cell_id },
    kind: toolKind(tool_name),
    summary: toolSummary(tool_name, namespace, payload),
    invocation_payload: optionalPayload(
      "tool_invocation",
      () => ({
        tool_name,
        tool_namespace: namespace,
        payload: payloadBody(payload),
      }),
      [dependencyKey.invocation(tool_call_id)],
    ),
  };
}

function payloadBody(payload: ToolDispatchPayload): object {
  const { type } = payload;
  switch (type) {
    case "function":
    case "tool_search":
      return { type, arguments: payload.arguments };
    case "custom":
      return { type, input: payload.input };
    case "local_shell":
      return {
        type,
        command: payload.command,
        workdir: payload.workdir ?? null,
        timeout_ms: payload.timeout_ms ?? null,
        sandbox_permissions: payload.sandbox_permissions ?? null,
        prefix_rule: payload.prefix_rule ?? null,
        additional_permissions: payload.additional_permissions ?? null,
        justification: payload.justification ?? null,
      };
  }
}

/** Key of the id in the metadata of an MCP request. */
export const MCP_CALL_ID_META_KEY = "codex_bridge_mcp_call_id";

/** One call to an MCP server. */
export class McpCallTraceContext {
  /** The id, `undefined` when it is not in the trace. */
  readonly mcpCallId: string | undefined;

  private constructor(mcpCallId: string | undefined) {
    this.mcpCallId = mcpCallId;
  }

  /** A context that leaves requests alone. */
  static disabled(): McpCallTraceContext {
    return McpCallTraceContext.start(NOOP_RECORDER, "");
  }

  /**
   * Records that tool call `toolCallId` has a fresh id at the server.
   *
   * @internal
   */
  static start(
    recorder: Recorder,
    toolCallId: ToolCallId,
  ): McpCallTraceContext {
    const id = recorder.newId();
    const recorded = recorder.record(() => ({
      context: NO_CONTEXT,
      event: {
        type: "mcp_tool_call_correlation_assigned",
        tool_call_id: toolCallId,
        mcp_call_id: id,
      },
      requires: [dependencyKey.tool(toolCallId)],
      provides: [],
    }));
    return new McpCallTraceContext(recorded ? id : undefined);
  }

  /**
   * The metadata of a request with the id in it.
   *
   * @param meta What the request has; `undefined` when it has none. What is no object or
   * cannot be read, and everything when the id is not in the trace, is returned as it is.
   */
  addRequestMeta(meta: unknown): unknown {
    if (this.mcpCallId === undefined) return meta;
    try {
      const isObject = typeof meta === "object" && meta !== null &&
        !Array.isArray(meta);
      if (meta !== undefined && !isObject) return meta;
      return { ...meta, [MCP_CALL_ID_META_KEY]: this.mcpCallId };
    } catch {
      // A getter or a proxy of the host throws: the reader of the request gets the error.
      return meta;
    }
  }
}
