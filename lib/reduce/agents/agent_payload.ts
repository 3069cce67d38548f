/**
 * Decoders of the runtime payloads about other agents: spawn, message, close.
 *
 * @module
 */

import { quote } from "../../errors.ts";
import {
  DecodeError,
  type Decoder,
  type Field,
  integer,
  nullable,
  required,
  string,
} from "../../format/decode/decode.ts";
import type { ThreadId } from "../../format/ids.ts";
import { record } from "../../format/decode/record_decoder.ts";
import type { Integer } from "../../format/vocabulary.ts";
import { agentPath } from "../items/agent_message.ts";

const UUID =
  /^(?:[0-9a-f]{32}|(?:urn:uuid:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\})$/;

/** Decodes a thread id; every spelling of a UUID is the same id. */
const threadId: Decoder<ThreadId> = (value) => {
  const text = string(value);
  const lower = text.replace(/[A-F]/g, (digit) => digit.toLowerCase());
  if (!UUID.test(lower)) throw new DecodeError(`${quote(text)} is not a UUID`);
  const digits = lower.replace(/^urn:uuid:/, "").replace(/[-{}]/g, "");
  return digits.replace(
    /^(.{8})(.{4})(.{4})(.{4})(.{12})$/,
    "$1-$2-$3-$4-$5",
  );
};

/** A time that may be absent but not null; no rule reads it. */
const time: Field<Integer> = { decode: integer("i64"), absent: { value: 0 } };

const nonEmpty: Decoder<string> = (value) => {
  const text = string(value);
  if (text !== "") return text;
  throw new DecodeError("expected a non-empty string");
};

const PLAIN_STATUSES: ReadonlySet<string> = new Set([
  "pending_init",
  "running",
  "interrupted",
  "shutdown",
  "not_found",
]);

/** Checks the status of an agent; no rule reads it. */
const status: Decoder<null> = (value) => {
  if (typeof value === "string" && PLAIN_STATUSES.has(value)) return null;
  if (value instanceof Map && value.size === 1) {
    const [[name, detail] = []] = [...value];
    if (typeof name === "string" && PLAIN_STATUSES.has(name)) {
      if (detail === null) return null;
    } else if (name === "errored") {
      string(detail);
      return null;
    } else if (name === "completed") {
      if (detail !== null) string(detail);
      return null;
    }
  }
  throw new DecodeError("not the status of an agent");
};

/** The delivery of a message to another agent started. */
export interface InteractionBegin {
  call_id: string;
  started_at_ms: Integer;
  sender_thread_id: ThreadId;
  receiver_thread_id: ThreadId;
  prompt: string;
}

/** Decodes an {@linkcode InteractionBegin} from an exact value. */
export const interactionBegin: Decoder<InteractionBegin> = record({
  call_id: required(string),
  started_at_ms: time,
  sender_thread_id: required(threadId),
  receiver_thread_id: required(threadId),
  prompt: required(string),
});

/** A message to another agent was delivered. */
export interface InteractionEnd {
  call_id: string;
  completed_at_ms: Integer;
  sender_thread_id: ThreadId;
  receiver_thread_id: ThreadId;
  receiver_agent_nickname: string | null;
  receiver_agent_role: string | null;
  prompt: string;
  status: null;
}

/** Decodes an {@linkcode InteractionEnd} from an exact value. */
export const interactionEnd: Decoder<InteractionEnd> = record({
  call_id: required(string),
  completed_at_ms: time,
  sender_thread_id: required(threadId),
  receiver_thread_id: required(threadId),
  receiver_agent_nickname: nullable(string),
  receiver_agent_role: nullable(string),
  prompt: required(string),
  status: required(status),
});

/** An agent was spawned, if it has a thread. */
export interface SpawnEnd {
  call_id: string;
  completed_at_ms: Integer;
  sender_thread_id: ThreadId;
  new_thread_id: ThreadId | null;
  new_agent_nickname: string | null;
  new_agent_role: string | null;
  prompt: string;
  model: string;
  reasoning_effort: string;
  status: null;
}

/** Decodes a {@linkcode SpawnEnd} from an exact value. */
export const spawnEnd: Decoder<SpawnEnd> = record({
  call_id: required(string),
  completed_at_ms: time,
  sender_thread_id: required(threadId),
  new_thread_id: nullable(threadId),
  new_agent_nickname: nullable(string),
  new_agent_role: nullable(string),
  prompt: required(string),
  model: required(string),
  reasoning_effort: required(nonEmpty),
  status: required(status),
});

/** An agent is about to be closed. */
export interface CloseBegin {
  call_id: string;
  started_at_ms: Integer;
  sender_thread_id: ThreadId;
  receiver_thread_id: ThreadId;
}

/** Decodes a {@linkcode CloseBegin} from an exact value. */
export const closeBegin: Decoder<CloseBegin> = record({
  call_id: required(string),
  started_at_ms: time,
  sender_thread_id: required(threadId),
  receiver_thread_id: required(threadId),
});

/** An agent was closed. */
export interface CloseEnd {
  call_id: string;
  completed_at_ms: Integer;
  sender_thread_id: ThreadId;
  receiver_thread_id: ThreadId;
  receiver_agent_nickname: string | null;
  receiver_agent_role: string | null;
  status: null;
}

/** Decodes a {@linkcode CloseEnd} from an exact value. */
export const closeEnd: Decoder<CloseEnd> = record({
  call_id: required(string),
  completed_at_ms: time,
  sender_thread_id: required(threadId),
  receiver_thread_id: required(threadId),
  receiver_agent_nickname: nullable(string),
  receiver_agent_role: nullable(string),
  status: required(status),
});

/** What happened to another agent. */
export type ActivityKind =
  | "started"
  | "interacted"
  | "interrupted"
  | "completed";

const activityKind: Decoder<ActivityKind> = (value) => {
  const [only, ...more] = value instanceof Map ? [...value] : [];
  // A variant without data may also be written as the only key of an object.
  const name = more.length === 0 && only?.[1] === null ? only[0] : value;
  switch (name) {
    case "started":
    case "interacted":
    case "interrupted":
    case "completed":
      return name;
  }
  throw new DecodeError("not an activity of an agent");
};

/** Something happened to another agent. */
export interface AgentActivity {
  event_id: string;
  occurred_at_ms: Integer;
  agent_thread_id: ThreadId;
  agent_path: string;
  kind: ActivityKind;
  model: string | null;
  reasoning_effort: string | null;
}

/** Decodes an {@linkcode AgentActivity} from an exact value. */
export const agentActivity: Decoder<AgentActivity> = record({
  event_id: required(string),
  occurred_at_ms: time,
  agent_thread_id: required(threadId),
  agent_path: required(agentPath),
  kind: required(activityKind),
  model: nullable(string),
  reasoning_effort: nullable(nonEmpty),
});

/** The part of the arguments of a collaboration tool that is delivered. */
export interface MessageArguments {
  message: string;
}

/** The keys of {@linkcode MessageArguments}. */
export const MESSAGE_KEYS: readonly string[] = ["message"];

/** Decodes {@linkcode MessageArguments}. */
export const messageArguments: Decoder<MessageArguments> = record({
  message: required(string),
});
