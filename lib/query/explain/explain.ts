/**
 * Explains one object: its facts, its causes, its effects, and the
 * evidence.
 *
 * @module
 */

import type { Failure } from "../failures/failure.ts";
import { evidenceFrom } from "../evidence/links/evidence.ts";
import { getOutcomes } from "../failures/outcome/outcomes.ts";
import type { GraphLinks } from "../evidence/links/graph_links.ts";
import { OBJECT_MAPS, type ObjectRef } from "../session/names/object_kind.ts";
import type { TraceSession } from "../session/session.ts";
import type { ExplainAnswer } from "./explain_answer.ts";
import { objectHeader } from "./object_header.ts";
import { comparisonsOf } from "./comparison/compare.ts";
import { describe } from "./describe.ts";
import { factsOf } from "./facts/facts.ts";
import { downstreamLinks, upstreamLinks } from "./relations/relations.ts";
import { ExplainContext } from "./explain_context.ts";
import { suggestionsFor } from "./suggestions.ts";
import { chainFrom, type Direction } from "./traverse.ts";

/** How an object is explained. */
export interface ExplainOptions {
  /** Steps from the object to the end of a chain; by default 3 back and 2 ahead. */
  readonly depth?: number;
  /** The links of the session's graph, for callers that have them. */
  readonly links?: GraphLinks;
  /** The failures of the session, for callers that have them. */
  readonly failures?: readonly Failure[];
}

/** What leads to an object is a line of steps; what it leads to branches. */
const BACK: Direction = { find: upstreamLinks, isAhead: false };
const AHEAD: Direction = { find: downstreamLinks, isAhead: true };
const DEFAULT_UPSTREAM = 3;
const DEFAULT_DOWNSTREAM = 2;

/** Everything about one object; null where the graph does not hold it. */
export function explain(
  session: TraceSession,
  object: ObjectRef,
  options: ExplainOptions = {},
): ExplainAnswer | null {
  if (!session.trace[OBJECT_MAPS[object.kind]].has(object.id)) return null;
  const context = new ExplainContext(session, options.links, options.failures);
  const { depth } = options;
  const origin = chainFrom(context, object, BACK, depth ?? DEFAULT_UPSTREAM);
  const leads = chainFrom(context, object, AHEAD, depth ?? DEFAULT_DOWNSTREAM);
  const evidence = context.evidence(object.kind, object.id, "all")
    .map((each) => evidenceFrom(session, each));
  return {
    object,
    text: describe(context, object),
    outcome: getOutcomes(session).of(object),
    ...objectHeader(context, object),
    facts: factsOf(context, object),
    evidence,
    failures: failuresWith(session, object, context.failures),
    upstream: origin.steps,
    upstream_truncated: origin.cut,
    downstream: leads.steps,
    downstream_truncated: leads.cut,
    comparisons: comparisonsOf(context, object),
    suggestions: suggestionsFor(context, object, evidence, [
      origin.steps,
      leads.steps,
    ]),
  };
}

/**
 * The failures of an object, of the process that a call started and left running, or those in a
 * payload.
 */
function failuresWith(
  { trace }: TraceSession,
  object: ObjectRef,
  failures: readonly Failure[],
): Failure[] {
  const { kind, id } = object;
  const operation = kind === "tool_call"
    ? trace.tool_calls.get(id)?.terminal_operation_id ?? null
    : null;
  return failures.filter(({ about, evidence }) =>
    isSame(about, object) ||
    (about?.kind === "terminal_operation" && about.id === operation) ||
    (kind === "payload" && evidence.some((each) => isSame(each, object)))
  );
}

function isSame(one: ObjectRef | null, { kind, id }: ObjectRef): boolean {
  return one?.kind === kind && one.id === id;
}
