/**
 * The events of a log, found by their number and by what they are about.
 *
 * The graph names the events that started and ended an object; everything in between, and the
 * recorder's own error texts, is only in the log.
 *
 * @module
 */

import type { DecodedEvent } from "../../format/event.ts";
import type {
  EventSubject,
  SubjectSpace,
} from "../../format/events/event_description.ts";
import type { Integer } from "../../format/vocabulary.ts";

const NONE: readonly DecodedEvent[] = [];

/** Looks up the events of one log. */
export class EventIndex {
  /** Every event that could be read, in the order of the log. */
  readonly events: readonly DecodedEvent[];
  /** By the number itself: a text of digits for each takes time that grows faster than the log. */
  #bySeq: Map<Integer, DecodedEvent> | undefined;
  #bySubject: SubjectIndex | undefined;

  readonly #skippedLines: ReadonlySet<number>;

  /**
   * Takes the events in the order of the log.
   *
   * @param skippedLines Lines of events that the reducer skipped. Such an event is about no object
   * of the graph: one of the same id is another one. Its payloads are still found.
   */
  constructor(
    events: readonly DecodedEvent[],
    skippedLines: ReadonlySet<number> = new Set(),
  ) {
    this.events = events;
    this.#skippedLines = skippedLines;
  }

  /** The event with a sequence number; of several, the first. */
  at(seq: Integer): DecodedEvent | undefined {
    if (this.#bySeq === undefined) {
      this.#bySeq = new Map();
      for (const each of this.events) {
        const { seq } = each.event;
        if (!this.#bySeq.has(seq)) this.#bySeq.set(seq, each);
      }
    }
    return this.#bySeq.get(exact(seq));
  }

  /** The events about one object, in the order of the log. */
  about(space: SubjectSpace, id: string): readonly DecodedEvent[] {
    this.#bySubject ??= indexed(this.events, this.#skippedLines);
    return this.#bySubject.get(space)?.get(id) ?? NONE;
  }
}

/** A number as the log has it: a `bigint` only where no number is exact. */
function exact(seq: Integer): Integer {
  return seq <= Number.MAX_SAFE_INTEGER ? Number(seq) : seq;
}

/** Events by what they are about: space → id → events. */
type SubjectIndex = Map<SubjectSpace, Map<string, DecodedEvent[]>>;

function indexed(
  events: readonly DecodedEvent[],
  skippedLines: ReadonlySet<number>,
): SubjectIndex {
  const index: SubjectIndex = new Map();
  for (const each of events) {
    const isSkipped = skippedLines.has(each.line);
    for (const { space, id } of subjectsOf(each)) {
      if (isSkipped && space !== "payload") continue;
      let ids = index.get(space);
      if (ids === undefined) index.set(space, ids = new Map());
      const found = ids.get(id);
      if (found === undefined) ids.set(id, [each]);
      else if (found.at(-1) !== each) found.push(each);
    }
  }
  return index;
}

/** Every id that an event is about: what happened to which object first, payloads last. */
export function subjectsOf(decoded: DecodedEvent): EventSubject[] {
  const { event, payloads, meaning } = decoded;
  const subjects = [...meaning.subjects(event.payload, event.thread_id)];
  for (const ref of payloads) {
    subjects.push({ space: "payload", id: ref.raw_payload_id });
  }
  return subjects;
}
