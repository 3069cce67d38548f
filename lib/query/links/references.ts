/**
 * Every reference of a graph, from the side of the object that names.
 *
 * The histories of requests and compactions are left out: they share their storage and have an
 * index of their own, {@linkcode ItemCarriers}.
 *
 * @module
 */

import type {
  ConversationItem,
  ProducerRef,
} from "../../graph/conversation.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import type {
  CodeCell,
  Compaction,
  CompactionRequest,
  InferenceCall,
  InteractionEdge,
  TerminalOperation,
  TerminalSession,
  ToolCall,
  TraceAnchor,
} from "../../graph/runtime.ts";
import type { AgentThread } from "../../graph/session.ts";
import { inCreationOrder } from "../names/creation_order.ts";
import type { ObjectKind, ObjectOf } from "../names/object_kind.ts";
import type { ObjectKey, Reference, ReferenceRole } from "./reference.ts";

/** What an object names: as what, an object of which kind, and its id; null names nothing. */
type Named = readonly [
  role: ReferenceRole,
  kind: ObjectKind,
  id: string | null | undefined,
];

/** Every reference of `trace`, in the order of the objects that name. */
export function* referencesOf(trace: RolloutTrace): Iterable<Reference> {
  yield* each("thread", trace.threads, ofThread);
  yield* each("turn", trace.codex_turns, (turn) => [
    ["thread", "thread", turn.thread_id],
  ]);
  yield* each("item", trace.conversation_items, ofItem);
  yield* each("inference_call", trace.inference_calls, ofInference);
  yield* each("tool_call", trace.tool_calls, ofTool);
  yield* each("code_cell", trace.code_cells, ofCell);
  yield* each("terminal_session", trace.terminal_sessions, ofTerminal);
  yield* each("terminal_operation", trace.terminal_operations, ofOperation);
  yield* each("compaction", trace.compactions, ofCompaction);
  yield* each("compaction_request", trace.compaction_requests, ofSummary);
  yield* each("edge", trace.interaction_edges, ofEdge);
}

/** The object that an anchor of an edge stands for. */
export function anchored(anchor: TraceAnchor): ObjectKey {
  switch (anchor.type) {
    case "conversation_item":
      return { kind: "item", id: anchor.item_id };
    case "tool_call":
      return { kind: "tool_call", id: anchor.tool_call_id };
    case "thread":
      return { kind: "thread", id: anchor.thread_id };
  }
}

/** The object that caused an item; `undefined` for people and the program around the model. */
function producing(producer: ProducerRef): ObjectKey | undefined {
  switch (producer.type) {
    case "inference":
      return { kind: "inference_call", id: producer.inference_call_id };
    case "tool":
      return { kind: "tool_call", id: producer.tool_call_id };
    case "code_cell":
      return { kind: "code_cell", id: producer.code_cell_id };
    case "interaction_edge":
      return { kind: "edge", id: producer.edge_id };
    case "compaction":
      return { kind: "compaction", id: producer.compaction_id };
    case "user_input":
    case "harness":
      return undefined;
  }
}

function* each<K extends ObjectKind>(
  kind: K,
  objects: ReadonlyMap<string, ObjectOf<K>>,
  namedBy: (object: ObjectOf<K>) => Iterable<Named>,
): Iterable<Reference> {
  for (const [id, object] of inCreationOrder(kind, objects)) {
    const from: ObjectKey = { kind, id };
    for (const [role, toKind, to] of namedBy(object)) {
      if (to === null || to === undefined) continue;
      yield { from, role, to: { kind: toKind, id: to } };
    }
  }
}

function many(
  role: ReferenceRole,
  kind: ObjectKind,
  ids: Iterable<string>,
): Named[] {
  return Array.from(ids, (id) => [role, kind, id] as const);
}

function one(role: ReferenceRole, key: ObjectKey | undefined): Named[] {
  return key === undefined ? [] : [[role, key.kind, key.id]];
}

function place(
  { thread_id, codex_turn_id }: {
    readonly thread_id: string;
    readonly codex_turn_id: string | null;
  },
): Named[] {
  return [["thread", "thread", thread_id], ["turn", "turn", codex_turn_id]];
}

function ofThread({ origin }: AgentThread): Named[] {
  return origin.type === "root" ? [] : [
    ["parent_thread", "thread", origin.parent_thread_id],
    ["spawn_edge", "edge", origin.spawn_edge_id],
  ];
}

function ofItem(item: ConversationItem): Named[] {
  const named: Named[] = [["first_turn", "turn", item.codex_turn_id]];
  for (const producer of item.produced_by) {
    named.push(...one("producer", producing(producer)));
  }
  for (const part of item.body.parts) {
    if (part.type !== "json" && part.type !== "payload_ref") continue;
    named.push(["body_payload", "payload", part.raw_payload_id]);
  }
  return named;
}

function ofInference(call: InferenceCall): Named[] {
  return [
    ...place(call),
    ["request_payload", "payload", call.raw_request_payload_id],
    ["response_payload", "payload", call.raw_response_payload_id],
    ...many("response_item", "item", call.response_item_ids),
    ...many(
      "started_tool",
      "tool_call",
      call.tool_call_ids_started_by_response,
    ),
  ];
}

function ofTool(tool: ToolCall): Named[] {
  const { requester } = tool;
  return [
    ["thread", "thread", tool.thread_id],
    ["turn", "turn", tool.started_by_codex_turn_id],
    ...requester.type === "model" ? [] : one("requesting_cell", {
      kind: "code_cell",
      id: requester.code_cell_id,
    }),
    ["started_cell", "code_cell", tool.started_code_cell_id],
    ["operation", "terminal_operation", tool.terminal_operation_id],
    ...many("call_item", "item", tool.model_visible_call_item_ids),
    ...many("output_item", "item", tool.model_visible_output_item_ids),
    ["invocation_payload", "payload", tool.raw_invocation_payload_id],
    ...many("runtime_payload", "payload", tool.raw_runtime_payload_ids),
    ["result_payload", "payload", tool.raw_result_payload_id],
  ];
}

function ofCell(cell: CodeCell): Named[] {
  return [
    ...place(cell),
    ["source_item", "item", cell.source_item_id],
    ...many("output_item", "item", cell.output_item_ids),
    ...many("nested_tool", "tool_call", cell.nested_tool_call_ids),
    ...many("wait_tool", "tool_call", cell.wait_tool_call_ids),
    [
      "initial_response_payload",
      "payload",
      cell.raw_initial_response_payload_id,
    ],
    ["result_payload", "payload", cell.raw_result_payload_id],
  ];
}

function ofTerminal(terminal: TerminalSession): Named[] {
  return [
    ["thread", "thread", terminal.thread_id],
    [
      "creating_operation",
      "terminal_operation",
      terminal.created_by_operation_id,
    ],
    ...many("session_operation", "terminal_operation", terminal.operation_ids),
  ];
}

function ofOperation(operation: TerminalOperation): Named[] {
  return [
    ["operating_tool", "tool_call", operation.tool_call_id],
    ["terminal", "terminal_session", operation.terminal_id],
    ...many("runtime_payload", "payload", operation.raw_payload_ids),
  ];
}

function ofCompaction(compaction: Compaction): Named[] {
  return [
    ...place(compaction),
    ["marker_item", "item", compaction.marker_item_id],
    ...many("replacement_item", "item", compaction.replacement_item_ids),
    ...many("summary_request", "compaction_request", compaction.request_ids),
  ];
}

function ofSummary(request: CompactionRequest): Named[] {
  return [
    ...place(request),
    ["compaction", "compaction", request.compaction_id],
    ["request_payload", "payload", request.raw_request_payload_id],
    ["response_payload", "payload", request.raw_response_payload_id],
  ];
}

function ofEdge(edge: InteractionEdge): Named[] {
  return [
    ...one("edge_source", anchored(edge.source)),
    ...one("edge_target", anchored(edge.target)),
    ...many("carried_item", "item", edge.carried_item_ids),
    ...many("carried_payload", "payload", edge.carried_raw_payload_ids),
  ];
}
