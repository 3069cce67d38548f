/**
 * What a payload is evidence for.
 *
 * @module
 */

import { objectsOf } from "../../session/resolve_object.ts";
import type { Hop } from "../hop.ts";
import { failuresTold } from "./failure.ts";
import type { Scene } from "../scene.ts";

/** An item is a part of every later prompt: of these payloads, the first ones are enough. */
const MAX_CONTAINERS = 12;

/** The objects that name a payload, and those that its events are about. */
export function payloadOrigin(scene: Scene, id: string): Hop[] {
  let containers = 0;
  const naming = scene.links.to("payload", id)
    .filter(({ role }) =>
      role !== "body_payload" &&
      (role !== "part_payload" || ++containers <= MAX_CONTAINERS)
    )
    .map(({ from, role }): Hop => ({
      ...scene.hop("evidence_for", from, ["payload", id, "all"]),
      note: role.replace(/_payload$/, "").replaceAll("_", " "),
    }));
  const known = new Set(naming.map(({ to }) => `${to.kind} ${to.id}`));
  const { log } = scene.session;
  const about = (log?.about("payload", id) ?? []).flatMap((event) =>
    objectsOf(scene.session, event)
  ).filter(({ kind, id }) =>
    kind !== "payload" && !known.has(`${kind} ${id}`) &&
    known.add(`${kind} ${id}`)
  );
  const failures = failuresTold(scene, id).filter(({ to }) =>
    !known.has(`${to.kind} ${to.id}`)
  );
  return [
    ...naming,
    ...failures,
    ...about.map((to) => scene.hop("evidence_for", to, ["payload", id, "all"])),
  ];
}

/** The items whose bodies are cut short and stand whole in a payload. */
export function payloadLeads(scene: Scene, id: string): Hop[] {
  const items = new Set(
    scene.links.to("payload", id, "body_payload").map(({ from }) => from.id),
  );
  return [...items].map((item): Hop => ({
    ...scene.hop("body_of", { kind: "item", id: item }, ["payload", id, "all"]),
    leaf: true,
  }));
}
