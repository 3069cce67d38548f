/**
 * What an event is about: the ids it names, each with the space it belongs to.
 *
 * @module
 */

import type { DecodedEvent } from "../../format/event.ts";
import type { EventSubject } from "../../format/events/event_subject.ts";

export type { SubjectSpace } from "../../format/events/event_subject.ts";

/** Every id that an event is about: what happened to which object first, payloads last. */
export function subjectsOf(decoded: DecodedEvent): EventSubject[] {
  const { event, payloads, meaning } = decoded;
  const subjects = [...meaning.subjects(event.payload, event.thread_id)];
  for (const ref of payloads) {
    subjects.push({ space: "payload", id: ref.raw_payload_id });
  }
  return subjects;
}
