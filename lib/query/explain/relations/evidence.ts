/**
 * What a payload is evidence for.
 *
 * @module
 */

import { objectsOf } from "../../session/resolve_object.ts";
import type { Link } from "../link.ts";
import type { ExplainContext } from "../explain_context.ts";
import type { Failure } from "../../failures/failure.ts";
import type { ObjectKind } from "../../session/names/object_kind.ts";

/** An item is a part of every later prompt: of these payloads, the first ones are enough. */
const MAX_CONTAINERS = 12;

/** The objects that name a payload, and those that its events are about. */
export function payloadOrigin(context: ExplainContext, id: string): Link[] {
  let containers = 0;
  const naming = context.links.to("payload", id)
    .filter(({ role }) =>
      role !== "body_payload" &&
      (role !== "part_payload" || ++containers <= MAX_CONTAINERS)
    )
    .map(({ from, role }): Link => ({
      ...context.link("evidence_for", from, ["payload", id, "all"]),
      note: role.replace(/_payload$/, "").replaceAll("_", " "),
    }));
  const known = new Set(naming.map(({ to }) => `${to.kind} ${to.id}`));
  const { log } = context.session;
  const about = (log?.about("payload", id) ?? []).flatMap((event) =>
    objectsOf(context.session, event)
  ).filter(({ kind, id }) =>
    kind !== "payload" && !known.has(`${kind} ${id}`) &&
    known.add(`${kind} ${id}`)
  );
  const failures = failuresInPayload(context, id).filter(({ to }) =>
    !known.has(`${to.kind} ${to.id}`)
  );
  return [
    ...naming,
    ...failures,
    ...about.map((to) =>
      context.link("evidence_for", to, ["payload", id, "all"])
    ),
  ];
}

/** The items with truncated bodies whose complete content is in a payload. */
export function payloadLeads(context: ExplainContext, id: string): Link[] {
  const items = new Set(
    context.links.to("payload", id, "body_payload").map(({ from }) => from.id),
  );
  return [...items].map((item): Link => ({
    ...context.link("body_of", { kind: "item", id: item }, [
      "payload",
      id,
      "all",
    ]),
    leaf: true,
  }));
}

/** The objects that failed because of an object, and the payloads in which that was reported to the user. */
export function failedBecauseOf(
  context: ExplainContext,
  kind: ObjectKind,
  id: string,
): Link[] {
  return context.failuresBecauseOf(kind, id)
    .flatMap((failure): Link[] => {
      const { about } = failure;
      const [failed] = about === null ? failure.evidence : [about];
      return failed === undefined ? [] : [{
        ...context.link(
          about === null
            ? "reported_to_user_in"
            : context.interruptedTurns.get(about.id)?.tool_call_id === id
            ? "interrupted_turn"
            : "caused_failure_of",
          failed,
        ),
        evidence: () => evidenceOf(context, failure),
        // A turn began long before the request that it failed with.
        beganBefore: true,
        leaf: true,
      }];
    });
}

/** The objects whose failures are in a payload, without being named by them. */
function failuresInPayload(context: ExplainContext, payload: string): Link[] {
  return context.failuresIn(payload).flatMap(({ about, caused_by: cause }) => {
    const to = about ?? cause;
    return to === null
      ? []
      : [context.link("evidence_for", to, ["payload", payload, "all"])];
  });
}

function evidenceOf({ session }: ExplainContext, { seq }: Failure) {
  const event = seq === null ? undefined : session.log?.at(seq);
  return event === undefined ? [] : [event];
}
