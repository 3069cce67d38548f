/**
 * What a word on the command line means in a session: an object's name, or an event's number.
 *
 * @module
 */

import type { DecodedEvent } from "../../format/event.ts";
import type { EventSubject } from "../../format/events/event_subject.ts";
import { codeCellId } from "../../format/ids.ts";
import { subjectsOf } from "../session/event_subjects.ts";
import type { Session } from "../session/session.ts";
import { eventNumber } from "./event_number.ts";
import { nearEvent } from "./near_event.ts";
import {
  OBJECT_KINDS,
  OBJECT_MAPS,
  type ObjectKind,
  type ObjectRef,
} from "./object_kind.ts";
import type { Resolution } from "./object_names.ts";

/**
 * Finds what `word` means. A word of digits, or one such as `seq:9`, is the number of an event
 * and nothing else: it means what the event is about, or else what it stands next to.
 */
export function findObject(
  session: Session,
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
  session: Session,
  decoded: DecodedEvent,
): ObjectRef[] {
  return subjectsOf(decoded).flatMap((subject) =>
    objectOf(session, subject, decoded) ?? []
  );
}

function objectOf(
  session: Session,
  { space, id }: EventSubject,
  { event }: DecodedEvent,
): ObjectRef | undefined {
  const { names } = session;
  switch (space) {
    case "responses_item": {
      const found = names.ofEvents.item(id, event.thread_id);
      return found === undefined ? undefined : names.ref("item", found);
    }
    case "cell_call":
      return held(session, "code_cell", codeCellId(id));
    case "runtime_cell": {
      const cell = names.ofEvents.cell(id, event.seq);
      return cell && names.ref("code_cell", cell.code_cell_id);
    }
    default:
      return held(session, space, id);
  }
}

/** The object, if the graph holds it. */
function held(
  { trace, names }: Session,
  kind: ObjectKind,
  id: string,
): ObjectRef | undefined {
  return trace[OBJECT_MAPS[kind]].has(id) ? names.ref(kind, id) : undefined;
}
