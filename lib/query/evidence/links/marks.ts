/**
 * What a graph alone knows of the log: the numbers of events that it holds, with the payloads
 * that they name.
 *
 * @module
 */

import type { RawPayloadId } from "../../../format/ids.ts";
import { compareValues } from "../../../format/integers.ts";
import type { Integer } from "../../../format/vocabulary.ts";
import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import type { CodeCell, ToolCall } from "../../../graph/runtime.ts";
import type { ExecutionWindow } from "../../../graph/session.ts";
import { OBJECT_MAPS } from "../../session/names/object_kind.ts";
import type { GraphLinks } from "./graph_links.ts";
import type { ObjectKey } from "../../../graph/codec/reference.ts";

/** An event that the graph names by its number. */
export interface Mark {
  /** Its sequence number. */
  readonly seq: Integer;
  /** Payloads of it, as far as the graph has them. */
  readonly payloads: readonly RawPayloadId[];
}

/** The events about an object that the graph itself names. */
export function marksOf(
  trace: RolloutTrace,
  links: GraphLinks,
  { kind, id }: ObjectKey,
): Mark[] {
  switch (kind) {
    case "thread":
    case "turn":
    case "terminal_session":
      return ofWindow(trace[OBJECT_MAPS[kind]].get(id));
    case "inference_call":
      return ofRequest(trace.inference_calls.get(id));
    case "compaction_request":
      return ofRequest(trace.compaction_requests.get(id));
    case "tool_call":
      return ofTool(trace.tool_calls.get(id));
    case "code_cell":
      return ofCell(trace.code_cells.get(id));
    case "terminal_operation": {
      const operation = trace.terminal_operations.get(id);
      return ofWindow(
        operation,
        operation?.raw_payload_ids.slice(0, 1),
        operation?.raw_payload_ids.slice(1),
      );
    }
    case "item":
      return ofItem(trace, links, id);
    case "edge":
      return ofEdge(trace, id);
    case "compaction":
      return trace.compactions.get(id)?.request_ids.flatMap((request) =>
        ofRequest(trace.compaction_requests.get(request))
      ) ?? [];
    case "payload":
      return [];
  }
}

function ofWindow(
  object: { readonly execution: ExecutionWindow } | undefined,
  started: readonly (RawPayloadId | null)[] = [],
  ended: readonly (RawPayloadId | null)[] = [],
): Mark[] {
  if (object === undefined) return [];
  const { started_seq: first, ended_seq: last } = object.execution;
  return [
    { seq: first, payloads: known(started) },
    ...last === null ? [] : [{ seq: last, payloads: known(ended) }],
  ];
}

function known(ids: readonly (RawPayloadId | null)[]): RawPayloadId[] {
  return ids.filter((id) => id !== null);
}

function ofRequest(
  call: {
    readonly execution: ExecutionWindow;
    readonly raw_request_payload_id: RawPayloadId;
    readonly prepared_prompt_payload_id?: RawPayloadId;
    readonly raw_response_payload_id: RawPayloadId | null;
  } | undefined,
): Mark[] {
  return ofWindow(
    call,
    [
      call?.raw_request_payload_id ?? null,
      call?.prepared_prompt_payload_id ?? null,
    ],
    [call?.raw_response_payload_id ?? null],
  );
}

function ofTool(tool: ToolCall | undefined): Mark[] {
  return ofWindow(
    tool,
    [tool?.raw_invocation_payload_id ?? null],
    [tool?.raw_result_payload_id ?? null],
  );
}

function ofEdge(trace: RolloutTrace, id: string): Mark[] {
  const source = trace.interaction_edges.get(id)?.source;
  return source?.type === "tool_call"
    ? ofTool(trace.tool_calls.get(source.tool_call_id))
    : [];
}

function ofCell(cell: CodeCell | undefined): Mark[] {
  if (cell === undefined) return [];
  const { initial_response_seq: answered, yielded_seq: yielded } = cell;
  const ended = cell.execution.ended_seq;
  const between = [answered, yielded].filter((seq) =>
    seq !== null && seq !== ended
  );
  const answer = cell.raw_initial_response_payload_id;
  return [
    ...ofWindow(cell, [], [cell.raw_result_payload_id]),
    ...[...new Set(between)].flatMap((seq) =>
      seq === null
        ? []
        : [{ seq, payloads: seq === answered ? known([answer]) : [] }]
    ),
  ].sort((a, b) => compareValues(a.seq, b.seq));
}

function ofItem(trace: RolloutTrace, links: GraphLinks, id: string): Mark[] {
  const accepted = trace.conversation_items.get(id)?.accepted_seq;
  const responses = links.to("item", id, "response_item").flatMap(({ from }) =>
    ofRequest(trace.inference_calls.get(from.id)).slice(1)
  );
  const sent = responses.length > 0
    ? []
    : ofRequest(links.carriers.requests(id).first ?? undefined).slice(0, 1);
  return [
    ...accepted === undefined ? [] : [{ seq: accepted, payloads: [] }],
    ...responses,
    ...sent,
  ];
}
