/**
 * Records a real bundle once more: every event of its log becomes the context call that a host
 * makes for it, with the original's clock and ids.
 *
 * If our contexts are what the reference's are, the new log is the old one, byte for byte.
 *
 * @module
 */

import { MemoryStore } from "../../../../lib/bundle/write/store.ts";
import type { EventType, RawTraceEvent } from "../../../../lib/format/event.ts";
import type { RawPayloadRef } from "../../../../lib/format/payload.ts";
import type { CodeCellResponse } from "../../../../lib/record/code_cell.ts";
import type { CompactionTraceAttempt } from "../../../../lib/record/compaction.ts";
import type {
  InferenceTraceAttempt,
  TokenUsage,
} from "../../../../lib/record/inference.ts";
import type {
  PreparedPrompt,
  RequestDetails,
} from "../../../../lib/record/request_fields.ts";
import type { ThreadStartedTraceMetadata } from "../../../../lib/record/thread_events.ts";
import { ThreadTraceContext } from "../../../../lib/record/thread.ts";
import type { ToolDispatchTraceContext } from "../../../../lib/record/tool/tool_dispatch.ts";
import type { ToolDispatchInvocation } from "../../../../lib/record/tool/tool_invocation.ts";
import {
  type Line,
  runtimeMessage,
  SourceBundle,
  turnEndMessage,
} from "./source_bundle.ts";

/** Records the bundle in `directory` into memory. */
export function rerecord(directory: string): MemoryStore {
  const host = new Host(new SourceBundle(directory));
  for (const event of host.bundle.events) host.play(event);
  return host.store;
}

/** A host that repeats what it did. */
class Host {
  readonly bundle: SourceBundle;
  readonly store = new MemoryStore();
  readonly threads = new Map<string, ThreadTraceContext>();
  readonly tools = new Map<string, ToolDispatchTraceContext>();
  readonly inferences = new Map<string, InferenceTraceAttempt>();
  readonly compactions = new Map<string, CompactionTraceAttempt>();
  /** The next id that recording asks for. */
  nextId = "";
  #time = 0;

  constructor(bundle: SourceBundle) {
    this.bundle = bundle;
  }

  play(line: RawTraceEvent): void {
    this.#time = Number(line.wall_time_unix_ms);
    // The entry for a type takes the lines of that type, which the compiler cannot follow.
    const play = PLAYS[line.payload.type] as Play<EventType>;
    play(this, line);
  }

  /** The thread of an event; the root's for events of none. */
  thread(id: string | null): ThreadTraceContext {
    const thread = this.threads.get(id ?? this.bundle.manifest.root_thread_id);
    if (thread === undefined) throw new Error(`thread ${id} is unknown`);
    return thread;
  }

  startRoot(metadata: ThreadStartedTraceMetadata): ThreadTraceContext {
    // Manifest, rollout and thread are from one call, at up to three times.
    const { manifest, events } = this.bundle;
    const times = [
      manifest.started_at_unix_ms,
      ...events.slice(0, 2).map((event) => event.wall_time_unix_ms),
    ].map(Number);
    return ThreadTraceContext.startRoot(this.store, metadata, {
      // Releases with the same rules as schema 1 also wrote lower numbers.
      schemaVersion: Math.max(1, manifest.schema_version),
      traceId: manifest.trace_id,
      // When the original is completed; children and processes may outlive the root.
      completion: "explicit",
      // Codex records what its own reducer refuses, such as two calls with one id.
      events: "all",
      now: () => times.shift() ?? this.#time,
      newId: () => this.nextId,
      onError: (error) => {
        throw error;
      },
    });
  }
}

type Play<K extends EventType> = (host: Host, line: Line<K>) => void;

const PLAYS: { [K in EventType]: Play<K> } = {
  // Written together with the root thread's own event.
  rollout_started: () => {},
  rollout_ended: () => {},
  recording_completed: (host) => host.thread(null).recordRecordingCompleted(),
  thread_started: (host, { payload }) => {
    const read: unknown = host.bundle.body(payload.metadata_payload);
    const metadata = read as ThreadStartedTraceMetadata;
    const isRoot = payload.thread_id === host.bundle.manifest.root_thread_id;
    const thread = isRoot
      ? host.startRoot(metadata)
      : host.thread(null).startChildThread(metadata);
    host.threads.set(payload.thread_id, thread);
  },
  thread_ended: (host, { payload }) =>
    host.thread(payload.thread_id).recordEnded(payload.status),
  thread_resumed: (host, { payload }) =>
    host.thread(payload.thread_id).recordThreadResumed(),
  codex_turn_started: (host, { payload, thread_id }) =>
    host.thread(thread_id).recordCodexTurnStarted(payload.codex_turn_id),
  codex_turn_ended: (host, { payload, thread_id }) =>
    host.thread(thread_id).recordCodexTurnEvent("", turnEndMessage(payload)),
  history_item_accepted: (host, { payload, thread_id, codex_turn_id }) => {
    const receipt = payload.agent_message_payload ??
      payload.tool_output_payload;
    host.thread(thread_id).recordHistoryItemAccepted(
      codex_turn_id ?? "",
      payload.item_id,
      receipt ? host.bundle.body(receipt) : undefined,
    );
  },
  inference_started: (host, { payload, thread_id, codex_turn_id }) => {
    host.nextId = payload.inference_call_id;
    const attempt = host.thread(thread_id)
      .inference(codex_turn_id ?? "", payload.model, payload.provider_name)
      .startAttempt();
    attempt.recordStarted(
      host.bundle.body(payload.request_payload),
      requestDetails(host.bundle, payload),
    );
    host.inferences.set(host.nextId, attempt);
  },
  inference_completed: (host, { payload }) => {
    const { response_id, upstream_request_id, response_payload } = payload;
    const { token_usage } = host.bundle.body(response_payload);
    host.inferences.get(payload.inference_call_id)?.recordCompleted(
      response_id,
      upstream_request_id,
      token_usage as TokenUsage | null,
      host.bundle.items(response_payload),
    );
  },
  inference_failed: (host, { payload }) =>
    host.inferences.get(payload.inference_call_id)?.recordFailed(
      payload.error,
      payload.upstream_request_id,
      host.bundle.items(payload.partial_response_payload),
    ),
  inference_cancelled: (host, { payload }) =>
    host.inferences.get(payload.inference_call_id)?.recordCancelled(
      payload.reason,
      payload.upstream_request_id,
      host.bundle.items(payload.partial_response_payload),
    ),
  tool_call_started: (host, line) => {
    const tool = host.thread(line.thread_id)
      .startToolDispatch(() => invocation(host.bundle, line));
    host.tools.set(line.payload.tool_call_id, tool);
  },
  mcp_tool_call_correlation_assigned: (host, { payload }) => {
    host.nextId = payload.mcp_call_id;
    host.thread(null).startMcpCall(payload.tool_call_id);
  },
  stdin_target_resolved: (host, { payload, thread_id, codex_turn_id }) =>
    host.thread(thread_id).recordStdinTarget(
      codex_turn_id ?? "",
      payload.tool_call_id,
      payload.exec_tool_call_id,
    ),
  code_cell_wait_target_resolved: (host, line) =>
    host.thread(line.thread_id).recordCodeCellWaitTarget(
      line.codex_turn_id ?? "",
      line.payload.tool_call_id,
      line.payload.runtime_cell_id,
    ),
  tool_call_runtime_started: playRuntime,
  tool_call_runtime_ended: playRuntime,
  tool_call_ended: (host, { payload }) => {
    const tool = host.tools.get(payload.tool_call_id);
    const { type, ...rest } = host.bundle.body(payload.result_payload);
    if (type === "error") tool?.recordFailed(String(rest["error"]));
    else if (type === "direct_response") {
      const response_item = rest["response_item"];
      tool?.recordCompleted(payload.status, { type, response_item });
    } else {
      const value = rest["value"];
      const result = { type: "code_mode_response" as const, value };
      tool?.recordCompleted(payload.status, result);
    }
  },
  code_cell_started: (host, { payload, thread_id, codex_turn_id }) => {
    host.thread(thread_id).startCodeCell(
      codex_turn_id ?? "",
      payload.runtime_cell_id,
      payload.model_visible_call_id,
      payload.source_js,
    );
  },
  code_cell_initial_response: (host, line) => {
    const { response } = host.bundle.body(line.payload.response_payload);
    cell(host, line).recordInitialResponse(response as CodeCellResponse);
  },
  code_cell_ended: (host, line) => {
    const { response } = host.bundle.body(line.payload.response_payload);
    cell(host, line).recordEnded(response as CodeCellResponse);
  },
  compaction_request_started: (host, { payload, thread_id, codex_turn_id }) => {
    const { compaction_id, model, provider_name } = payload;
    const attempt = host.thread(thread_id)
      .compaction(codex_turn_id ?? "", compaction_id, model, provider_name)
      .startAttempt(host.bundle.body(payload.request_payload));
    host.compactions.set(payload.compaction_request_id, attempt);
  },
  compaction_request_completed: (host, { payload }) =>
    host.compactions.get(payload.compaction_request_id)
      ?.recordCompleted(host.bundle.items(payload.response_payload)),
  compaction_request_failed: (host, { payload }) =>
    host.compactions.get(payload.compaction_request_id)
      ?.recordFailed(payload.error),
  compaction_installed: (host, { payload, thread_id, codex_turn_id }) => {
    const body = host.bundle.body(payload.checkpoint_payload);
    host.thread(thread_id)
      .compaction(codex_turn_id ?? "", payload.compaction_id, "", "")
      .recordInstalled({
        input_history: body["input_history"] as unknown[],
        replacement_history: body["replacement_history"] as unknown[],
      });
  },
  agent_result_observed: (host, { payload, thread_id, codex_turn_id }) => {
    const body = host.bundle.body(payload.carried_payload);
    const { parent_thread_id, message } = payload;
    host.thread(thread_id)
      .recordAgentResultInteraction(codex_turn_id ?? "", parent_thread_id, {
        child_agent_path: String(body["child_agent_path"]),
        message,
        status: body["status"],
      });
  },
  protocol_event_observed: (host, { payload }) => {
    const body = host.bundle.body(payload.event_payload);
    const event = { ...body, type: String(body["type"]) };
    host.thread(null).recordProtocolEvent(event);
  },
  other: (_, { payload }) => {
    throw new Error(`no context records ${payload.kind}`);
  },
};

function requestDetails(
  bundle: SourceBundle,
  event: Line<"inference_started">["payload"],
): RequestDetails {
  const body = <T>(ref: RawPayloadRef): T => {
    const read: unknown = bundle.body(ref);
    return read as T;
  };
  const { prepared_prompt_payload, warmup_context_payload } = event;
  const stripped = event.stripped_tool_output_ids ?? [];
  return {
    ...prepared_prompt_payload &&
      { preparedPrompt: body<PreparedPrompt>(prepared_prompt_payload) },
    ...warmup_context_payload &&
      { warmupContext: body<{ input: unknown[] }>(warmup_context_payload) },
    strippedToolOutputIds: stripped.map(([i, id]) => [Number(i), id]),
  };
}

function playRuntime(
  host: Host,
  line: Line<"tool_call_runtime_started" | "tool_call_runtime_ended">,
): void {
  const { payload, thread_id, codex_turn_id } = line;
  const body = host.bundle.body(payload.runtime_payload);
  host.thread(thread_id)
    .recordToolCallEvent(codex_turn_id ?? "", runtimeMessage(payload, body));
}

function cell(
  host: Host,
  line: Line<"code_cell_initial_response" | "code_cell_ended">,
) {
  const { payload, thread_id, codex_turn_id } = line;
  return host.thread(thread_id)
    .codeCell(codex_turn_id ?? "", payload.runtime_cell_id);
}

function invocation(
  bundle: SourceBundle,
  line: Line<"tool_call_started">,
): ToolDispatchInvocation {
  const { payload, thread_id, codex_turn_id } = line;
  const body = bundle.body(payload.invocation_payload);
  return {
    thread_id: thread_id ?? "",
    codex_turn_id: codex_turn_id ?? "",
    tool_call_id: payload.tool_call_id,
    tool_name: String(body["tool_name"]),
    tool_namespace: body["tool_namespace"] as string | null,
    requester: payload.requester.type === "model"
      ? {
        type: "model",
        model_visible_call_id: payload.model_visible_call_id ?? "",
      }
      : {
        type: "code_cell",
        runtime_cell_id: payload.requester.runtime_cell_id,
        runtime_tool_call_id: payload.code_mode_runtime_tool_id ?? "",
      },
    payload: body["payload"] as ToolDispatchInvocation["payload"],
  };
}
