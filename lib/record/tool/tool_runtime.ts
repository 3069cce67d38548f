/**
 * Codex protocol messages about the runtimes behind tool calls, as starts and ends.
 *
 * Owns which messages count, what status they have, and which threads they name. Every other
 * message is ignored.
 *
 * @module
 */

import type { WriteRules } from "../../bundle/write/write_rules.ts";
import type { ThreadId, ToolCallId } from "../../format/ids.ts";
import type { ExecutionStatus, ToolCallKind } from "../../format/vocabulary.ts";
import {
  dependencyKey,
  type PendingEvent,
  requiredPayload,
} from "../pending_event.ts";
import type { ProtocolEvent } from "../protocol_event.ts";
import type { EventContext } from "../trace_writer.ts";

/** What a message reports about the runtime of a tool call. */
interface RuntimeObservation {
  readonly toolCallId: ToolCallId;
  /** Sort of runtime: a start and its end have the same. */
  readonly sort: string;
  /** Whether it starts, and as what; or ends, and how. */
  readonly bound:
    | { readonly type: "started"; readonly kind: ToolCallKind }
    | { readonly type: "ended"; readonly status: ExecutionStatus };
  /** The message as the trace keeps it: without its `type`. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Threads that a reducer will look for. */
  readonly threads: readonly ThreadId[];
  /** Whether a reducer will look into the call's invocation for the text of a message. */
  readonly readsInvocation: boolean;
}

type Reading = (
  event: ProtocolEvent,
  rules: WriteRules,
) => Pick<RuntimeObservation, "sort" | "bound"> & {
  payload?: Readonly<Record<string, unknown>>;
};

const READINGS: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ["exec_command_begin", (event) => starts("exec", execKind(event))],
  ["exec_command_end", (event) => ({
    ...ends("exec", reportedStatus(event)),
    payload: without(event, "stdout", "stderr", "formatted_output"),
  })],
  ["patch_apply_begin", () => starts("patch", { type: "apply_patch" })],
  ["patch_apply_end", (event) => ends("patch", reportedStatus(event))],
  ["mcp_tool_call_begin", (event) => starts("mcp", mcpKind(event))],
  ["mcp_tool_call_end", mcpEnd],
  ["collab_agent_spawn_begin", () => starts("spawn", { type: "spawn_agent" })],
  ["collab_agent_spawn_end", (event) =>
    // The runtime started, but it did not create a child.
    ends("spawn", event["new_thread_id"] == null ? "failed" : "completed")],
  [
    "collab_agent_interaction_begin",
    () => starts("interaction", { type: "send_message" }),
  ],
  ["collab_agent_interaction_end", () => ends("interaction", "completed")],
  ["collab_waiting_begin", () => starts("waiting", { type: "wait_agent" })],
  ["collab_waiting_end", () => ends("waiting", "completed")],
  ["collab_close_begin", () => starts("close", { type: "close_agent" })],
  ["collab_close_end", () => ends("close", "completed")],
  ["sub_agent_activity", () => ends("activity", "completed")],
]);

/** The event that a message about a tool's runtime makes, `undefined` when it is about none. */
export function runtimeEvent(
  context: EventContext,
  event: ProtocolEvent,
  rules: WriteRules,
): PendingEvent | undefined {
  const seen = runtimeObservation(event, rules);
  if (seen === undefined) return undefined;
  const { toolCallId, sort, bound } = seen;
  const runtime = [dependencyKey.runtime(toolCallId, sort)];
  const starts = bound.type === "started";
  const runtime_payload = requiredPayload(
    "tool_runtime_event",
    () => seen.payload,
  );
  return {
    context,
    event: starts
      ? {
        type: "tool_call_runtime_started",
        tool_call_id: toolCallId,
        kind: bound.kind,
        runtime_payload,
      }
      : {
        type: "tool_call_runtime_ended",
        tool_call_id: toolCallId,
        status: bound.status,
        runtime_payload,
      },
    requires: [
      dependencyKey.tool(toolCallId),
      ...seen.threads.map(dependencyKey.thread),
      ...seen.readsInvocation ? [dependencyKey.invocation(toolCallId)] : [],
      ...starts ? [] : runtime,
    ],
    provides: starts ? runtime : [],
    isOfCommand: sort === "exec",
  };
}

function runtimeObservation(
  event: ProtocolEvent,
  rules: WriteRules,
): RuntimeObservation | undefined {
  const reading = READINGS.get(event.type);
  if (reading === undefined || isUserShell(event)) return undefined;
  const isActivity = event.type === "sub_agent_activity";
  return {
    toolCallId: text(event, isActivity ? "event_id" : "call_id"),
    payload: without(event),
    threads: namedThreads(event),
    readsInvocation: isActivity &&
      (event["kind"] === "started" || event["kind"] === "interacted"),
    ...reading(event, rules),
  };
}

/** What the user typed into a shell of their own is no call of the model. */
function isUserShell(event: ProtocolEvent): boolean {
  return event.type.startsWith("exec_") && event["source"] === "user_shell";
}

function starts(sort: string, kind: ToolCallKind): ReturnType<Reading> {
  return { sort, bound: { type: "started", kind } };
}

function ends(sort: string, status: ExecutionStatus): ReturnType<Reading> {
  return { sort, bound: { type: "ended", status } };
}

/** Input to a process that runs already is reported like a command of its own. */
function execKind(event: ProtocolEvent): ToolCallKind {
  return event["source"] === "unified_exec_interaction"
    ? { type: "write_stdin" }
    : { type: "exec_command" };
}

function mcpKind(event: ProtocolEvent): ToolCallKind {
  const invocation = record(event["invocation"]);
  return {
    type: "mcp",
    server: text(invocation, "server"),
    tool: text(invocation, "tool"),
  };
}

function mcpEnd(event: ProtocolEvent, rules: WriteRules): ReturnType<Reading> {
  const result = event["result"];
  const worked = Object.hasOwn(record(result), "Ok");
  return {
    ...ends("mcp", worked ? "completed" : "failed"),
    payload: rules.mcpEndsRepeatStart ? without(event) : { result },
  };
}

function reportedStatus(event: ProtocolEvent): ExecutionStatus {
  switch (event["status"]) {
    case "completed":
      return "completed";
    case "declined":
      return "cancelled";
    default:
      return "failed";
  }
}

function namedThreads(event: ProtocolEvent): ThreadId[] {
  return ["agent_thread_id", "new_thread_id", "receiver_thread_id"]
    .map((key) => event[key])
    .filter((value) => typeof value === "string");
}

function without(
  event: ProtocolEvent,
  ...keys: string[]
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(event).filter(([key]) =>
      key !== "type" && !keys.includes(key)
    ),
  );
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function text(from: Readonly<Record<string, unknown>>, key: string): string {
  const value = from[key];
  if (typeof value === "string") return value;
  throw new TypeError(`"${key}" is not a string`);
}
