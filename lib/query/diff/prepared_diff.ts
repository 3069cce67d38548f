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
import { effectiveRequest } from "../evidence/recorded/effective_request.ts";
import { noItemsIn } from "../evidence/recorded/no_item.ts";
import type { PayloadReader, Session } from "../session/session.ts";
import { changesOfMember } from "./member_changes.ts";
import type {
  PreparedDiff,
  PreparedInstructions,
  PreparedMembers,
} from "./diff_answer.ts";
import {
  diffPreparedInput,
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
 * payloads are not at hand.
 * @throws {PayloadError} If a payload can no longer be read.
 */
export function diffPrepared(
  session: Session,
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
      members.only_prepared.length > 0
    ? null
    : true;
}

function compared(
  session: Session,
  payloads: PayloadReader,
  call: InferenceCall,
  prepared: RawPayloadRef,
): Compared {
  const wire = session.trace.raw_payloads.get(call.raw_request_payload_id);
  const { ref } = effectiveRequest(session, call);
  const before = bodyOf(payloads, prepared);
  const sent = bodyOf(payloads, wire);
  const given = ref === wire ? sent : bodyOf(payloads, ref);
  const instructions = textAt(before?.["base_instructions"], "text");
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
  session: Session,
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
    return { value, source: element.source(), isLost, item };
  });
}

function instructionsOf(
  prepared: string,
  given: JsonObject | null,
  sent: JsonObject | null,
  elements: readonly SideElement[],
): PreparedInstructions {
  const member = sent?.["instructions"];
  if (typeof member === "string" && member !== "") {
    return { sent_as: "member", same: member === prepared };
  }
  const first = elements.find((each) => textIn(each) === prepared);
  if (first !== undefined) return { sent_as: "item", same: true };
  return typeof given?.["previous_response_id"] === "string"
    ? { sent_as: "not_sent", same: null }
    : { sent_as: "not_sent", same: false };
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
  // Without a schema it says nothing whether that is strict.
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

function textAt(value: JsonValue | undefined, key: string): string | null {
  const text = isJsonObject(value) ? value[key] : undefined;
  return typeof text === "string" ? text : null;
}
