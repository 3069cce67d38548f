/**
 * What Codex prepared for a request compared with what it sent.
 *
 * @module
 */

import type { InferenceCallId } from "../../format/ids.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type RawPayloadRef,
} from "../../format/payload.ts";
import type { InferenceCall } from "../../graph/runtime.ts";
import { PartMarkers } from "../../reduce/items/part_markers.ts";
import { captureText } from "../../text/capture_text.ts";
import { captureOf } from "../evidence/recorded/captures.ts";
import { effectiveRequest } from "../evidence/recorded/effective_request.ts";
import { noItemsIn } from "../session/requests/no_items.ts";
import type { PayloadReader, TraceSession } from "../session/session.ts";
import { excerpt } from "../evidence/excerpt.ts";
import { changesOfMember } from "../evidence/recorded/member_changes.ts";
import type {
  PreparedDiff,
  PreparedInstructions,
  PreparedMembers,
} from "./diff_answer.ts";
import {
  diffPreparedInput,
  isInstructions,
  type SideElement,
  textIn,
} from "./prepared_input.ts";
import { sideOf } from "./request_diff.ts";

/** Members that are compared apart from the others. */
const APART: ReadonlySet<string> = new Set([
  "input",
  "base_instructions",
  "instructions",
  "previous_response_id",
]);

/**
 * What a request has that was not prepared for it, what of the prepared prompt it lacks, and what
 * was changed.
 *
 * @returns `undefined` where the graph has no such request, no prompt was prepared for it, or the
 * payloads are not available.
 * @throws {PayloadError} If a payload can no longer be read.
 */
export function diffPrepared(
  session: TraceSession,
  id: InferenceCallId,
): PreparedDiff | undefined {
  const { trace, names, payloads } = session;
  const call = trace.inference_calls.get(id);
  const prepared = trace.raw_payloads.get(
    call?.prepared_prompt_payload_id ?? "",
  );
  if (call === undefined || prepared === undefined || payloads === null) {
    return undefined;
  }
  const found = compared(session, payloads, call, prepared);
  return {
    type: "prepared",
    same: isSame(found),
    call: sideOf(session, call),
    prepared_payload: names.ref("payload", prepared.raw_payload_id),
    prepared_capture: prepared.capture ?? null,
    sent_payload: names.ref("payload", effectiveRequest(session, call).id),
    ...found,
  };
}

type Compared = Pick<PreparedDiff, "input" | "instructions" | "members">;

function isSame(
  { input, instructions, members }: Compared,
): boolean | null {
  const isChanged = input?.changes.some((each) =>
        each.change !== "unknown" &&
        (each.change !== "added" || !each.is_base_instructions)
      ) === true ||
    instructions?.same === false ||
    (members?.changes.length ?? 0) > 0;
  if (isChanged) return false;
  return input === null || input.unrecorded_items > 0 || members === null ||
      members.only_prepared.length > 0 ||
      (instructions?.sent_as === "member" && instructions.same === null)
    ? null
    : true;
}

function compared(
  session: TraceSession,
  payloads: PayloadReader,
  call: InferenceCall,
  prepared: RawPayloadRef,
): Compared {
  const wire = session.trace.raw_payloads.get(call.raw_request_payload_id);
  const { ref } = effectiveRequest(session, call);
  const before = bodyOf(payloads, prepared);
  const sent = bodyOf(payloads, wire);
  const given = ref === wire ? sent : bodyOf(payloads, ref);
  const instructions = instructionsIn(before);
  // The texts are kept as elements, since a payload is valid until the next one is opened.
  const lists = prepared.capture === undefined && ref !== undefined &&
      ref.capture === undefined
    ? {
      prepared: elementsOf(session, payloads, prepared, null),
      sent: elementsOf(session, payloads, ref, call),
    }
    : null;
  const isIncremental = typeof given?.["previous_response_id"] === "string";
  return {
    input: lists &&
      diffPreparedInput({ ...lists, isIncremental, instructions }),
    instructions: lists === null || instructions === null
      ? null
      : instructionsOf(instructions, given, sent, lists.sent),
    members: before === null || sent === null ? null : membersOf(before, sent),
  };
}

/** The members of a payload; null where it was not recorded. */
function bodyOf(
  payloads: PayloadReader,
  ref: RawPayloadRef | undefined,
): JsonObject | null {
  if (ref === undefined || ref.capture !== undefined) return null;
  const { value } = payloads.open(ref);
  return isJsonObject(value) ? value : null;
}

/** The elements of `input`; of those that were sent, each with its item. */
function elementsOf(
  session: TraceSession,
  payloads: PayloadReader,
  ref: RawPayloadRef,
  call: InferenceCall | null,
): SideElement[] {
  const { names, trace } = session;
  const markers = new PartMarkers(ref);
  const isNoItem = noItemsIn(session, ref);
  const elements = payloads.open(ref).elements("input") ?? [];
  const items = elements.filter(({ value }) => !isNoItem(value)).length;
  let place = (call?.request_item_ids.length ?? items) - items;
  return elements.map((element) => {
    const { value } = element;
    const id = call === null || isNoItem(value)
      ? undefined
      : call.request_item_ids.at(place++);
    const item = id !== undefined && trace.conversation_items.has(id)
      ? names.ref("item", id)
      : null;
    const isLost = markers.partOf(value) !== undefined;
    const source = element.source();
    const text = textIn({ value });
    const shown = text === ""
      ? lostText(session, markers, value) ?? source
      : text;
    return { value, source, isLost, item, excerpt: excerpt(shown) };
  });
}

/** What was kept of the first text of a message that was not recorded; null where all were. */
function lostText(
  { trace }: TraceSession,
  markers: PartMarkers,
  value: JsonValue,
): string | null {
  const content = isJsonObject(value) ? value["content"] : undefined;
  if (!Array.isArray(content)) return null;
  for (const part of content) {
    const id = isJsonObject(part) ? markers.partOf(part["text"]) : undefined;
    const capture = captureOf(trace, id);
    if (capture !== null) return `(text ${captureText(capture)})`;
  }
  return null;
}

function instructionsOf(
  prepared: JsonValue,
  given: JsonObject | null,
  sent: JsonObject | null,
  elements: readonly SideElement[],
): PreparedInstructions {
  const member = sent?.["instructions"];
  if (member !== undefined && member !== null && member !== "") {
    return { sent_as: "member", same: isSameText(prepared, member) };
  }
  const first = elements.find((each) => isInstructions(each, prepared));
  if (first !== undefined) return { sent_as: "item", same: true };
  return typeof given?.["previous_response_id"] === "string"
    ? { sent_as: "not_sent", same: null }
    : { sent_as: "not_sent", same: false };
}

/** Whether two texts are the same; null when that is unknown, since one was not recorded. */
function isSameText(prepared: JsonValue, sent: JsonValue): boolean | null {
  // Where neither was recorded, both may name the same payload.
  if (JSON.stringify(prepared) === JSON.stringify(sent)) return true;
  return typeof prepared === "string" && typeof sent === "string"
    ? false
    : null;
}

function membersOf(before: JsonObject, sent: JsonObject): PreparedMembers {
  const prepared = membersIn(preparedMembers(before));
  const after = membersIn(sentMembers(sent));
  const both = [...prepared.keys()].filter((key) => after.has(key));
  const changes = both.map((key) =>
    changesOfMember(key, prepared.get(key), after.get(key))
  );
  return {
    kept: changes.filter(({ length }) => length === 0).length,
    changes: changes.flat(),
    only_prepared: [...prepared.keys()].filter((key) => !after.has(key)),
    only_sent: [...after.keys()].filter((key) => !prepared.has(key)),
  };
}

/** Members by key, as JSON, without those that are compared apart, and those that are null. */
function membersIn(body: JsonObject): Map<string, string> {
  return new Map(
    Object.entries(body).flatMap(([key, value]) =>
      APART.has(key) || value === null
        ? []
        : [[key, JSON.stringify(value)] as const]
    ),
  );
}

/** The members of a prepared prompt that a request may have. */
function preparedMembers(prepared: JsonObject): JsonObject {
  const { output_schema: schema, output_schema_strict: strict, ...others } =
    prepared;
  // Without a schema, its strictness has no meaning.
  return schema === null || schema === undefined
    ? others
    : { ...others, ...outputSchema(schema, strict) };
}

/** The members of a request, its output schema under the names of a prepared prompt. */
function sentMembers(sent: JsonObject): JsonObject {
  const { text } = sent;
  const format = isJsonObject(text) ? text["format"] : undefined;
  const { schema, strict } = isJsonObject(format) ? format : {};
  return schema === undefined
    ? sent
    : { ...sent, ...outputSchema(schema, strict) };
}

function outputSchema(
  schema: JsonValue,
  strict: JsonValue | undefined,
): JsonObject {
  return { output_schema: schema, output_schema_strict: strict ?? null };
}

/** The text of the base instructions, or its marker where it was not recorded. */
function instructionsIn(prepared: JsonObject | null): JsonValue {
  const base = prepared?.["base_instructions"];
  return isJsonObject(base) ? base["text"] ?? null : null;
}
