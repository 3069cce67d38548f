/**
 * What an object is, in a few words that need no knowledge of the format.
 *
 * @module
 */

import type { RawPayloadRef } from "../../format/payload.ts";
import type { InteractionEdge } from "../../graph/runtime.ts";
import { captureText, unrecordedText } from "../../text/capture_text.ts";
import { threadOfAnchor } from "../evidence/links/graph_links.ts";
import {
  checkpointCapture,
  historyLengths,
} from "../evidence/recorded/checkpoint.ts";
import type { ObjectKind, ObjectRef } from "../session/names/object_kind.ts";
import { quoted, spaced, withText } from "./excerpt.ts";
import { itemWords } from "./item_words.ts";
import type { Scene } from "./scene.ts";
import { commandOf, operationWords, toolWords } from "./tool_words.ts";

/** The words for an object of a kind; `undefined` where the graph does not hold it. */
type Words = (scene: Scene, id: string) => string | undefined;

const WORDS: Readonly<Record<ObjectKind, Words>> = {
  thread: ({ trace }, id) => {
    const { agent_path: path, nickname = null } = trace.threads.get(id) ?? {};
    if (path === undefined) return undefined;
    return `agent ${path}${nickname === null ? "" : ` "${nickname}"`}`;
  },
  turn: (scene, id) => {
    const turn = scene.trace.codex_turns.get(id);
    return turn &&
      `turn of ${agentOf(scene, turn.thread_id)}, ${turn.execution.status}`;
  },
  item: (scene, id) => {
    const item = scene.trace.conversation_items.get(id);
    return item && itemWords(scene, item);
  },
  inference_call: ({ trace }, id) => {
    const call = trace.inference_calls.get(id);
    return call && `request to ${call.model}, ${call.execution.status}`;
  },
  tool_call: (scene, id) => {
    const tool = scene.trace.tool_calls.get(id);
    return tool && toolWords(scene, tool);
  },
  code_cell: ({ trace }, id) => {
    const cell = trace.code_cells.get(id);
    return cell &&
      withText(`code cell, ${cell.runtime_status}`, quoted(cell.source_js));
  },
  terminal_session: (scene, id) => {
    const session = scene.trace.terminal_sessions.get(id);
    return session &&
      withText("process", commandOf(scene, session.created_by_operation_id));
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
      `request for a summary to ${request.model}, ${request.execution.status}`;
  },
  edge: (scene, id) => {
    const edge = scene.trace.interaction_edges.get(id);
    return edge && edgeWords(scene, edge);
  },
  payload: ({ trace }, id) => {
    const payload = trace.raw_payloads.get(id);
    return payload && payloadWords(payload);
  },
};

/** What an object is, on one line. */
export function describe(scene: Scene, { kind, id }: ObjectRef): string {
  return WORDS[kind](scene, id) ?? "not in this graph";
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
function agentOf({ trace }: Scene, thread: string | undefined): string {
  const path = thread === undefined
    ? undefined
    : trace.threads.get(thread)?.agent_path;
  return path ?? "an unknown agent";
}

const EDGE_WORDS: Readonly<Record<InteractionEdge["kind"], string>> = {
  spawn_agent: "spawn",
  assign_agent_task: "task",
  send_message: "message",
  agent_result: "result",
  close_agent: "end",
};

function edgeWords(scene: Scene, edge: InteractionEdge): string {
  const { trace } = scene;
  const source = threadOfAnchor(trace, edge.source);
  const target = threadOfAnchor(trace, edge.target);
  const paths = [agentOf(scene, source), agentOf(scene, target)];
  // Early releases give every agent the same path.
  const [from, to] = paths[0] !== paths[1]
    ? paths
    : [source, target].map((id) => scene.ref("thread", id ?? "").handle);
  return `${EDGE_WORDS[edge.kind]} from ${from} to ${to}`;
}
