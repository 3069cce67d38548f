/**
 * Which rules a set of bundles reached, derived from what is in the bundles and in their reduced
 * states. What never occurs stays in the table with a zero.
 *
 * @module
 */

import type { RandomBundle } from "../../support/bundles/random/bundle.ts";
import {
  type Json,
  Obj,
} from "../../support/bundles/random/items/json_text.ts";
import { DERIVED, isPlain, type Plain, records } from "./situations.ts";
import {
  fullBody,
  STORAGE_FEATURES,
  storageFeatures,
} from "../../support/bundles/random/storage/storage_features.ts";
import { storedById } from "../../support/bundles/random/storage/stored.ts";

/** Counts by feature. */
export class Coverage {
  readonly #counts = new Map<string, number>();

  /** Starts with zeros for everything that ought to occur. */
  constructor(expected: Iterable<string> = []) {
    for (const feature of expected) this.#counts.set(feature, 0);
  }

  /** Counts each feature once. */
  add(features: Iterable<string>): void {
    for (const feature of features) {
      this.#counts.set(feature, (this.#counts.get(feature) ?? 0) + 1);
    }
  }

  /** The counts whose feature begins with `prefix`, in order of the feature. */
  table(prefix: string): [feature: string, count: number][] {
    return [...this.#counts].filter(([feature]) => feature.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

const EVENT_TYPES: readonly string[] = [
  ..."rollout_started rollout_ended thread_started thread_ended".split(" "),
  ..."codex_turn_started codex_turn_ended inference_started".split(" "),
  ..."inference_completed inference_failed inference_cancelled".split(" "),
  ..."tool_call_started mcp_tool_call_correlation_assigned".split(" "),
  ..."stdin_target_resolved tool_call_runtime_started".split(" "),
  ..."tool_call_runtime_ended tool_call_ended code_cell_started".split(" "),
  ..."code_cell_initial_response code_cell_ended".split(" "),
  ..."compaction_request_started compaction_request_completed".split(" "),
  ..."compaction_request_failed compaction_installed".split(" "),
  ..."agent_result_observed protocol_event_observed".split(" "),
];

const ITEM_TYPES: readonly string[] = [
  ..."message agent_message reasoning function_call".split(" "),
  ..."function_call_output custom_tool_call custom_tool_call_output".split(" "),
  ..."tool_search_call web_search_call image_generation_call".split(" "),
  ..."local_shell_call tool_search_output mcp_tool_call_output".split(" "),
  ..."compaction compaction_summary context_compaction".split(" "),
  ..."additional_tools configuration_update".split(" "),
];

const EDGES: readonly string[] = [
  "assign_agent_task: tool_call -> conversation_item",
  "send_message: tool_call -> conversation_item",
  "spawn_agent: tool_call -> conversation_item",
  "spawn_agent: tool_call -> thread",
  "close_agent: tool_call -> thread",
  "agent_result: conversation_item -> conversation_item",
  "agent_result: thread -> conversation_item",
];

/** The event types that a schema can record and the reference reduces. */
export function eventTypesOf(schema: number): readonly string[] {
  if (schema === 1) return EVENT_TYPES;
  const added = ["history_item_accepted", "thread_resumed"];
  if (schema >= 3) added.push("code_cell_wait_target_resolved");
  return [...EVENT_TYPES, ...added, "recording_completed"];
}

/** The features that a good generator reaches. */
export function expectedFeatures(schema: number): string[] {
  return [
    ...eventTypesOf(schema).map((type) => `event ${type}`),
    ...ITEM_TYPES.map((type) => `item ${type}`),
    ...EDGES.map((edge) => `edge ${edge}`),
    ...DERIVED.map(([name]) => `derived ${name}`),
    ...(schema >= 3 ? STORAGE_FEATURES : []),
  ];
}

/** What is in the bundle: event types, item types. */
export function bundleFeatures(bundle: RandomBundle): Set<string> {
  const features = new Set<string>();
  for (const event of bundle.events) {
    const payload = event instanceof Obj ? event.get("payload") : undefined;
    const type = payload instanceof Obj ? payload.get("type") : undefined;
    if (typeof type === "string") features.add(`event ${type}`);
  }
  const all = storedById(bundle.payloads.values());
  for (const payload of bundle.payloads.values()) {
    const body = fullBody(payload, all);
    if (!(body instanceof Obj)) continue;
    for (const [, list] of body.entries) itemFeatures(list, features);
  }
  return features.union(storageFeatures(bundle));
}

function itemFeatures(list: Json, features: Set<string>): void {
  if (!Array.isArray(list)) return;
  for (const item of list) {
    const type = item instanceof Obj ? item.get("type") : undefined;
    if (typeof type !== "string" || !ITEM_TYPES.includes(type)) continue;
    features.add(`item ${type}`);
  }
}

const ENUMERATED = new Set([
  ..."type kind status role channel runtime_status".split(" "),
  ..."initial_response_status recording_complete recording_status".split(" "),
]);

function shapeFeatures(path: string, value: unknown, out: Set<string>): void {
  if (Array.isArray(value)) {
    out.add(`${path} ${value.length > 1 ? "many" : value.length}`);
    for (const element of value) {
      if (isPlain(element)) shapeFeatures(`${path}[]`, element, out);
    }
    return;
  }
  if (!isPlain(value)) return;
  const type = typeof value.type === "string" ? `<${value.type}>` : "";
  for (const [key, member] of Object.entries(value)) {
    const at = `${path}${type}.${key}`;
    if (ENUMERATED.has(key) && !isPlain(member)) out.add(`${at}=${member}`);
    else if (typeof member !== "object" || member === null) {
      out.add(`${at} ${member === null ? "null" : "set"}`);
    } else shapeFeatures(at, member, out);
  }
  if (type === "<payload_ref>") out.add(`${path}${type} ${value.label}`);
}

function anchorType(edge: Plain, key: string): string {
  const anchor = edge[key];
  return isPlain(anchor) ? String(anchor.type) : "none";
}

/** What is in the reduced state: shapes of every record, edges, derived situations. */
export function stateFeatures(stateText: string): Set<string> {
  const features = new Set<string>();
  const state: unknown = JSON.parse(stateText);
  if (!isPlain(state)) return features;
  for (const [name, value] of Object.entries(state)) {
    if (!isPlain(value)) {
      if (ENUMERATED.has(name)) features.add(`state ${name}=${value}`);
      continue;
    }
    for (const record of records(state, name)) {
      shapeFeatures(`state ${name}`, record, features);
    }
  }
  for (const edge of records(state, "interaction_edges")) {
    const ends = `${anchorType(edge, "source")} -> ${
      anchorType(edge, "target")
    }`;
    features.add(`edge ${edge.kind}: ${ends}`);
  }
  for (const [name, probe] of DERIVED) {
    if (probe(state)) features.add(`derived ${name}`);
  }
  return features;
}

/** The message of an error with ids and numbers taken out, so that like errors count as one. */
export function errorTemplate(text: string): string {
  return text.replace(/^Error: /, "").replace(/\s*Caused by:\s*/g, " | ")
    .replace(/\s+/g, " ")
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{32}\b/gi, "UUID")
    .replace(/\b[a-z-]+(?:_[a-z]+)*[-:_](?:[0-9a-f]{2,3}-)?\d+/g, "ID")
    .replace(/`[^`]*`/g, "`…`").replace(/"[^"]*"/g, '"…"')
    .replace(/\/[\w./-]+\//g, "/…/").replace(/\d+/g, "N").slice(0, 200);
}
