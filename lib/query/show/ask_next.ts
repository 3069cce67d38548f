/**
 * What is worth asking next, by what a session holds.
 *
 * @module
 */

import type { Failure, FailureKind } from "../failures/failure.ts";
import type { ObjectRef } from "../names/object_kind.ts";
import type { Session } from "../session/session.ts";
import type { NextQuestion } from "./show_answer.ts";

/** More are not read. */
const MOST = 4;

/** Two to four questions, the most telling first. */
export function askNext(
  session: Session,
  failures: readonly Failure[],
  first: Failure | null,
): NextQuestion[] {
  const lost = (session.extent?.skipped_events ?? 0) > 0;
  const asked = [
    ...lost ? [question("check", [], "what could not be reduced")] : [],
    ...aboutFault(failures, first),
    ...aboutContent(session),
    question("timeline", [], "what happened, in order"),
    ...session.trace.conversation_items.size > 0
      ? [question("transcript", [], "what the model saw and said")]
      : [],
    question("stats", [], "where time and tokens went"),
  ];
  return asked.slice(0, MOST);
}

function question(
  command: string,
  words: readonly string[],
  why: string,
): NextQuestion {
  return { command, words, why };
}

function aboutFault(
  failures: readonly Failure[],
  first: Failure | null,
): NextQuestion[] {
  const errors = failures.filter(({ severity }) => severity === "error");
  const asked: NextQuestion[] = [];
  const last = (kind: FailureKind) =>
    failures.findLast((each) => each.kind === kind && each.about !== null)
      ?.about ?? null;
  const explain = (object: ObjectRef | null, why: string) => {
    if (object !== null) asked.push(question("explain", [object.handle], why));
  };
  if (first === null) explain(last("substituted"), "what ran in its place");
  else if (first.about !== null) {
    explain(first.about, "the first error and its chain");
  } else if (first.kind === "unended") {
    explain(last("unended"), "what ran when the recording stopped");
  }
  if (errors.length > 1) {
    asked.push(question("timeline", ["--failed"], "everything that failed"));
  }
  return asked;
}

function aboutContent({ trace, names, payloads }: Session): NextQuestion[] {
  const asked: NextQuestion[] = [];
  const [compaction] = trace.compactions.keys();
  if (compaction !== undefined) {
    asked.push(question(
      "explain",
      [names.handle("compaction", compaction)],
      "what the compaction kept",
    ));
  }
  const [edge] = trace.interaction_edges.keys();
  if (edge !== undefined) {
    asked.push(question(
      "explain",
      [names.handle("edge", edge)],
      "how agents reached one another",
    ));
  }
  const [cell] = trace.code_cells.keys();
  if (cell !== undefined) {
    asked.push(question(
      "explain",
      [names.handle("code_cell", cell)],
      "what a piece of code called",
    ));
  }
  const last = [...trace.inference_calls.keys()].at(-1);
  // Prompts stand in payloads.
  if (last !== undefined && payloads !== null) {
    asked.push(question(
      "context",
      ["--at", names.handle("inference_call", last)],
      "what the last prompt was made of",
    ));
  }
  return asked;
}
