/**
 * Start and end of the rollout, of threads and of turns, and what the metadata of a thread
 * describe.
 *
 * @module
 */

import { describePayload, quote, ReplayError } from "../errors.ts";
import type {
  CodexTurnEnded,
  CodexTurnStarted,
  RecordingCompleted,
  RolloutEnded,
  RolloutStarted,
  ThreadEnded,
  ThreadResumed,
  ThreadStarted,
} from "../format/event.ts";
import { spawnEdgeId } from "../format/ids.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type RawPayloadRef,
} from "../format/payload.ts";
import type { AgentOrigin } from "../graph/session.ts";
import { dropSharedRequest } from "./conversation/commit_list.ts";
import { endTurnCalls } from "./conversation/inference.ts";
import { endTurnCells } from "./runtime/code_cell.ts";
import { restoreThread } from "./state/lost_starts.ts";
import {
  endWindow,
  type EventContext,
  startWindow,
  ThreadRecord,
  TurnRecord,
} from "./state/records.ts";
import type { ReducerState } from "./state/reducer_state.ts";

/** Handles `rollout_started`. */
export function rolloutStarted(
  state: ReducerState,
  event: RolloutStarted,
): void {
  state.traceId = event.trace_id;
  state.rootThreadId = event.root_thread_id;
}

/** Handles `rollout_ended`. */
export function rolloutEnded(
  state: ReducerState,
  event: RolloutEnded,
  context: EventContext,
): void {
  state.status = event.status;
  state.endedAt = context.at;
}

/** Handles `recording_completed`. A line without its line feed was not written completely. */
export function recordingCompleted(
  state: ReducerState,
  _event: RecordingCompleted,
  context: EventContext,
): void {
  if (context.lineEnded) state.recordingComplete = true;
}

/** Handles `thread_started`. */
export function threadStarted(
  state: ReducerState,
  event: ThreadStarted,
  context: EventContext,
): void {
  const id = event.thread_id;
  if (state.threads.has(id)) {
    throw new ReplayError(
      "duplicate_start",
      `thread ${quote(id)} was started before`,
      {
        thread_id: id,
      },
    );
  }
  const identity = state.faults.attempt(
    () => identityOf(state, event),
    unknownIdentity(event, event.thread_id === state.rootThreadId),
    context,
    "what the metadata of the thread record: its model, its source, its parent",
  );
  const record = new ThreadRecord({
    thread_id: id,
    agent_path: identity.agentPath,
    nickname: identity.nickname,
    origin: identity.origin,
    execution: startWindow(context),
    default_model: identity.defaultModel,
    conversation_item_ids: [],
  });
  state.threads.set(id, record);
}

function identityOf(state: ReducerState, event: ThreadStarted): ThreadIdentity {
  const ref = event.metadata_payload;
  if (ref === null) return threadIdentity(event, undefined);
  const document = state.openComplete(ref);
  return document === null
    ? unknownIdentity(event, event.thread_id === state.rootThreadId)
    : threadIdentity(event, { value: document.value, ref });
}

/** Handles `thread_ended`. It never ends the rollout. */
export function threadEnded(
  state: ReducerState,
  event: ThreadEnded,
  context: EventContext,
): void {
  const record = state.thread(event.thread_id);
  endWindow(record.thread.execution, context, event.status);
  dropSharedRequest(state, record);
}

/**
 * Handles `thread_resumed`. The thread has a new runtime, so cell ids and process ids of the old
 * runtime are no longer valid.
 */
export function threadResumed(
  state: ReducerState,
  event: ThreadResumed,
  context: EventContext,
): void {
  const { thread_id: id } = event;
  const known = state.faults.attempt(
    () => state.thread(id),
    null,
    context,
    "how the thread started, in another session",
  );
  if (known === null) {
    restoreThread(state, id, startWindow(context));
    return;
  }
  const { execution } = known.thread;
  if (execution.ended_at_unix_ms === null) {
    throw new ReplayError(
      "thread_not_ended",
      `thread ${quote(event.thread_id)} has not ended, so it cannot be resumed`,
      { thread_id: event.thread_id },
    );
  }
  execution.ended_at_unix_ms = null;
  execution.ended_seq = null;
  execution.status = "running";
  state.cells.forgetRuntimeIds(event.thread_id);
  state.terminals.forgetProcesses(event.thread_id);
}

/** Handles `codex_turn_started`. */
export function codexTurnStarted(
  state: ReducerState,
  event: CodexTurnStarted,
  context: EventContext,
): void {
  const id = event.codex_turn_id;
  if (state.turns.has(id)) {
    throw new ReplayError(
      "duplicate_start",
      `turn ${quote(id)} was started before`,
      {
        codex_turn_id: id,
      },
    );
  }
  state.thread(event.thread_id);
  const turn = new TurnRecord({
    codex_turn_id: id,
    thread_id: event.thread_id,
    execution: startWindow(context),
    input_item_ids: [],
  }, state.lostEvents());
  state.turns.set(id, turn);
}

/** Handles `codex_turn_ended`. It also closes the LLM requests and cells that still run. */
export function codexTurnEnded(
  state: ReducerState,
  event: CodexTurnEnded,
  context: EventContext,
): void {
  // The turn was not recorded here, only events of it.
  if (state.untracedTurns.has(event.codex_turn_id)) return;
  const record = context.threadId === null
    ? state.turn(event.codex_turn_id)
    : state.turnOf(event.codex_turn_id, context.threadId);
  endWindow(record.turn.execution, context, event.status);
  endTurnCells(state, record, event.status, context);
  endTurnCalls(state, record, event.status, context);
}

/** Keys of the metadata, in the order in which a list of their values is read. */
const METADATA_KEYS = [
  "agent_path",
  "task_name",
  "nickname",
  "agent_role",
  "model",
  "session_source",
] as const;

/** What the start of a thread records about it. */
interface ThreadIdentity {
  readonly agentPath: string;
  readonly nickname: string | null;
  readonly defaultModel: string | null;
  readonly origin: AgentOrigin;
}

/**
 * Returns the identity of a thread. The values of the spawn have priority, then those of the
 * metadata, then those of the event.
 *
 * @param metadata The parsed metadata payload, `undefined` when the event has none.
 * @throws {ReplayError} If the metadata are malformed.
 */
function threadIdentity(
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

/** Returns the identity of a thread whose metadata were not recorded. */
function unknownIdentity(
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
  throw malformed(metadata.ref, "is not an object");
}

function optionalText(
  root: JsonObject,
  key: string,
  ref: RawPayloadRef | undefined,
): string | null {
  const value = Object.hasOwn(root, key) ? root[key] : undefined;
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value;
  throw malformed(ref, `has a ${quote(key)} that is not a string`);
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

/** Returns the spawn in a session source, an empty object when there is none. */
function spawnOf(source: JsonValue | undefined): JsonObject {
  const subagent = isJsonObject(source) ? source["subagent"] : undefined;
  const spawn = isJsonObject(subagent) ? subagent["thread_spawn"] : undefined;
  return isJsonObject(spawn) ? spawn : {};
}

function textOrNull(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

/** Returns the last non-empty segment of a path, the path itself when it has none. */
function lastSegment(path: string): string {
  return path.split("/").findLast((segment) => segment !== "") ?? path;
}
