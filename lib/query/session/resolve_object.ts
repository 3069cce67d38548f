/**
 * What a word on the command line means in a session: an object's name, or an event's number.
 *
 * @module
 */

import type { DecodedEvent } from "../../format/event.ts";
import type { EventSubject } from "../../format/events/event_description.ts";
import { codeCellId } from "../../format/ids.ts";
import { subjectsOf } from "./event_index.ts";
import type { TraceSession } from "./session.ts";
import {
  OBJECT_KINDS,
  OBJECT_MAPS,
  type ObjectKind,
  type ObjectRef,
} from "./names/object_kind.ts";
import type { Resolution } from "./names/object_names.ts";
import type { Integer } from "../../format/vocabulary.ts";

/**
 * Finds what `word` means. A word of digits, or one such as `seq:9`, is the number of an event
 * and nothing else: it means what the event is about, or else the nearest object.
 */
export function findObject(
  session: TraceSession,
  word: string,
  kinds: readonly ObjectKind[] = OBJECT_KINDS,
): Resolution {
  const seq = eventNumber(word);
  if (seq === undefined) return session.names.resolve(word, kinds);
  const event = session.log?.at(seq);
  if (event === undefined) return { type: "unknown" };
  const ref = objectsOf(session, event)
    .find(({ kind }) => kinds.includes(kind)) ??
    nearEvent(session, event, kinds);
  return ref === undefined ? { type: "unknown" } : { type: "found", ref };
}

/** The objects of the graph that an event is about: the one it happened to first. */
export function objectsOf(
  session: TraceSession,
  decoded: DecodedEvent,
): ObjectRef[] {
  return subjectsOf(decoded).flatMap((subject) =>
    objectOf(session, subject, decoded) ?? []
  );
}

function objectOf(
  session: TraceSession,
  { space, id }: EventSubject,
  decoded: DecodedEvent,
): ObjectRef | undefined {
  const { names } = session;
  const { event } = decoded;
  switch (space) {
    case "responses_item": {
      const found = names.ofEvents.item(id, event.thread_id);
      return found === undefined ? undefined : names.ref("item", found);
    }
    case "cell_call":
      return ofOwnThread(session, decoded, "code_cell", codeCellId(id));
    case "runtime_cell": {
      const cell = names.ofEvents.cell(id, event.seq);
      return cell && names.ref("code_cell", cell.code_cell_id);
    }
    case "tool_call":
      return ofOwnThread(session, decoded, space, id);
    default:
      return held(session, space, id);
  }
}

/** The object, if the graph holds it: in another thread, the same id is that of another call. */
function ofOwnThread(
  session: TraceSession,
  decoded: DecodedEvent,
  kind: "code_cell" | "tool_call",
  id: string,
): ObjectRef | undefined {
  const thread = threadOfEvent(session, decoded);
  const { thread_id: own } = session.trace[OBJECT_MAPS[kind]].get(id) ?? {};
  const isOther = thread !== null && own !== thread;
  return isOther ? undefined : held(session, kind, id);
}

/** The object, if the graph holds it. */
function held(
  { trace, names }: TraceSession,
  kind: ObjectKind,
  id: string,
): ObjectRef | undefined {
  return trace[OBJECT_MAPS[kind]].has(id) ? names.ref(kind, id) : undefined;
}

/**
 * The nearest object of some kinds: the turn that an event happened in, its thread, and the root
 * thread for events of the session. Where only requests are meant, the latest that had started by
 * then: of the event's thread where it has one.
 */
function nearEvent(
  session: TraceSession,
  decoded: DecodedEvent,
  kinds: readonly ObjectKind[],
): ObjectRef | undefined {
  if (kinds.every((kind) => kind === "inference_call")) {
    return latestRequest(session, decoded);
  }
  const { trace, names } = session;
  const { codex_turn_id: turn } = decoded.event;
  const around = [
    ["turn", turn],
    ["thread", threadOfEvent(session, decoded)],
    ["thread", trace.root_thread_id],
  ] as const;
  for (const [kind, id] of around) {
    if (id !== null && kinds.includes(kind) && names.has(kind, id)) {
      return names.ref(kind, id);
    }
  }
  return undefined;
}

/** The thread that an event happened in, by its turn where it names none; null for neither. */
function threadOfEvent(
  { trace }: TraceSession,
  { event }: DecodedEvent,
): string | null {
  const { thread_id: thread, codex_turn_id: turn } = event;
  if (thread !== null || turn === null) return thread;
  return trace.codex_turns.get(turn)?.thread_id ?? null;
}

function latestRequest(
  session: TraceSession,
  decoded: DecodedEvent,
): ObjectRef | undefined {
  const { trace, names } = session;
  const thread = threadOfEvent(session, decoded);
  let latest: { readonly id: string; readonly seq: Integer } | undefined;
  for (const [id, call] of trace.inference_calls) {
    const { started_seq: seq } = call.execution;
    if (seq > decoded.event.seq) continue;
    if (thread !== null && call.thread_id !== thread) continue;
    if (latest === undefined || seq >= latest.seq) latest = { id, seq };
  }
  return latest && names.ref("inference_call", latest.id);
}

const EVENT_NUMBER = /^(?:seq:)?(\d{1,20})$/;

/** The number of the event that a word means; `undefined` where it means none. */
export function eventNumber(word: string): bigint | undefined {
  const digits = EVENT_NUMBER.exec(word)?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}
