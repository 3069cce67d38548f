/**
 * What an object is, in a few words that need no knowledge of the format.
 *
 * @module
 */

import type { RawPayloadRef } from "../../format/payload.ts";
import type {
  InteractionEdge,
  TerminalOperation,
  ToolCall,
} from "../../graph/runtime.ts";
import { captureText, unrecordedText } from "../../text/capture_text.ts";
import { threadOfAnchor } from "../evidence/links/graph_links.ts";
import {
  checkpointCapture,
  historyLengths,
} from "../evidence/recorded/checkpoint.ts";
import type { ObjectKind, ObjectRef } from "../session/names/object_kind.ts";
import {
  itemOneLine,
  oneLineExcerpt,
  spaced,
  withText,
} from "../evidence/excerpt.ts";
import type { ExplainContext } from "./explain_context.ts";
import type { ConversationItem } from "../../graph/conversation.ts";
import type { ObjectKey } from "../../graph/codec/reference.ts";
import { type EdgeKind, edgeKind } from "../session/names/edge_kind.ts";
import { calledName, toolLabel } from "../session/names/tool_name.ts";
import { getProvenance, makersOf } from "../evidence/links/provenance.ts";

/** The words for an object of a kind; `undefined` where the graph does not hold it. */
type Words = (context: ExplainContext, id: string) => string | undefined;

const WORDS: Readonly<Record<ObjectKind, Words>> = {
  thread: ({ trace }, id) => {
    const { agent_path: path, nickname = null } = trace.threads.get(id) ?? {};
    if (path === undefined) return undefined;
    return `agent ${path}${nickname === null ? "" : ` "${nickname}"`}`;
  },
  turn: (context, id) => {
    const turn = context.trace.codex_turns.get(id);
    return turn &&
      `turn of ${agentOf(context, turn.thread_id)}, ${turn.execution.status}`;
  },
  item: (context, id) => {
    const item = context.trace.conversation_items.get(id);
    return item && itemWords(context, item);
  },
  inference_call: ({ trace }, id) => {
    const call = trace.inference_calls.get(id);
    return call && `request to ${call.model}, ${call.execution.status}`;
  },
  tool_call: (context, id) => {
    const tool = context.trace.tool_calls.get(id);
    return tool && toolWords(context, tool);
  },
  code_cell: ({ trace }, id) => {
    const cell = trace.code_cells.get(id);
    return cell &&
      withText(
        `code cell, ${cell.runtime_status}`,
        oneLineExcerpt(cell.source_js),
      );
  },
  terminal_session: (context, id) => {
    const session = context.trace.terminal_sessions.get(id);
    return session &&
      withText("process", commandOf(context, session.created_by_operation_id));
  },
  terminal_operation: ({ trace }, id) => {
    const operation = trace.terminal_operations.get(id);
    return operation && operationWords(operation);
  },
  compaction: ({ trace, session }, id) => {
    const compaction = trace.compactions.get(id);
    if (compaction === undefined) return undefined;
    const capture = checkpointCapture(session, compaction);
    if (capture !== null) return `history replaced: ${unrecordedText(capture)}`;
    const { before, after } = historyLengths(session, compaction);
    return before === null || after === null
      ? "history replaced, by what is unknown"
      : `history of ${before} items replaced by ${after}`;
  },
  compaction_request: ({ trace }, id) => {
    const request = trace.compaction_requests.get(id);
    return request &&
      `compaction request to ${request.model}, ${request.execution.status}`;
  },
  edge: (context, id) => {
    const edge = context.trace.interaction_edges.get(id);
    return edge && edgeWords(context, edge);
  },
  payload: ({ trace }, id) => {
    const payload = trace.raw_payloads.get(id);
    return payload && payloadWords(payload);
  },
};

/** What an object is, on one line. */
export function describe(
  context: ExplainContext,
  { kind, id }: ObjectRef,
): string {
  return WORDS[kind](context, id) ?? "not recorded";
}

/** What a payload holds, and where it is. */
function payloadWords(
  { kind, path, shard, capture }: RawPayloadRef,
): string {
  const words = spaced(kind.type);
  if (capture !== undefined) return `${words}, ${captureText(capture)}`;
  if (path !== undefined) return `${words} in ${path}`;
  return shard === undefined || shard === null
    ? words
    : `${words} in shard ${shard}`;
}

/** The path of an agent, by its thread. */
function agentOf(
  { trace }: ExplainContext,
  thread: string | undefined,
): string {
  const path = thread === undefined
    ? undefined
    : trace.threads.get(thread)?.agent_path;
  return path ?? "an unknown agent";
}

const EDGE_WORDS: Readonly<Record<EdgeKind, string>> = {
  spawn_agent: "spawn",
  assign_agent_task: "task",
  send_message: "message",
  agent_result: "result",
  close_agent: "end",
  interrupt_agent: "interruption",
};

function edgeWords(context: ExplainContext, edge: InteractionEdge): string {
  const { trace } = context;
  const source = threadOfAnchor(trace, edge.source);
  const target = threadOfAnchor(trace, edge.target);
  const paths = [agentOf(context, source), agentOf(context, target)];
  // Early releases give every agent the same path.
  const [from, to] = paths[0] !== paths[1]
    ? paths
    : [source, target].map((id) => context.ref("thread", id ?? "").handle);
  return `${EDGE_WORDS[edgeKind(trace, edge)]} from ${from} to ${to}`;
}

/** The type of an item, and an excerpt. */
function itemWords(context: ExplainContext, item: ConversationItem): string {
  return withText(nameOf(context, item), itemOneLine(context.trace, item));
}

function nameOf(context: ExplainContext, item: ConversationItem): string {
  switch (item.kind) {
    case "message":
      return messageWords(item);
    case "reasoning":
      return "reasoning";
    case "function_call":
    case "custom_tool_call":
      return `call of ${calledTool(context, item)}`;
    case "function_call_output":
    case "custom_tool_call_output":
      return `${outputWord(context, item)} of ${calledTool(context, item)}`;
    case "compaction_marker":
      return "mark of a compaction";
  }
}

/** What a cell sends by itself is no output of the call. */
function outputWord(
  { trace, links }: ExplainContext,
  item: ConversationItem,
): string {
  return getProvenance(trace, links, item) === "cell_notification"
    ? "notify()"
    : "output";
}

function messageWords(item: ConversationItem): string {
  const { agent_message: address, role, channel } = item;
  if (address !== undefined) {
    return `message from ${address.author} to ${address.recipient}`;
  }
  return channel === null ? `${role} message` : `${role} message, ${channel}`;
}

/** The tool that an item calls or answers; its call id where no tool call is known. */
function calledTool(context: ExplainContext, item: ConversationItem): string {
  for (const { from, role } of context.links.to("item", item.item_id)) {
    if (role === "source_item") return "exec";
    const name = role === "call_item" ? nameOfMaker(context, from) : null;
    if (name !== null) return name;
  }
  for (const maker of makersOf(context.links, item)) {
    const name = nameOfMaker(context, maker);
    if (name !== null) return name;
  }
  return item.call_id === null
    ? "an unknown tool"
    : oneLineExcerpt(item.call_id, 60);
}

function nameOfMaker(
  { trace }: ExplainContext,
  { kind, id }: ObjectKey,
): string | null {
  if (kind === "code_cell") return "exec";
  const tool = trace.tool_calls.get(id);
  return tool === undefined ? null : nameOfCall(tool);
}

/** As the model called it; a patch in the command of a shell runs as another tool. */
function nameOfCall(tool: ToolCall): string {
  const name = calledName(tool);
  const { type } = tool.kind;
  return type === "apply_patch" && !name.endsWith(type)
    ? `${name}, ran as ${type}`
    : name;
}

/** What a tool call is, and what it was called with. */
function toolWords(context: ExplainContext, tool: ToolCall): string {
  const { summary, terminal_operation_id: operation, execution } = tool;
  const label = toolLabel(tool);
  const words = execution.status === "completed"
    ? label
    : `${label}, ${execution.status}`;
  if (operation !== null) {
    return withText(words, commandOf(context, operation));
  }
  switch (summary.type) {
    case "generic":
      return withText(words, oneLineExcerpt(summary.input_preview ?? ""));
    case "agent":
      return withText(words, oneLineExcerpt(summary.message_preview));
    case "terminal":
    case "wait_agent":
      return words;
  }
}

/** The command of an operation, or what it wrote. */
function commandOf({ trace }: ExplainContext, id: string): string {
  const request = trace.terminal_operations.get(id)?.request;
  return request === undefined ? "" : requestWords(request);
}

function requestWords(request: TerminalOperation["request"]): string {
  if (request.type === "write_stdin") {
    return oneLineExcerpt(written(request.stdin));
  }
  // A shell that runs one line is described by the line.
  const { command, display_command: full } = request;
  const [shell = "", flag, line] = command;
  const isShell = /(?:^|\/)(?:ba|z|da)?sh$/.test(shell) && command.length === 3;
  return oneLineExcerpt(
    isShell && /^-l?c$/.test(flag ?? "") ? line ?? full : full,
  );
}

function written(stdin: string): string {
  return stdin === "" ? "(nothing: a poll)" : JSON.stringify(stdin);
}

/** What an operation did, and how it ended. */
function operationWords(operation: TerminalOperation): string {
  const { request, result } = operation;
  const did = request.type === "exec_command"
    ? "ran"
    : request.stdin === ""
    ? "polled"
    : "wrote";
  const what = request.type === "write_stdin" && request.stdin === ""
    ? ""
    : ` ${requestWords(request)}`;
  const { status } = operation.execution;
  const code = result?.exit_code ?? null;
  const end = code !== null
    ? `, exit code ${code}`
    : status === "completed"
    ? ""
    : `, ${status}`;
  return `${did}${what}${end}`;
}
