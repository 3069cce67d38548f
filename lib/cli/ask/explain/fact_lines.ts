/**
 * Facts in two columns: what a person calls them, and values with their units.
 *
 * @module
 */

import type { Fact } from "../../../query/explain/answer.ts";
import type { Provenance } from "../../../query/links/provenance.ts";
import {
  bytesOf,
  countOf,
  durationOf,
  momentOf,
  UNKNOWN,
} from "../../../text/figures.ts";
import { columnLines } from "../../text/columns.ts";
import { oneLine } from "../../text/fit.ts";
import type { Paper } from "../../text/paper.ts";

/** What provenances mean, for somebody who does not know the format. */
const PROVENANCES: Readonly<Record<Provenance, string>> = {
  model: "the model said it",
  terminal: "output of a command or process",
  code_cell: "values that a code cell handed out",
  tool: "result of a tool",
  agent: "another agent",
  compaction: "written by a compaction",
  user_role: "the user's role: a person, or context added in it",
  instructions: "instructions and context of the program",
  unknown: UNKNOWN,
};

/** The lines of facts. */
export function factLines(facts: readonly Fact[], paper: Paper): string[] {
  return columnLines({
    columns: [{}, { gives: true }],
    rows: facts.map((fact) => [
      paper.paint.faint(labelOf(fact.name)),
      valueOf(fact, paper),
    ]),
    width: paper.width,
    indent: 2,
  });
}

function labelOf(name: string): string {
  return name === "provenance"
    ? "comes from"
    : name.replace(/(?:_unix)?_ms$/, "").replaceAll("_", " ")
      .replace(/ bytes$/, "");
}

function valueOf({ name, value, object }: Fact, paper: Paper): string {
  const { paint, width } = paper;
  if (object !== null) {
    const handle = paint.name(oneLine(object.handle, width));
    return typeof value === "string"
      ? `${handle}  ${oneLine(value, width)}`
      : handle;
  }
  if (value === null) return paint.faint(UNKNOWN);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") {
    const text = isProvenance(name, value) ? PROVENANCES[value] : value;
    const shown = oneLine(text, width);
    return name === "error" ? paint.bad(shown) : shown;
  }
  if (name.endsWith("_unix_ms")) return momentOf(value);
  if (name.endsWith("_ms")) return durationOf(value);
  return name.endsWith("_bytes") && typeof value === "number"
    ? bytesOf(value)
    : countOf(value);
}

function isProvenance(name: string, value: string): value is Provenance {
  return name === "provenance" && Object.hasOwn(PROVENANCES, value);
}
