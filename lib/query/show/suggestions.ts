/**
 * What is worth asking next, by what a session holds.
 *
 * @module
 */

import { threadOfAnchor } from "../evidence/links/graph_links.ts";
import type { Failure, FailureKind } from "../failures/failure.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import { threadItems } from "../evidence/recorded/thread_items.ts";
import { requestCapture } from "../evidence/recorded/effective_request.ts";
import type { TraceSession } from "../session/session.ts";
import type { Suggestion } from "../session/suggestion.ts";

/** More are not read. */
const MOST = 4;

/** Two to four commands, the most useful first. */
export function suggestionsOf(
  session: TraceSession,
  failures: readonly Failure[],
  first: Failure | null,
): Suggestion[] {
  if (session.sessionLog !== undefined) return ofSessionLog(session);
  const lost = (session.extent?.skipped_events ?? 0) > 0;
  const asked = [
    ...lost
      ? [question("timeline", ["--kind", "loss"], "what could not be reduced")]
      : [],
    ...aboutFault(failures, first),
    ...aboutContent(session, first),
    ...hasAny(session)
      ? [question("timeline", [], "what happened, in order")]
      : [],
    ...hasMessages(session)
      ? [question("transcript", [], "the conversation")]
      : [],
    question("stats", [], "where time and tokens went"),
  ];
  return asked.slice(0, MOST);
}

/** The questions that a session log can answer. */
function ofSessionLog(session: TraceSession): Suggestion[] {
  return [
    ...hasMessages(session)
      ? [question("transcript", [], "the conversation")]
      : [],
    question("timeline", [], "what happened, in order"),
    question("stats", [], "figures of turns and tools"),
  ];
}

function question(
  command: string,
  args: readonly string[],
  reason: string,
): Suggestion {
  return { command, args, reason };
}

function aboutFault(
  failures: readonly Failure[],
  first: Failure | null,
): Suggestion[] {
  const errors = failures.filter(({ severity }) => severity === "error");
  const asked: Suggestion[] = [];
  const last = (kind: FailureKind) =>
    failures.findLast((each) => each.kind === kind && each.about !== null)
      ?.about ?? null;
  const explain = (object: ObjectRef | null, why: string) => {
    if (object !== null) asked.push(question("explain", [object.handle], why));
  };
  if (first === null) explain(last("tool_mismatch"), "what ran in its place");
  else if (first.about !== null) {
    explain(first.about, "the first error and its chain");
  } else if (first.kind === "incomplete") {
    explain(last("incomplete"), "what ran when the recording stopped");
  }
  if (errors.length > 1) {
    asked.push(question("timeline", ["--failed"], "everything that failed"));
  }
  return asked;
}

/** A log of which only the beginning was kept has no order. */
function hasAny({ trace }: TraceSession): boolean {
  return trace.threads.size > 0;
}

/** Whether the root, whose transcript is shown first, has one. */
function hasMessages({ trace }: TraceSession): boolean {
  const root = trace.threads.get(trace.root_thread_id);
  return root !== undefined && threadItems(trace, root.thread_id).length > 0;
}

function aboutContent(
  session: TraceSession,
  first: Failure | null,
): Suggestion[] {
  const { trace, names, payloads } = session;
  const asked: Suggestion[] = [];
  const [compaction] = trace.compactions.keys();
  if (compaction !== undefined) {
    asked.push(question(
      "explain",
      [names.handle("compaction", compaction)],
      "what the compaction kept",
    ));
  }
  const report = reportOf(session, first);
  const edge = report ?? names.all("edge")[0];
  if (edge !== undefined) {
    const why = report === undefined
      ? "how agents reached one another"
      : "its report to another agent";
    asked.push(question("explain", [edge.handle], why));
  }
  const [cell] = trace.code_cells.keys();
  if (cell !== undefined) {
    asked.push(question(
      "explain",
      [names.handle("code_cell", cell)],
      "what a piece of code called",
    ));
  }
  const calls = [...trace.inference_calls.values()];
  const recorded = calls.findLast((call) =>
    requestCapture(session, call) === null
  );
  const last = recorded?.inference_call_id;
  // Prompts are in payloads.
  if (last !== undefined && payloads !== null) {
    asked.push(question(
      "context",
      ["--at", names.handle("inference_call", last)],
      recorded === calls.at(-1)
        ? "what the last prompt was made of"
        : "what the last recorded prompt was made of",
    ));
  }
  return asked;
}

/** The edge by which the agent that failed reported to another; of several, the first. */
function reportOf(
  { trace, names }: TraceSession,
  first: Failure | null,
): ObjectRef | undefined {
  const failed = first?.thread?.id;
  return names.all("edge").find(({ id }) => {
    const edge = trace.interaction_edges.get(id);
    return failed !== undefined && edge?.kind === "agent_result" &&
      threadOfAnchor(trace, edge.source) === failed;
  });
}
