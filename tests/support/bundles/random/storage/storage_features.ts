/**
 * Which ways of storing payloads a random bundle of schema 3 uses.
 *
 * @module
 */

import type { RandomBundle } from "../bundle.ts";
import { inlineParts } from "./inline_parts.ts";
import { type Json, Obj, render } from "../items/json_text.ts";
import { Part } from "./parts.ts";
import {
  partIds,
  type StoredById,
  storedById,
  type StoredPayload,
} from "./stored.ts";

const KINDS: readonly string[] = [
  ..."inference_request prepared_prompt model_item content_value".split(" "),
  ..."warmup_context inference_response compaction_checkpoint".split(" "),
  ..."compaction_request compaction_response tool_invocation".split(" "),
  ..."tool_result tool_runtime_event protocol_event".split(" "),
  ..."session_metadata agent_result".split(" "),
];

/** The features that a good generator reaches. */
export const STORAGE_FEATURES: readonly string[] = [
  ...KINDS.flatMap((kind) => [
    `payload ${kind} truncated`,
    `payload ${kind} omitted`,
    ...kind === "content_value" ? [] : [`payload ${kind} parts`],
  ]),
  "payload parts of parts",
  "payload part inside a string",
  "payload part shared",
  "payload record without a reference",
  "payload shard open",
  ..."list_element text image_url".split(" ").map((at) => `marker ${at}`),
];

/** The body of a payload with every part in place; a missing part is an empty object. */
export function fullBody(payload: StoredPayload, all: StoredById): Json {
  const { body, storage } = payload;
  if (storage === undefined && !(body instanceof Uint8Array)) return body;
  const isThere = !(body instanceof Uint8Array) &&
    storage?.capture === undefined;
  return isThere ? inlineParts(payload, all, () => "{}") : new Obj([]);
}

function isMissing(id: string, all: StoredById): boolean {
  return all.get(id)?.storage?.capture !== undefined;
}

/** Where inside a body parts are missing. */
function markers(key: string, value: Json, all: StoredById): string[] {
  if (value instanceof Part) {
    return isMissing(value.id, all) ? [`marker ${key}`] : [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((element) => markers("list_element", element, all));
  }
  if (!(value instanceof Obj)) return [];
  return value.entries.flatMap(([name, member]) => markers(name, member, all));
}

function payloadFeatures(payload: StoredPayload, all: StoredById): string[] {
  const { body, storage } = payload;
  if (storage === undefined) return [];
  const name = `payload ${storage.kind}`;
  if (payload.extra === true) return ["payload record without a reference"];
  if (storage.capture !== undefined) {
    return [`${name} ${storage.capture.status}`];
  }
  if (body instanceof Uint8Array) return [];
  const parts = partIds(payload);
  const nested = parts.some((id) => {
    const part = all.get(id);
    return part !== undefined && partIds(part).length > 0;
  });
  return [
    ...parts.length > 0 ? [`${name} parts`] : [],
    ...nested ? ["payload parts of parts"] : [],
    ...render(body).match(/[^,:[{\0]\0[^\0]+\0[^,\]}]/) !== null
      ? ["payload part inside a string"]
      : [],
    ...markers("body", body, all),
  ];
}

/** The features of one bundle; none where payloads are files. */
export function storageFeatures(bundle: RandomBundle): Set<string> {
  const payloads = [...bundle.payloads.values()];
  const all = storedById(payloads);
  const features = new Set(payloads.flatMap((p) => payloadFeatures(p, all)));
  const named = payloads.flatMap((p) => [...new Set(partIds(p))]);
  if (new Set(named).size < named.length) features.add("payload part shared");
  const isOpen = [...bundle.shards?.values() ?? []].some((form) =>
    form.sealed === false
  );
  if (isOpen) features.add("payload shard open");
  return features;
}
