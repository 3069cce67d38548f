/**
 * The texts that only the log holds: recorded errors and reasons, messages of agents, names of
 * models, ids of requests at the provider, summaries of other events.
 *
 * @module
 */

import type { DecodedEvent, RawTraceEventPayload } from "../../format/event.ts";
import { type JsonNode, JsonNumber } from "../../format/json/json_parse.ts";
import type { ThreadId } from "../../format/ids.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import { OBJECT_MAPS, type ObjectKind } from "../session/names/object_kind.ts";
import type { EventIndex } from "../session/event_index.ts";
import type { FieldText, TextObject } from "./graph_texts.ts";
import type { SearchScope } from "./search_answer.ts";

/** An object that a text of the log belongs to. */
interface TextOwner {
  readonly kind: ObjectKind;
  readonly id: string;
}

/** The texts of the log, by the object that they are about, in the order of the log. */
export function logTextObjects(
  log: EventIndex,
  trace: RolloutTrace,
): TextObject[] {
  const found = new Map<string, TextObject & { readonly all: FieldText[] }>();
  for (const decoded of log.events) {
    const texts = textsOf(decoded.event.payload);
    if (texts.length === 0) continue;
    const { kind, id } = ownerOf(decoded, trace);
    const key = `${kind} ${id}`;
    const known = found.get(key);
    // The object of the graph has the rest; of a thread it is unknown which event was meant.
    const fields = kind === "thread" ? texts.map(atSeq(decoded)) : texts;
    if (known !== undefined) {
      for (const field of fields) known.all.push(field);
    } else {
      const all = [...fields];
      found.set(key, {
        kind,
        id,
        thread: threadOf(decoded, trace, kind, id),
        what: LABELS[kind] ?? kind.replaceAll("_", " "),
        at: decoded.event.wall_time_unix_ms,
        seq: decoded.event.seq,
        texts: () => all,
        all,
      });
    }
  }
  return [...found.values()];
}

const LABELS: Readonly<Partial<Record<ObjectKind, string>>> = {
  inference_call: "LLM request",
  edge: "agent result",
};

function atSeq({ event: { seq } }: DecodedEvent) {
  return (each: FieldText): FieldText => ({
    ...each,
    field: `event[seq ${seq}].${each.field}`,
  });
}

/** Every text of an event that is neither an id of the graph nor held by an object of it. */
function textsOf(payload: RawTraceEventPayload): FieldText[] {
  switch (payload.type) {
    case "inference_failed":
      return [
        ...fieldsOf(["errors"], { error: payload.error }),
        ...fieldsOf(["events"], {
          upstream_request_id: payload.upstream_request_id,
        }),
      ];
    case "inference_cancelled":
      return [
        ...fieldsOf(["errors"], { reason: payload.reason }),
        ...fieldsOf(["events"], {
          upstream_request_id: payload.upstream_request_id,
        }),
      ];
    case "compaction_request_failed":
      return fieldsOf(["errors"], { error: payload.error });
    case "agent_result_observed":
      return fieldsOf(["events", "outputs"], { message: payload.message });
    case "inference_started":
    case "compaction_request_started":
      return fieldsOf(["events"], {
        model: payload.model,
        provider_name: payload.provider_name,
      });
    case "inference_completed":
      return fieldsOf(["events"], {
        response_id: payload.response_id,
        upstream_request_id: payload.upstream_request_id,
      });
    case "thread_started":
      return fieldsOf(["events"], { agent_path: payload.agent_path });
    case "other":
      return [
        ...fieldsOf(["events"], {
          kind: payload.kind,
          summary: payload.summary,
        }),
        ...stringsIn(payload.metadata, "metadata"),
      ];
    case "mcp_tool_call_correlation_assigned":
    case "tool_call_started":
    case "tool_call_ended":
    case "tool_call_runtime_started":
    case "tool_call_runtime_ended":
    case "stdin_target_resolved":
    case "code_cell_wait_target_resolved":
    case "code_cell_started":
    case "code_cell_initial_response":
    case "code_cell_ended":
    case "compaction_request_completed":
    case "compaction_installed":
    case "history_item_accepted":
    case "recording_completed":
    case "rollout_started":
    case "rollout_ended":
    case "thread_ended":
    case "thread_resumed":
    case "codex_turn_started":
    case "codex_turn_ended":
    case "protocol_event_observed":
      return [];
  }
}

function fieldsOf(
  places: readonly SearchScope[],
  fields: Readonly<Record<string, string | null | undefined>>,
): FieldText[] {
  return Object.entries(fields).flatMap(([field, text]) =>
    typeof text === "string" && text !== "" ? [{ field, text, places }] : []
  );
}

/** The keys and scalars of a JSON value of any depth, each with its path. */
function stringsIn(root: JsonNode, path: string): FieldText[] {
  const found: FieldText[] = [];
  const add = (field: string, text: string) =>
    found.push({ field, text, places: ["events"] });
  const pending: [field: string, value: JsonNode][] = [[path, root]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [field, value] = next;
    if (Array.isArray(value)) {
      value.toReversed().forEach((each, at) =>
        pending.push([`${field}[${value.length - 1 - at}]`, each])
      );
    } else if (value instanceof Map) {
      for (const [key, member] of [...value].toReversed()) {
        add(`${field}.${key}`, key);
        pending.push([`${field}.${key}`, member]);
      }
    } else if (value !== null) {
      add(field, value instanceof JsonNumber ? value.text : String(value));
    }
  }
  return found;
}

/** What a text of an event is about; a thread where the graph lacks the object itself. */
function ownerOf(
  { event, meaning }: DecodedEvent,
  trace: RolloutTrace,
): TextOwner {
  const { payload, thread_id: thread } = event;
  const candidates: TextOwner[] = [
    ...payload.type === "agent_result_observed"
      ? [{ kind: "edge", id: payload.edge_id } as const]
      : [],
    ...meaning.subjects(payload, thread).flatMap(({ space, id }) =>
      isKind(space) ? [{ kind: space, id }] : []
    ),
    ...thread === null ? [] : [{ kind: "thread", id: thread } as const],
  ];
  return candidates.find(({ kind, id }) => trace[OBJECT_MAPS[kind]].has(id)) ??
    { kind: "thread", id: trace.root_thread_id };
}

function isKind(space: string): space is ObjectKind {
  return Object.hasOwn(OBJECT_MAPS, space);
}

function threadOf(
  { event: { payload, thread_id: thread } }: DecodedEvent,
  trace: RolloutTrace,
  kind: ObjectKind,
  id: string,
): ThreadId | null {
  switch (kind) {
    case "thread":
      return id;
    case "inference_call":
      return trace.inference_calls.get(id)?.thread_id ?? null;
    case "compaction_request":
      return trace.compaction_requests.get(id)?.thread_id ?? null;
    default:
      return payload.type === "agent_result_observed"
        ? payload.parent_thread_id
        : thread;
  }
}
