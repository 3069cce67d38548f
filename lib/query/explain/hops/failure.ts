/**
 * What else went wrong because something did: turns that failed with a request, and what the
 * user was told.
 *
 * @module
 */

import { evidenceFrom } from "../../evidence/links/evidence.ts";
import type { Failure } from "../../failures/failure.ts";
import type { ObjectKind } from "../../session/names/object_kind.ts";
import type { Hop } from "../hop.ts";
import type { Scene } from "../scene.ts";

/** The objects that failed because of an object, and the payloads in which the user was told. */
export function failedBecauseOf(
  scene: Scene,
  kind: ObjectKind,
  id: string,
): Hop[] {
  return scene.failuresBecauseOf(kind, id)
    .flatMap((failure): Hop[] => {
      const { about } = failure;
      const [told] = about === null ? failure.evidence : [about];
      return told === undefined ? [] : [{
        ...scene.hop(
          about === null ? "reported_to_user_in" : "caused_failure_of",
          told,
        ),
        evidence: () => evidenceOf(scene, failure),
        // A turn began long before the request that it failed with.
        beganBefore: true,
        leaf: true,
      }];
    });
}

/** The objects whose failures a payload tells of, without being named by them. */
export function failuresTold(scene: Scene, payload: string): Hop[] {
  return scene.failuresIn(payload).flatMap(({ about, caused_by: cause }) => {
    const to = about ?? cause;
    return to === null
      ? []
      : [scene.hop("evidence_for", to, ["payload", payload, "all"])];
  });
}

function evidenceOf({ session }: Scene, { seq }: Failure) {
  const event = seq === null ? undefined : session.log?.at(seq);
  return event === undefined ? [] : [evidenceFrom(session, event)];
}
