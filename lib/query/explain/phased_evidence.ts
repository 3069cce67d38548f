/**
 * The evidence about an object, by the phase of its life.
 *
 * @module
 */

import type { EventPhase } from "../../format/events/event_description.ts";
import { eventsAbout } from "../evidence/links/events_about.ts";
import {
  type Evidence,
  evidenceFrom,
  getEvidence,
} from "../evidence/links/evidence.ts";
import type { GraphLinks } from "../evidence/links/graph_links.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { Session } from "../session/session.ts";

/** Which of the events about an object: those of one phase of its life, or all. */
export type EvidencePart = "all" | EventPhase;

/** Evidence, and the phase that it belongs to; undefined without the log. */
export interface PhasedEvidence {
  readonly evidence: Evidence;
  readonly phase: EventPhase | undefined;
}

/** Everything that the bundle has about an object, with the phase that each belongs to. */
export function phasedEvidence(
  session: Session,
  links: GraphLinks,
  about: Pick<ObjectRef, "kind" | "id">,
): PhasedEvidence[] {
  const { log, trace } = session;
  if (log === null) {
    return getEvidence(session, links, about)
      .map((evidence) => ({ evidence, phase: undefined }));
  }
  return eventsAbout(log, trace, links, about).map((event) => ({
    evidence: evidenceFrom(session, event),
    phase: event.meaning.phase,
  }));
}

/** The evidence of one part of an object's life. */
export function partOf(
  all: readonly PhasedEvidence[],
  part: EvidencePart,
  hasLog: boolean,
): readonly PhasedEvidence[] {
  if (part === "all") return all;
  if (hasLog) return all.filter(({ phase }) => phase === part);
  // Without a log, the graph knows the number of the first event and those of the others.
  if (part === "start") return all.slice(0, 1);
  return part === "end" ? all.slice(1) : [];
}
