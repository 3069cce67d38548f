/**
 * Where a thread comes from, told by its metadata.
 *
 * @module
 */

import { describePayload, quote, ReplayError } from "../errors.ts";
import type { ThreadStarted } from "../format/event.ts";
import { spawnEdgeId } from "../format/ids.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type RawPayloadRef,
} from "../format/payload.ts";
import type { AgentOrigin } from "../graph/session.ts";

/** Keys of the metadata, in the order in which a list of their values is read. */
const METADATA_KEYS = [
  "agent_path",
  "task_name",
  "nickname",
  "agent_role",
  "model",
  "session_source",
] as const;

/** What a thread's start tells about it. */
export interface ThreadIdentity {
  readonly agentPath: string;
  readonly nickname: string | null;
  readonly defaultModel: string | null;
  readonly origin: AgentOrigin;
}

/**
 * The identity of a thread. What the spawn says beats the metadata, which beat the event.
 *
 * @param metadata The parsed metadata payload, `undefined` when the event has none.
 * @throws {ReplayError} If the metadata are not what the format says.
 */
export function threadIdentity(
  event: ThreadStarted,
  metadata: { value: JsonValue; ref: RawPayloadRef } | undefined,
): ThreadIdentity {
  const root = metadata === undefined ? {} : metadataObject(metadata);
  const text = (key: string) => optionalText(root, key, metadata?.ref);
  const [ownPath, taskName, nickname, role, model] = [
    text("agent_path"),
    text("task_name"),
    text("nickname"),
    text("agent_role"),
    text("model"),
  ];
  const spawn = spawnOf(root["session_source"]);
  const parent = textOrNull(spawn["parent_thread_id"]);
  const common = { nickname, defaultModel: model };
  if (parent === null) {
    return {
      ...common,
      agentPath: ownPath ?? event.agent_path,
      origin: { type: "root" },
    };
  }
  const agentPath = textOrNull(spawn["agent_path"]) ?? ownPath ??
    event.agent_path;
  return {
    ...common,
    agentPath,
    origin: {
      type: "spawned",
      parent_thread_id: parent,
      spawn_edge_id: spawnEdgeId(parent, event.thread_id),
      task_name: textOrNull(spawn["task_name"]) ?? taskName ??
        lastSegment(agentPath),
      agent_role: textOrNull(spawn["agent_role"]) ?? role ?? "",
    },
  };
}

/** The identity of a thread whose metadata were not recorded. */
export function unknownIdentity(
  { agent_path }: ThreadStarted,
  isRoot: boolean,
): ThreadIdentity {
  return {
    agentPath: agent_path,
    nickname: null,
    defaultModel: null,
    origin: { type: isRoot ? "root" : "unknown" },
  };
}

function metadataObject(
  metadata: { value: JsonValue; ref: RawPayloadRef },
): JsonObject {
  const { value } = metadata;
  if (isJsonObject(value)) return value;
  if (Array.isArray(value) && value.length === METADATA_KEYS.length) {
    return Object.fromEntries(
      METADATA_KEYS.map((key, index) => [key, value[index] ?? null]),
    );
  }
  throw malformed(metadata.ref, "is no object");
}

function optionalText(
  root: JsonObject,
  key: string,
  ref: RawPayloadRef | undefined,
): string | null {
  const value = Object.hasOwn(root, key) ? root[key] : undefined;
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value;
  throw malformed(ref, `has a ${quote(key)} that is no text`);
}

function malformed(ref: RawPayloadRef | undefined, what: string): ReplayError {
  const id = ref?.raw_payload_id ?? "";
  return new ReplayError(
    "malformed_payload",
    `thread metadata ${
      ref === undefined ? quote(id) : describePayload(ref)
    } ${what}`,
    { raw_payload_id: id },
  );
}

/** The spawn inside a session source, empty when there is none. */
function spawnOf(source: JsonValue | undefined): JsonObject {
  const subagent = isJsonObject(source) ? source["subagent"] : undefined;
  const spawn = isJsonObject(subagent) ? subagent["thread_spawn"] : undefined;
  return isJsonObject(spawn) ? spawn : {};
}

function textOrNull(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

/** The last non-empty segment of a path, the path itself when it has none. */
function lastSegment(path: string): string {
  return path.split("/").findLast((segment) => segment !== "") ?? path;
}
