/**
 * Explains one object: what is known of it, where it comes from, what it led to, and by what
 * evidence.
 *
 * @module
 */

import type { Failure } from "../failures/failure.ts";
import { failuresOf } from "../failures/failures_of.ts";
import type { GraphLinks } from "../links/graph_links.ts";
import { OBJECT_MAPS, type ObjectRef } from "../names/object_kind.ts";
import type { Session } from "../session/session.ts";
import type { ExplainAnswer } from "./answer.ts";
import { circumstancesOf } from "./circumstances.ts";
import { comparisonsOf } from "./comparison/compare.ts";
import { describe } from "./describe.ts";
import { factsOf } from "./facts/facts.ts";
import { leadHops, originHops } from "./hops/hops.ts";
import { Scene } from "./scene.ts";
import { suggestionsFor } from "./suggest.ts";
import { chainFrom } from "./walk.ts";

/** How an object is explained. */
export interface ExplainOptions {
  /** Steps from the object to the end of a chain; by default 7 back and 3 ahead. */
  readonly depth?: number;
  /** The links of the session's graph, where somebody has them already. */
  readonly links?: GraphLinks;
  /** What went wrong in the session, where somebody knows already. */
  readonly failures?: readonly Failure[];
}

/** What leads to an object is a line of steps; what it leads to branches. */
const USUAL_ORIGIN = 7;
const USUAL_LEADS = 3;

/** Everything about one object; null where the graph does not hold it. */
export function explainObject(
  session: Session,
  object: ObjectRef,
  options: ExplainOptions = {},
): ExplainAnswer | null {
  if (!session.trace[OBJECT_MAPS[object.kind]].has(object.id)) return null;
  const scene = new Scene(session, options.links);
  const { depth } = options;
  const origin = chainFrom(scene, object, originHops, depth ?? USUAL_ORIGIN);
  const leads = chainFrom(scene, object, leadHops, depth ?? USUAL_LEADS);
  const evidence = scene.evidence(object.kind, object.id, "all");
  return {
    object,
    text: describe(scene, object),
    ...circumstancesOf(scene, object),
    facts: factsOf(scene, object),
    evidence,
    failures: failuresWith(
      session,
      object,
      options.failures ?? failuresOf(session),
    ),
    origin,
    leads_to: leads,
    comparisons: comparisonsOf(scene, object),
    ask_next: suggestionsFor(scene, object, evidence, [origin, leads]),
  };
}

/** What went wrong with an object, and with the process that a call started and left running. */
function failuresWith(
  { trace }: Session,
  { kind, id }: ObjectRef,
  failures: readonly Failure[],
): Failure[] {
  const operation = kind === "tool_call"
    ? trace.tool_calls.get(id)?.terminal_operation_id
    : undefined;
  return failures.filter(({ about }) =>
    about !== null && (
      about.kind === kind && about.id === id ||
      about.kind === "terminal_operation" && about.id === operation
    )
  );
}
