/**
 * The relations of objects in a chain.
 *
 * @module
 */

/** The relation of an object to one of its causes. */
export type OriginRelation =
  /** An item: the request whose answer it was part of. */
  | "answered_by"
  /** An item: the tool call whose output it is. */
  | "output_of_tool"
  /** An item: the code cell whose output it is. */
  | "output_of_cell"
  /** An item: the edge that brought it into the conversation. */
  | "delivered_by"
  /** An item: the thread of the agent that wrote it, where no edge is known. */
  | "written_by_agent"
  /** An item: the thread of an agent whose result it reports, where no edge is known. */
  | "reports_result_of"
  /** An item: the compaction that wrote it. */
  | "written_by_compaction"
  /** An item: the first request that carried it; its origin is unknown. */
  | "first_sent_in"
  /** An output: the item with the call that it answers. */
  | "answers_call"
  /** A request or a turn: what the conversation held that it had not held before. */
  | "prompted_by"
  /** A request: a call in its prompt without an output. */
  | "lacks_output_of"
  /** A request: the one before it in the thread, which had the same input. */
  | "repeats"
  /** A tool call: the item in which the model made it. */
  | "called_in"
  /** A tool call: the request whose answer asked for it. */
  | "requested_by"
  /** A tool call: the code cell whose code made it. */
  | "issued_by_cell"
  /** A code cell: the item in which the model wrote it. */
  | "written_in"
  /** A code cell: the tool call that started it. */
  | "started_by_tool"
  /** A terminal operation: the tool call behind it. */
  | "operation_of"
  /** A process: the operation that started it. */
  | "created_by_operation"
  /** A compaction: a compaction request that was made for it. */
  | "compacted_by_request"
  /** A compaction: an item of the history that it replaced. */
  | "replaced_item"
  /** An edge: what it starts at. */
  | "sent_by"
  /** A thread: the edge by which another agent spawned it. */
  | "spawned_by"
  /** A thread: the thread that spawned it, where the edge is not known. */
  | "child_of"
  /** A thread: the edge by which another agent wrote to it. */
  | "messaged_by"
  /** A thread: the edge by which another agent assigned a task to it. */
  | "task_assigned_by"
  /** A turn: the tool call of another agent whose result names it. */
  | "started_by"
  /** A turn: the tool call of another agent that interrupted it. */
  | "interrupted_by"
  /** A turn or a compaction request: where it belongs. */
  | "part_of"
  /** A payload: an object that it is evidence for. */
  | "evidence_for";

/** The relation of an object to one of its effects. */
export type LeadRelation =
  /** An item: a request that carried it. */
  | "carried_by_request"
  /** An item: the tool call that it makes. */
  | "makes_tool_call"
  /** An item: the code cell that it holds the code of. */
  | "source_of_cell"
  /** An item: the output that answers it. */
  | "answered_in"
  /** An item or a tool call: an edge that starts at it. */
  | "source_of_edge"
  /** An item: a compaction that took it out of the history. */
  | "replaced_by_compaction"
  /** An item: the same words in the history after a compaction. */
  | "copied_to"
  /** A request: an item of its answer. */
  | "answered_with"
  /** A request: a tool call that its answer asked for. */
  | "requested_tool_call"
  /** A request or a compaction: the next request of the thread. */
  | "next_request"
  /** A request that failed: the item whose encrypted content its error names. */
  | "error_names"
  /** A compaction request that failed: the next one of the thread. */
  | "next_compaction_request"
  /** A failure: what failed because of it. */
  | "caused_failure_of"
  /** A failure: the payload in which it was reported to the user. */
  | "reported_to_user_in"
  /** A tool call: what it did at a terminal. */
  | "performed_operation"
  /** A terminal operation: the process that it started. */
  | "created_terminal"
  /** A terminal operation: a process that another operation had started. */
  | "reused_terminal"
  /** A process or an operation: what was done to the same process. */
  | "operation_on_terminal"
  /** A tool call, cell or operation: the item in which the model was shown its output. */
  | "shown_to_model_in"
  /** A tool call: the code cell that got its result as a value. */
  | "returned_to_cell"
  /** A tool call of a code cell: an item with the output of the cell. */
  | "output_of_cell_in"
  /** A tool call: the code cell that it started. */
  | "started_cell"
  /** A tool call: the code cell that it waited for. */
  | "waited_for_cell"
  /** A code cell: a tool call that its code made. */
  | "issued_tool"
  /** A code cell: a tool call by which the model waited for it. */
  | "waited_for_by"
  /** An edge: the item that it brought into a conversation. */
  | "delivered_into"
  /** An edge: the thread that it reached. */
  | "reached_thread"
  /** An edge: another item that passed along it. */
  | "carried_item"
  /** An edge: the `wait_agent` call that was running when it arrived, or whose output it was shown with. */
  | "waited_for_by_call"
  /** A thread: the edge by which it spawned an agent. */
  | "spawned"
  /** A thread: the edge of a message to another agent. */
  | "sent_message"
  /** A thread: the edge of a task for another agent. */
  | "assigned_task"
  /** A thread: the edge by which it closed an agent. */
  | "closed"
  /** A thread: the edge by which it interrupted an agent. */
  | "interrupted"
  /** A tool call: the turn of another agent that it interrupted. */
  | "interrupted_turn"
  /** A thread: the edge by which it reported a result. */
  | "reported_result"
  /** A thread or a turn: the agent that its result was for, and never reached. */
  | "undelivered_result_to"
  /** A thread: the agent whose result never reached it. */
  | "missing_result_from"
  /** A wait for agents: an edge that arrived during it, or that was shown with its output. */
  | "received_during_wait"
  /** A tool call: the turn of another agent that its result names. */
  | "started_turn"
  /** A thread: an item that reports its result to another agent, where no edge is known. */
  | "result_reported_in"
  /** A thread: the edge by which it received the result of an agent. */
  | "received_result"
  /** A thread: the tool call by which another agent closed it. */
  | "closed_by"
  /** A thread: one of its turns. */
  | "contains_turn"
  /** A turn: a request it made. */
  | "made_request"
  /** A turn: a tool call that it started. */
  | "ran_tool"
  /** A turn: a compaction in it. */
  | "compacted"
  /** A compaction: the item that marks its place. */
  | "marked_by"
  /** A compaction: an item of the new history. */
  | "replaced_with"
  /** A compaction request: the compaction that it was installed as. */
  | "installed_as"
  /** A payload: an item with a truncated body whose complete content it holds. */
  | "body_of";

/** Either. */
export type Relation = OriginRelation | LeadRelation;
