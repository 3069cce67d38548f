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
import type { ExplainAnswer } from "./explain_answer.ts";
import type { ExplainContext } from "./explain_context.ts";

/** What is told at the head of an answer. */
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
  scene: ExplainContext,
  ref: Pick<ObjectRef, "kind" | "id">,
): ObjectHeader {
  const { kind, id } = ref;
  if (kind === "payload") return ofPayload(scene, id);
  const object: AnyObject | undefined = scene.trace[OBJECT_MAPS[kind]].get(id);
  if (object === undefined) return NOWHERE;
  const owner = "operation_id" in object
    ? scene.trace.tool_calls.get(object.tool_call_id)
    : object;
  return {
    // No event tells when a process ended: its status would always be "running".
    status: "execution" in object && kind !== "terminal_session"
      ? object.execution.status
      : null,
    thread: kind === "thread" ? null : threadOf(scene, owner),
    turn: kind === "turn" ? null : turnOf(scene, owner),
    started_at_unix_ms: beginOf(object),
  };
}

function threadOf(scene: ExplainContext, object: AnyObject | undefined) {
  return object !== undefined && "thread_id" in object
    ? scene.ref("thread", object.thread_id)
    : null;
}

function turnOf(scene: ExplainContext, object: AnyObject | undefined) {
  if (object === undefined) return null;
  const id = "started_by_codex_turn_id" in object
    ? object.started_by_codex_turn_id
    : "codex_turn_id" in object
    ? object.codex_turn_id
    : null;
  return id === null ? null : scene.ref("turn", id);
}

function beginOf(object: AnyObject): UnixMs | null {
  if ("execution" in object) return object.execution.started_at_unix_ms;
  if ("first_seen_at_unix_ms" in object) return object.first_seen_at_unix_ms;
  if ("installed_at_unix_ms" in object) return object.installed_at_unix_ms;
  return "started_at_unix_ms" in object ? object.started_at_unix_ms : null;
}

/** Where the first event that names a payload was recorded. */
function ofPayload(scene: ExplainContext, id: string): ObjectHeader {
  const { session, trace, links } = scene;
  const events = session.log === null
    ? []
    : eventsAbout(session.log, trace, links, { kind: "payload", id });
  const event = events[0]?.event;
  const { thread_id: thread = null, codex_turn_id: turn = null } = event ?? {};
  return {
    status: null,
    thread: thread === null ? null : scene.ref("thread", thread),
    turn: turn === null ? null : scene.ref("turn", turn),
    started_at_unix_ms: event?.wall_time_unix_ms ?? null,
  };
}
