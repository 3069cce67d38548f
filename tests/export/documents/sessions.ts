/**
 * The sessions whose documents are tested, and their trajectories.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { AtifTrajectory } from "../../../lib/export/documents/atif.ts";
import { atifLine } from "../../../lib/export/documents/trajectory.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { everyCase, handMadeCases } from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";

/** Recorded sessions of every sort, also those that broke off or lost events. */
export const BUNDLES = [
  ...everyCase().filter(({ state }) => state !== undefined),
  ...handMadeCases(join(TESTDATA, "broken")),
].map(({ name, bundle }) => ({ name, bundle, session: openBundle(bundle) }));

/** The trajectory of a session, and those embedded in it. */
export function trajectories(
  session: TraceSession,
  texts: boolean,
): AtifTrajectory[] {
  const line = [...atifLine(session, { texts })].join("");
  if (line === "") return [];
  assertEquals(line.indexOf("\n"), line.length - 1);
  return withEmbedded(JSON.parse(line));
}

function withEmbedded(trajectory: AtifTrajectory): AtifTrajectory[] {
  const embedded = trajectory.subagent_trajectories ?? [];
  return [trajectory, ...embedded.flatMap(withEmbedded)];
}
