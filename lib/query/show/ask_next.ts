/**
 * What is worth asking next, by what a session holds.
 *
 * @module
 */

import type { Failure } from "../failures/failure.ts";
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
  const asked = [
    ...aboutFault(failures, first),
    ...aboutContent(session),
    question("timeline", [], "what happened, in order"),
    question("transcript", [], "what the model saw and said"),
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
  const object = first?.about ??
    failures.find(({ kind, about }) => kind === "substituted" && about !== null)
      ?.about;
  if (object !== null && object !== undefined) {
    asked.push(
      question(
        "explain",
        [object.handle],
        first === null
          ? "what ran in its place"
          : "the first error and its chain",
      ),
    );
  }
  if (errors.length > 1) {
    asked.push(question("timeline", ["--failed"], "everything that failed"));
  }
  return asked;
}

function aboutContent({ trace, names }: Session): NextQuestion[] {
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
  if (last !== undefined) {
    asked.push(question(
      "context",
      ["--at", names.handle("inference_call", last)],
      "what the last prompt was made of",
    ));
  }
  return asked;
}
