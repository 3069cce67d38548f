/**
 * The links of objects of each kind, upstream and downstream.
 *
 * @module
 */

import type { ObjectKind, ObjectRef } from "../../session/names/object_kind.ts";
import type { Link } from "../link.ts";
import type { ExplainContext } from "../explain_context.ts";
import { edgeLeads, edgeOrigin, threadLeads, threadOrigin } from "./agent.ts";
import {
  compactionLeads,
  compactionOrigin,
  summaryLeads,
  summaryOrigin,
} from "./compaction.ts";
import { failedBecauseOf, payloadLeads, payloadOrigin } from "./evidence.ts";
import { itemLeads, itemOrigin } from "./item.ts";
import { requestLeads, requestOrigin } from "./request.ts";
import {
  operationLeads,
  operationOrigin,
  processLeads,
  processOrigin,
} from "./terminal.ts";
import { cellLeads, cellOrigin, toolLeads, toolOrigin } from "./tool.ts";
import { turnLeads, turnOrigin } from "./turn.ts";

type Links = (context: ExplainContext, id: string) => readonly Link[];

const ORIGINS: Readonly<Record<ObjectKind, Links>> = {
  thread: threadOrigin,
  turn: turnOrigin,
  item: itemOrigin,
  inference_call: requestOrigin,
  tool_call: toolOrigin,
  code_cell: cellOrigin,
  terminal_session: processOrigin,
  terminal_operation: operationOrigin,
  compaction: compactionOrigin,
  compaction_request: summaryOrigin,
  edge: edgeOrigin,
  payload: payloadOrigin,
};

const LEADS: Readonly<Record<ObjectKind, Links>> = {
  thread: threadLeads,
  turn: turnLeads,
  item: itemLeads,
  inference_call: requestLeads,
  tool_call: toolLeads,
  code_cell: cellLeads,
  terminal_session: processLeads,
  terminal_operation: operationLeads,
  compaction: compactionLeads,
  compaction_request: summaryLeads,
  edge: edgeLeads,
  payload: payloadLeads,
};

/** The causes of an object. */
export function upstreamLinks(
  context: ExplainContext,
  { kind, id }: ObjectRef,
) {
  return ORIGINS[kind](context, id);
}

/** What an object led to: what went wrong because of it first. */
export function downstreamLinks(
  context: ExplainContext,
  { kind, id }: ObjectRef,
) {
  return [...failedBecauseOf(context, kind, id), ...LEADS[kind](context, id)];
}
