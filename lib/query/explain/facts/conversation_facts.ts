/**
 * What is known about items and payloads.
 *
 * @module
 */

import {
  payloadObject,
  textIn,
} from "../../evidence/recorded/payload_fields.ts";
import { PayloadError } from "../../../errors.ts";
import { utf8Length } from "../../../text/utf8_length.ts";
import { getProvenance } from "../../evidence/links/provenance.ts";
import type { RawPayloadRef } from "../../../format/payload.ts";
import type { ConversationItem } from "../../../graph/conversation.ts";
import type { Fact } from "../explain_answer.ts";
import { captureText } from "../../../text/capture_text.ts";
import { captureOfPart, pathOf } from "../../evidence/recorded/captures.ts";
import { receiptOf } from "../../evidence/recorded/receipt.ts";
import { itemTexts, oneLineExcerpt } from "../../evidence/excerpt.ts";
import type { KnownCount } from "../../evidence/known_count.ts";
import { inheritedItems } from "../../evidence/links/inherited_history.ts";
import type { ExplainContext } from "../explain_context.ts";
import { ifAny, inBytes, inUnixMs, object, value } from "./fact.ts";

/** Facts about an item. */
export function itemFacts(context: ExplainContext, id: string): Fact[] {
  const item = context.trace.conversation_items.get(id);
  if (item === undefined) return [];
  const { count, first, last } = context.links.carriers.requests(id);
  const texts = itemTexts(item);
  const lost = lostParts(context, item);
  const { accepted_at_unix_ms: accepted, agent_message: address } = item;
  const inherited = inheritedItems(context.session).get(id);
  // Of the requests that are not known, one may be before the first, or after the last.
  const known = context.mayLackCarriers(id) ? "_known" : "";
  return [
    value("provenance", getProvenance(context.trace, context.links, item)),
    ...inherited === undefined ? [] : [
      value("inherited_by", inherited.origin),
      value("inherited_from", inherited.thread_id),
    ],
    value("role", item.role),
    ...ifAny("channel", item.channel),
    value("kind", item.kind),
    ...ifAny("call_id", item.call_id),
    ...ifAny("responses_item_id", item.responses_item_id),
    ...ifAny("author", address?.author),
    ...ifAny("recipient", address?.recipient),
    value("parts", item.body.parts.length),
    value(
      inBytes("text"),
      lost.length > 0
        ? null
        : texts.reduce((sum, text) => sum + utf8Length(text), 0),
    ),
    value("cut_short_in_graph", isCutShort(context, id)),
    ...lost,
    ...accepted === undefined
      ? []
      : [value(inUnixMs("accepted_into_history_at"), accepted)],
    ...receiptFacts(context, item),
    value("requests_that_carried_it", context.known(count)),
    ...unseenCarriers(context, id),
    ...count === 0 ? [] : [
      object(
        context,
        `first${known}_request`,
        "inference_call",
        first?.inference_call_id,
      ),
      object(
        context,
        `last${known}_request`,
        "inference_call",
        last?.inference_call_id,
      ),
    ],
    value("compactions_that_replaced_it", compactionsOf(context, id)),
  ];
}

function compactionsOf(
  { links, known }: ExplainContext,
  id: string,
): KnownCount {
  return known(links.carriers.compactions(id).length);
}

/** Whether a part of the body is complete only in a payload. */
function isCutShort({ trace }: ExplainContext, id: string): boolean {
  const parts = trace.conversation_items.get(id)?.body.parts ?? [];
  return parts.some((part) =>
    part.type === "payload_ref" ||
    (part.type === "json" && part.summary.endsWith("..."))
  );
}

/** Requests that may have carried an item, for not all of their items were recorded. */
function unseenCarriers(context: ExplainContext, id: string): Fact[] {
  const count = context.unseenCarriers(id);
  return count === 0
    ? []
    : [value("partially_recorded_requests_that_may_have", count)];
}

/** Parts of an item that were not recorded, or only partially. */
function lostParts(
  { trace }: ExplainContext,
  { body }: ConversationItem,
): Fact[] {
  return body.parts.flatMap((part) => {
    const capture = captureOfPart(trace, part);
    return capture === null || part.type !== "payload_ref"
      ? []
      : [value(part.label, captureText(capture))];
  });
}

/** That an item was accepted with its payload, before a request showed it or without one. */
function receiptFacts(context: ExplainContext, item: ConversationItem): Fact[] {
  const receipt = receiptOf(context.session, item);
  if (receipt === null) return [];
  const { first } = context.links.carriers.requests(item.item_id);
  const isFirst = first === null ||
    (item.accepted_seq ?? Infinity) < first.execution.started_seq;
  if (!isFirst) return [];
  return [{
    ...object(context, "known_from_its_acceptance", "payload", receipt),
    value: first === null
      ? context.unseenCarriers(item.item_id) > 0
        ? "no recorded request shows it"
        : "no request showed it"
      : "before a request showed it",
  }];
}

/** Facts about a payload. */
export function payloadFacts(context: ExplainContext, id: string): Fact[] {
  const ref = context.trace.raw_payloads.get(id);
  if (ref === undefined) return [];
  const partOf = context.links.to("payload", id, "part_payload").length;
  return [
    value("kind", ref.kind.type),
    ...whereOf(ref),
    ...sizeOf(context, id),
    ...ref.parts === undefined ? [] : [value("parts", ref.parts.length)],
    ...partOf === 0 ? [] : [value("part_of_payloads", partOf)],
    ...protocolFacts(context, id),
  ];
}

/** The file with a payload, or its shard; and how much of it was kept. */
function whereOf(ref: RawPayloadRef): Fact[] {
  const { shard, capture } = ref;
  return [
    ...capture?.status === "omitted" ? [] : [value("path", pathOf(ref))],
    ...ifAny("shard", shard),
    ...capture === undefined ? [] : [value("recorded", captureText(capture))],
  ];
}

/** The type of the protocol event, and its message to the user. */
function protocolFacts({ session }: ExplainContext, id: string): Fact[] {
  const { payload } = session.log?.about("payload", id)[0]?.event ?? {};
  if (payload?.type !== "protocol_event_observed") return [];
  const message = textIn(payloadObject(session, id) ?? undefined, "message");
  return [
    value("protocol_event", payload.event_type),
    ...ifAny(
      "protocol_message",
      message === null ? null : oneLineExcerpt(message, 400),
    ),
  ];
}

function sizeOf({ session, trace }: ExplainContext, id: string): Fact[] {
  const ref = trace.raw_payloads.get(id);
  // The capture of an omitted one has its size.
  if (ref?.capture?.status === "omitted") return [];
  if (ref === undefined || session.payloads === null) {
    return [value(inBytes("file"), null)];
  }
  try {
    return [value(inBytes("file"), session.payloads.bytes(ref).length)];
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    return [value(inBytes("file"), null), value("unreadable", error.message)];
  }
}
