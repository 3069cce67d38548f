/**
 * Whose an object is, when it began and how it went.
 *
 * @module
 */

import type { UnixMs } from "../../format/vocabulary.ts";
import { eventsAbout } from "../evidence/links/events_about.ts";
import {
  OBJECT_MAPS,
  type ObjectKind,
  type ObjectOf,
  type ObjectRef,
} from "../session/names/object_kind.ts";
import { startOf } from "../evidence/recorded/losses.ts";
import type { ExplainAnswer } from "./explain_answer.ts";
import type { ExplainContext } from "./explain_context.ts";

/** The head of an answer. */
export type ObjectHeader = Pick<
  ExplainAnswer,
  "status" | "thread" | "turn" | "started_at_unix_ms"
>;

type AnyObject = ObjectOf<ObjectKind>;

const NOWHERE: ObjectHeader = {
  status: null,
  thread: null,
  turn: null,
  started_at_unix_ms: null,
};

/** The circumstances of an object of the graph. */
export function objectHeader(
  context: ExplainContext,
  ref: Pick<ObjectRef, "kind" | "id">,
): ObjectHeader {
  const { kind, id } = ref;
  if (kind === "payload") return ofPayload(context, id);
  const object: AnyObject | undefined = context.trace[OBJECT_MAPS[kind]].get(
    id,
  );
  if (object === undefined) return NOWHERE;
  const owner = "operation_id" in object
    ? context.trace.tool_calls.get(object.tool_call_id)
    : object;
  return {
    // No event marks the end of a process: its status would always be "running".
    status: "execution" in object && kind !== "terminal_session"
      ? object.execution.status
      : null,
    thread: kind === "thread" ? null : threadOf(context, owner),
    turn: kind === "turn" ? null : turnOf(context, owner),
    started_at_unix_ms: beginOf(context, kind, object),
  };
}

function threadOf(context: ExplainContext, object: AnyObject | undefined) {
  return object !== undefined && "thread_id" in object
    ? context.ref("thread", object.thread_id)
    : null;
}

function turnOf(context: ExplainContext, object: AnyObject | undefined) {
  if (object === undefined) return null;
  const id = "started_by_codex_turn_id" in object
    ? object.started_by_codex_turn_id
    : "codex_turn_id" in object
    ? object.codex_turn_id
    : null;
  return id === null ? null : context.ref("turn", id);
}

function beginOf(
  { session }: ExplainContext,
  kind: ObjectKind,
  object: AnyObject,
): UnixMs | null {
  if ("execution" in object) {
    return kind === "thread" || kind === "turn"
      ? startOf(session, kind, object.execution)
      : object.execution.started_at_unix_ms;
  }
  if ("first_seen_at_unix_ms" in object) return object.first_seen_at_unix_ms;
  if ("installed_at_unix_ms" in object) return object.installed_at_unix_ms;
  return "started_at_unix_ms" in object ? object.started_at_unix_ms : null;
}

/** Where the first event that names a payload was recorded. */
function ofPayload(context: ExplainContext, id: string): ObjectHeader {
  const { session, trace, links } = context;
  const events = session.log === null
    ? []
    : eventsAbout(session.log, trace, links, { kind: "payload", id });
  const event = events[0]?.event;
  const { thread_id: thread = null, codex_turn_id: turn = null } = event ?? {};
  return {
    status: null,
    thread: thread === null ? null : context.ref("thread", thread),
    turn: turn === null ? null : context.ref("turn", turn),
    started_at_unix_ms: event?.wall_time_unix_ms ?? null,
  };
}
