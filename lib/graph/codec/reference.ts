/**
 * References between objects of the graph: their kinds, and the roles of a reference.
 *
 * @module
 */

/** A kind of object, as answers spell it. */
export type ObjectKind =
  | "thread"
  | "turn"
  | "item"
  | "inference_call"
  | "tool_call"
  | "code_cell"
  | "terminal_session"
  | "terminal_operation"
  | "compaction"
  | "compaction_request"
  | "edge"
  | "payload";

/** An object by kind and id. */
export interface ObjectKey {
  /** Kind of the object. */
  readonly kind: ObjectKind;
  /** Its id in the graph. */
  readonly id: string;
}

/** The role of the object that is referred to, for the object that refers to it. */
export type ReferenceRole =
  /** Thread of a turn, LLM request, tool call, cell, terminal session or compaction (request). */
  | "thread"
  /** Turn in which an LLM request, tool call, cell or compaction (request) ran. */
  | "turn"
  /** Turn in which an item was first seen. */
  | "first_turn"
  /** Thread that spawned a thread. */
  | "parent_thread"
  /** Edge of the spawn of a thread. */
  | "spawn_edge"
  /** Object that caused an item to exist. */
  | "producer"
  /** Payload that holds what the body of an item only summarizes. */
  | "body_payload"
  /** Item of the response to an LLM request. */
  | "response_item"
  /** Tool call that the response to an LLM request asked for. */
  | "started_tool"
  /** Payload that an LLM request or a compaction request sent. */
  | "request_payload"
  /** Payload of the prompt that Codex prepared for an LLM request. */
  | "prepared_prompt_payload"
  /** Payload of the response to an LLM request or a compaction request. */
  | "response_payload"
  /** Item in which the model made a tool call. */
  | "call_item"
  /** Item in which the model got the output of a tool call or cell. */
  | "output_item"
  /** Cell whose code made a tool call. */
  | "requesting_cell"
  /** Cell that a tool call started. */
  | "started_cell"
  /** Terminal operation of a tool call. */
  | "operation"
  /** Payload of a tool call as it was dispatched. */
  | "invocation_payload"
  /** Payload of the result of a tool call or cell. */
  | "result_payload"
  /** Payload that the runtime of a tool call or terminal operation reported. */
  | "runtime_payload"
  /** Item in which the model wrote a cell. */
  | "source_item"
  /** Tool call that the code of a cell made. */
  | "nested_tool"
  /** Tool call by which the model waited for a cell. */
  | "wait_tool"
  /** Payload of the first response of a cell. */
  | "initial_response_payload"
  /** Tool call of a terminal operation. */
  | "operating_tool"
  /** Terminal session of a terminal operation. */
  | "terminal"
  /** Operation that started a terminal session. */
  | "creating_operation"
  /** Operation on a terminal session. */
  | "session_operation"
  /** Item that marks the place of a compaction. */
  | "marker_item"
  /** Item of the history that a compaction installed. */
  | "replacement_item"
  /** Request that was made for a compaction. */
  | "summary_request"
  /** Compaction that a compaction request was made for. */
  | "compaction"
  /** Source of an edge. */
  | "edge_source"
  /** Target of an edge. */
  | "edge_target"
  /** Item that an edge carried. */
  | "carried_item"
  /** Payload that an edge carried. */
  | "carried_payload"
  /** Payload that is a part of the text of a payload. */
  | "part_payload";

/** One object that refers to another. */
export interface Reference {
  /** The object that refers. */
  readonly from: ObjectKey;
  /** Role of the other object. */
  readonly role: ReferenceRole;
  /** The other object. The graph need not hold it. */
  readonly to: ObjectKey;
}
