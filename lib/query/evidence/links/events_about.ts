/**
 * The events of a log that are about an object, also where the log has no word for it: items,
 * terminals, edges.
 *
 * @module
 */

import type { DecodedEvent, EventType } from "../../../format/event.ts";
import { runtimeCellKey } from "../../../format/events/event_description.ts";
import type { ConversationItem } from "../../../graph/conversation.ts";
import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import type {
  CodeCell,
  InferenceCall,
  InteractionEdge,
  TerminalOperation,
  TerminalSession,
  ToolCall,
} from "../../../graph/runtime.ts";
import {
  OBJECT_MAPS,
  type ObjectKind,
  type ObjectOf,
} from "../../session/names/object_kind.ts";
import type { EventIndex } from "../../session/event_index.ts";
import type { GraphLinks } from "./graph_links.ts";
import type { ObjectKey } from "../../../graph/codec/reference.ts";

type Events = readonly DecodedEvent[];

/** What the events are looked for in. */
interface Sources {
  readonly log: EventIndex;
  readonly trace: RolloutTrace;
  readonly links: GraphLinks;
}

/** The events about an object of the graph, in the order of the log; none if it is not there. */
export function eventsAbout(
  log: EventIndex,
  trace: RolloutTrace,
  links: GraphLinks,
  key: ObjectKey,
): DecodedEvent[] {
  const events = eventsOf({ log, trace, links }, key);
  return inOrder([...events, ...bounds(log, trace, key, events)]);
}

function eventsOf(sources: Sources, { kind, id }: ObjectKey): Events {
  const { log, trace } = sources;
  switch (kind) {
    case "thread":
    case "turn":
    case "inference_call":
    case "compaction":
    case "compaction_request":
      return log.about(kind, id);
    case "payload":
      return ofPayload(id, sources);
    case "tool_call":
      return ofTool(log, id);
    case "item":
      return about(trace.conversation_items.get(id), ofItem, sources);
    case "code_cell":
      return about(trace.code_cells.get(id), ofCell, sources);
    case "terminal_operation":
      return about(trace.terminal_operations.get(id), ofOperation, sources);
    case "terminal_session":
      return about(trace.terminal_sessions.get(id), ofTerminal, sources);
    case "edge":
      return about(trace.interaction_edges.get(id), ofEdge, sources);
  }
}

/** The events that name a payload; of a part, the first that names what it is a part of. */
function ofPayload(id: string, { log, links }: Sources): Events {
  const named = log.about("payload", id);
  if (named.length > 0) return named;
  let first: DecodedEvent | undefined;
  const seen = new Set([id]);
  // Iteration over a set includes what is added meanwhile.
  for (const part of seen) {
    for (const { from } of links.to("payload", part, "part_payload")) {
      seen.add(from.id);
      const [event] = log.about("payload", from.id);
      if (event !== undefined && event.line < (first?.line ?? Infinity)) {
        first = event;
      }
    }
  }
  return first === undefined ? [] : [first];
}

function about<T>(
  object: T | undefined,
  find: (object: T, sources: Sources) => Events,
  sources: Sources,
): Events {
  return object === undefined ? [] : find(object, sources);
}

/** Events that began or ended an object without naming it: a turn ends what runs in it. */
function bounds(
  log: EventIndex,
  trace: RolloutTrace,
  { kind, id }: ObjectKey,
  events: Events,
): Events {
  const object: ObjectOf<ObjectKind> | undefined = trace[OBJECT_MAPS[kind]]
    .get(id);
  if (object === undefined || !("execution" in object)) return [];
  const { started_seq: first, ended_seq: last } = object.execution;
  return [first, last].flatMap((seq) =>
    seq === null || events.some(({ event }) => event.seq === seq)
      ? []
      : log.at(seq) ?? []
  );
}

/** Each event once, in the order of the log. */
function inOrder(events: Events): DecodedEvent[] {
  return [...new Set(events)].sort((a, b) => a.line - b.line);
}

function ofTypes(events: Events, ...types: EventType[]): DecodedEvent[] {
  return events.filter(({ event }) => types.includes(event.payload.type));
}

/** What happened to the call itself: not the writes of others to the process it started. */
function ofTool(log: EventIndex, id: ToolCall["tool_call_id"]): DecodedEvent[] {
  return log.about("tool_call", id).filter(({ event: { payload } }) =>
    payload.type !== "stdin_target_resolved" || payload.tool_call_id === id
  );
}

/** Its acceptance, and the first request or response with it. */
function ofItem(
  item: ConversationItem,
  { log, links }: Sources,
): DecodedEvent[] {
  const { item_id: id, responses_item_id: responsesId } = item;
  const accepted = responsesId === undefined
    ? []
    : log.about("responses_item", responsesId).filter(({ event }) =>
      event.thread_id === item.thread_id
    );
  const responses = links.to("item", id, "response_item").flatMap(({ from }) =>
    ofTypes(log.about("inference_call", from.id), ...ANSWERS)
  );
  const installed = [
    ...links.to("item", id, "replacement_item"),
    ...links.to("item", id, "marker_item"),
  ].flatMap(({ from }) =>
    ofTypes(log.about("compaction", from.id), "compaction_installed")
  );
  if (responses.length > 0) return [...accepted, ...responses, ...installed];
  const sent = sending(log, links.carriers.requests(id).first);
  if (sent.length + installed.length > 0) {
    return [...accepted, ...installed, ...sent];
  }
  const [found] = links.carriers.compactions(id);
  return found === undefined ? accepted : [
    ...accepted,
    ...ofTypes(
      log.about("compaction", found.compaction_id),
      "compaction_installed",
    ),
  ];
}

/** Events with an answer, or with the end of a request. */
const ANSWERS: readonly EventType[] = [
  "inference_completed",
  "inference_failed",
  "inference_cancelled",
];

function sending(log: EventIndex, call: InferenceCall | null): DecodedEvent[] {
  return call === null ? [] : ofTypes(
    log.about("inference_call", call.inference_call_id),
    "inference_started",
  );
}

/** The runtime may give the id of a cell to another one later: only events up to that count. */
function ofCell(
  { thread_id: thread, runtime_cell_id: runtimeId, ...cell }: CodeCell,
  { log, trace }: Sources,
): DecodedEvent[] {
  const started = log.about("cell_call", cell.model_visible_call_id)
    .filter(({ event }) => threadOf(event, trace) === thread);
  const [first] = started;
  if (runtimeId === null || first === undefined) return started;
  const keys = [thread, null].map((each) => runtimeCellKey(each, runtimeId));
  const runs = keys.flatMap((key) => log.about("runtime_cell", key))
    .filter(({ event }) => threadOf(event, trace) === thread)
    .sort((a, b) => a.line - b.line);
  const next = runs.find((each) =>
    each.line > first.line &&
    each.event.payload.type === "code_cell_started" && !started.includes(each)
  );
  return [
    ...started,
    ...runs.filter(({ line }) =>
      line >= first.line && line < (next?.line ?? Infinity)
    ),
  ];
}

function threadOf(
  { thread_id, codex_turn_id }: DecodedEvent["event"],
  trace: RolloutTrace,
): string | null {
  if (thread_id !== null || codex_turn_id === null) return thread_id;
  return trace.codex_turns.get(codex_turn_id)?.thread_id ?? null;
}

/** The runtime events of it; without any, the call and its result. */
function ofOperation(
  { tool_call_id: tool, raw_payload_ids: ids }: TerminalOperation,
  { log }: Sources,
): DecodedEvent[] {
  const events = ofTool(log, tool);
  const eventsOf = new Set(ids);
  const own = events.filter(({ payloads }) =>
    payloads.some(({ raw_payload_id: id }) => eventsOf.has(id))
  );
  return [
    ...own.length > 0
      ? own
      : ofTypes(events, "tool_call_started", "tool_call_ended"),
    ...ofTypes(events, "stdin_target_resolved"),
  ];
}

/** The start of the process, and everything that was found to go to it. */
function ofTerminal(
  terminal: TerminalSession,
  { log, trace }: Sources,
): DecodedEvent[] {
  const { created_by_operation_id: creator } = terminal;
  return terminal.operation_ids.flatMap((id) => {
    const operation = trace.terminal_operations.get(id);
    if (operation === undefined) return [];
    const events = ofTool(log, operation.tool_call_id);
    return id === creator
      ? ofTypes(events, "tool_call_runtime_started", "tool_call_runtime_ended")
      : ofTypes(events, "stdin_target_resolved");
  });
}

/** What carried it, how the tool call behind it went, and the start of a thread it spawned. */
function ofEdge(
  edge: InteractionEdge,
  { log, links }: Sources,
): DecodedEvent[] {
  const carried = new Set(edge.carried_raw_payload_ids);
  const eventsOf = edge.source.type !== "tool_call"
    ? []
    : ofTool(log, edge.source.tool_call_id).filter(({ payloads }) =>
      payloads.some(({ raw_payload_id: id }) => carried.has(id))
    );
  const spawned = links.to("edge", edge.edge_id, "spawn_edge")
    .flatMap(({ from }) =>
      ofTypes(log.about("thread", from.id), "thread_started")
    );
  return [...log.about("edge", edge.edge_id), ...eventsOf, ...spawned];
}
