/**
 * What holds for every reduced state, whatever the session was: ids resolve, windows do not end
 * before they start, links agree from both ends.
 *
 * @module
 */

type Plain = { readonly [key: string]: unknown };

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Which map an id under a key belongs to. Ids that may dangle by rule are not listed. */
const SPACES: Readonly<Record<string, string>> = {
  conversation_item_ids: "conversation_items",
  request_item_ids: "conversation_items",
  response_item_ids: "conversation_items",
  model_visible_call_item_ids: "conversation_items",
  model_visible_output_item_ids: "conversation_items",
  call_item_ids: "conversation_items",
  output_item_ids: "conversation_items",
  input_item_ids: "conversation_items",
  replacement_item_ids: "conversation_items",
  carried_item_ids: "conversation_items",
  source_item_id: "conversation_items",
  marker_item_id: "conversation_items",
  item_id: "conversation_items",
  tool_call_ids_started_by_response: "tool_calls",
  nested_tool_call_ids: "tool_calls",
  wait_tool_call_ids: "tool_calls",
  tool_call_id: "tool_calls",
  started_by_codex_turn_id: "codex_turns",
  started_code_cell_id: "code_cells",
  inference_call_id: "inference_calls",
  edge_id: "interaction_edges",
  request_ids: "compaction_requests",
  compaction_request_id: "compaction_requests",
  terminal_operation_id: "terminal_operations",
  created_by_operation_id: "terminal_operations",
  operation_ids: "terminal_operations",
  terminal_id: "terminal_sessions",
  raw_payload_id: "raw_payloads",
  raw_payload_ids: "raw_payloads",
  raw_request_payload_id: "raw_payloads",
  prepared_prompt_payload_id: "raw_payloads",
  raw_response_payload_id: "raw_payloads",
  raw_initial_response_payload_id: "raw_payloads",
  raw_result_payload_id: "raw_payloads",
  raw_invocation_payload_id: "raw_payloads",
  raw_runtime_payload_ids: "raw_payloads",
  carried_raw_payload_ids: "raw_payloads",
};

/** A reduced state with the questions that invariants ask of it. */
class State {
  readonly faults: string[] = [];
  readonly #root: Plain;

  constructor(root: Plain) {
    this.#root = root;
  }

  /** The number of the schema. */
  get schema(): number {
    return Number(this.#root["schema_version"]);
  }

  records(map: string): [id: string, record: Plain][] {
    const value = this.#root[map];
    if (!isPlain(value)) return [];
    return Object.entries(value).flatMap(([id, record]) =>
      isPlain(record) ? [[id, record]] : []
    );
  }

  record(map: string, id: unknown): Plain | undefined {
    const value = this.#root[map];
    const record = isPlain(value) && typeof id === "string"
      ? Object.getOwnPropertyDescriptor(value, id)?.value
      : undefined;
    return isPlain(record) ? record : undefined;
  }

  expect(holds: boolean, fault: string): void {
    if (!holds) this.faults.push(fault);
  }
}

function ids(record: Plain | undefined, key: string): readonly unknown[] {
  const value = record?.[key];
  return Array.isArray(value) ? value : [];
}

function resolveIds(state: State, place: string, value: unknown): void {
  if (Array.isArray(value)) {
    for (const element of value) resolveIds(state, place, element);
    return;
  }
  if (!isPlain(value)) return;
  for (const [key, member] of Object.entries(value)) {
    const map = SPACES[key];
    if (map === undefined) {
      resolveIds(state, `${place}.${key}`, member);
      continue;
    }
    for (const id of Array.isArray(member) ? member : [member]) {
      if (id === null) continue;
      const known = state.record(map, id) !== undefined;
      state.expect(known, `${place}.${key} names ${id}, which is not there`);
    }
  }
}

function checkWindow(state: State, place: string, record: Plain): void {
  const window = record.execution;
  if (!isPlain(window)) return;
  const { started_seq, ended_seq } = window;
  if (typeof started_seq !== "number" || typeof ended_seq !== "number") return;
  state.expect(started_seq <= ended_seq, `${place} ends before it starts`);
}

function produces(item: Plain | undefined, key: string, id: unknown): boolean {
  return ids(item, "produced_by").some((producer) =>
    isPlain(producer) && producer[key] === id
  );
}

function checkTools(state: State): void {
  for (const [id, tool] of state.records("tool_calls")) {
    const callId = tool.model_visible_call_id;
    const outputs = ids(tool, "model_visible_output_item_ids");
    for (
      const item of [...ids(tool, "model_visible_call_item_ids"), ...outputs]
    ) {
      const record = state.record("conversation_items", item);
      // An output that was accepted keeps its call id, whatever the request contains later.
      const isSame = record?.call_id === callId ||
        (state.schema >= 3 && outputs.includes(item));
      state.expect(isSame, `${id} links ${item}`);
    }
    for (const item of outputs) {
      const record = state.record("conversation_items", item);
      const known = produces(record, "tool_call_id", id);
      state.expect(known, `${item} does not name ${id} as its producer`);
    }
    const operation = state.record(
      "terminal_operations",
      tool.terminal_operation_id,
    );
    const same = operation === undefined || operation.tool_call_id === id;
    state.expect(same, `${id} has the operation of another tool call`);
  }
}

function checkItems(state: State): void {
  for (const [id, item] of state.records("conversation_items")) {
    for (const producer of ids(item, "produced_by")) {
      if (!isPlain(producer) || producer.type !== "tool") continue;
      const tool = state.record("tool_calls", producer.tool_call_id);
      // An output that was accepted names its tool before a request shows it to the model.
      const back = state.schema >= 3 ||
        ids(tool, "model_visible_output_item_ids").includes(id);
      state.expect(back, `${id} is from a tool that does not know it`);
    }
  }
}

function checkTerminals(state: State): void {
  for (const [id, session] of state.records("terminal_sessions")) {
    for (const operation of ids(session, "operation_ids")) {
      const record = state.record("terminal_operations", operation);
      const back = record?.terminal_id === id;
      state.expect(back, `${operation} does not know its session ${id}`);
    }
  }
  for (const [id, operation] of state.records("terminal_operations")) {
    if (operation.terminal_id === null) continue;
    const session = state.record("terminal_sessions", operation.terminal_id);
    const listed = ids(session, "operation_ids").includes(id);
    state.expect(listed, `${id} is missing from its session`);
  }
}

function checkCells(state: State): void {
  for (const [id, cell] of state.records("code_cells")) {
    const source = state.record("conversation_items", cell.source_item_id);
    const callId = cell.model_visible_call_id;
    state.expect(source?.call_id === callId, `${id} has another's source`);
    for (const item of ids(cell, "output_item_ids")) {
      const record = state.record("conversation_items", item);
      const known = produces(record, "code_cell_id", id);
      state.expect(known, `${item} does not name ${id} as its producer`);
    }
    for (const tool of ids(cell, "nested_tool_call_ids")) {
      const requester = state.record("tool_calls", tool)?.requester;
      const back = isPlain(requester) && requester.code_cell_id === id;
      state.expect(back, `${tool} is nested in ${id} and does not know`);
    }
  }
}

function checkConversation(state: State): void {
  for (const [id, thread] of state.records("threads")) {
    const listed = ids(thread, "conversation_item_ids");
    state.expect(new Set(listed).size === listed.length, `${id} lists twice`);
    for (const item of listed) {
      const record = state.record("conversation_items", item);
      state.expect(record?.thread_id === id, `${id} lists ${item}`);
    }
  }
  for (const [id, call] of state.records("inference_calls")) {
    for (const item of ids(call, "response_item_ids")) {
      const record = state.record("conversation_items", item);
      const known = produces(record, "inference_call_id", id);
      state.expect(known, `${item} does not name ${id} as its producer`);
    }
    for (const item of ids(call, "request_item_ids")) {
      const record = state.record("conversation_items", item);
      state.expect(record?.thread_id === call.thread_id, `${id} has ${item}`);
    }
  }
}

const MAPS: readonly string[] = [
  ..."threads codex_turns conversation_items inference_calls".split(" "),
  ..."code_cells tool_calls terminal_sessions terminal_operations".split(" "),
  ..."compactions compaction_requests interaction_edges".split(" "),
];

/** What is wrong with a reduced state; nothing, if the reducer does its work. */
export function brokenInvariants(stateText: string): string[] {
  const root: unknown = JSON.parse(stateText);
  if (!isPlain(root)) return ["the state is not an object"];
  const state = new State(root);
  for (const map of MAPS) {
    for (const [id, record] of state.records(map)) {
      resolveIds(state, id, record);
      checkWindow(state, id, record);
    }
  }
  checkTools(state);
  checkItems(state);
  checkTerminals(state);
  checkCells(state);
  checkConversation(state);
  return state.faults;
}
