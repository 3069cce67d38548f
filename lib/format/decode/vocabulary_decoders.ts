/**
 * Decoders of values that several events share: statuses, tool kinds, summaries, requesters.
 *
 * @module
 */

import {
  asObject,
  DecodeError,
  integer,
  kindOf,
  member,
  nullable,
  refuseRepeated,
  required,
  string,
  unknownVariant,
} from "./decode.ts";
import type { DecodeContext, Decoder } from "./decode.ts";
import type { RawToolCallRequester } from "../event.ts";
import { type JsonNode, JsonNumber } from "../json/json_parse.ts";
import { tagged } from "./record_decoder.ts";
import {
  CODE_CELL_RUNTIME_STATUSES,
  EXECUTION_STATUSES,
  ROLLOUT_STATUSES,
} from "../vocabulary.ts";
import type {
  CodeCellRuntimeStatus,
  ExecutionStatus,
  RolloutStatus,
  ToolCallKind,
  ToolCallSummary,
} from "../vocabulary.ts";

/** Makes a decoder of one of `values`, also in the form `{"value":null}`. */
export function enumOf<V extends string>(values: readonly V[]): Decoder<V> {
  const known = new Map<string, V>(values.map((value) => [value, value]));
  return (value, context) => {
    const name = typeof value === "string"
      ? value
      : unitVariantKey(value, context);
    const found = known.get(name);
    if (found === undefined) throw unknownVariant(name);
    return found;
  };
}

/** The key of an object that has one key, whose value is null or an empty object. */
function unitVariantKey(value: unknown, context: DecodeContext): string {
  const object = asObject(value);
  if (object === undefined) {
    throw new DecodeError(`expected a variant's name, found ${kindOf(value)}`);
  }
  const keys = keysOf(object);
  const [key] = keys;
  if (key === undefined || keys.length > 1) {
    throw new DecodeError("expected an object with a single key");
  }
  refuseRepeated(object, key, context);
  const content = member(object, key);
  const nested = asObject(content);
  if (content !== null && !(nested && keysOf(nested).length === 0)) {
    throw new DecodeError(`expected null, found ${kindOf(content)}`, key);
  }
  return key;
}

function keysOf(object: object): string[] {
  return object instanceof Map ? [...object.keys()] : Object.keys(object);
}

/** A {@linkcode RolloutStatus}. */
export const rolloutStatus: Decoder<RolloutStatus> = enumOf(ROLLOUT_STATUSES);
/** An {@linkcode ExecutionStatus}. */
export const executionStatus: Decoder<ExecutionStatus> = enumOf(
  EXECUTION_STATUSES,
);
/** A {@linkcode CodeCellRuntimeStatus}. */
export const codeCellStatus: Decoder<CodeCellRuntimeStatus> = enumOf(
  CODE_CELL_RUNTIME_STATUSES,
);

/** Who asked for a tool call. Variants in the reference's order, as some bundles count them. */
export const requester: Decoder<RawToolCallRequester> = tagged<
  RawToolCallRequester
>({
  model: {},
  code_cell: { runtime_cell_id: required(string) },
}, "name or index");

/** What sort of tool a call runs. */
export const toolCallKind: Decoder<ToolCallKind> = tagged<ToolCallKind>({
  exec_command: {},
  write_stdin: {},
  apply_patch: {},
  mcp: { server: required(string), tool: required(string) },
  web: {},
  image_generation: {},
  spawn_agent: {},
  assign_agent_task: {},
  send_message: {},
  wait_agent: {},
  close_agent: {},
  other: { name: required(string) },
}, "name or index");

/** One line about a tool call. */
export const toolCallSummary: Decoder<ToolCallSummary> = tagged<
  ToolCallSummary
>({
  terminal: { operation_id: required(string) },
  agent: {
    target_agent_path: required(string),
    task_name: nullable(string),
    message_preview: required(string),
  },
  wait_agent: {
    target_agent_path: nullable(string),
    timeout_ms: nullable(integer("u64")),
  },
  generic: {
    label: required(string),
    input_preview: nullable(string),
    output_preview: nullable(string),
  },
}, "name or index");

/** Any JSON, kept exactly. */
export function anyJson(value: unknown): JsonNode {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return new JsonNumber(String(value));
  }
  if (value === null || value instanceof JsonNumber) return value;
  if (Array.isArray(value)) {
    return value.map((element: unknown) => anyJson(element));
  }
  const object = asObject(value) ?? {};
  const members = object instanceof Map ? object : Object.entries(object);
  return new Map(
    Array.from(members, ([key, member]) => [key, anyJson(member)]),
  );
}
