/**
 * Facts in two columns: what a person calls them, and values with their units.
 *
 * @module
 */

import type { Fact } from "../../../query/explain/explain_answer.ts";
import type { Provenance } from "../../../query/evidence/links/provenance.ts";
import {
  bytesOf,
  countOf,
  durationOf,
  momentOf,
  UNKNOWN,
} from "../../../text/figures.ts";
import { columnLines } from "../../text/columns.ts";
import { oneLine } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";

/** What provenances mean, for a reader who does not know the format. */
const PROVENANCES: Readonly<Record<Provenance, string>> = {
  model: "written by the model",
  terminal: "output of a command or process",
  code_cell: "values that a code cell handed out",
  cell_notification: "sent by notify() in a code cell",
  tool: "result of a tool",
  agent: "another agent",
  compaction: "written by a compaction",
  user_role: "the user's role: a person, or context added in it",
  instructions: "instructions and context of the program",
  unknown: UNKNOWN,
};

/** Names that need an explanation. */
const LABELS: ReadonlyMap<string, string> = new Map([
  ["provenance", "origin"],
  ["protocol_event", "event"],
  ["partially_recorded_requests_that_may_have", "may have carried it"],
  ["protocol_message", "message"],
  ["tool_own_error", "the tool's own error"],
]);

export function factLines(
  facts: readonly Fact[],
  render: RenderOptions,
): string[] {
  return columnLines({
    columns: [{}, { shrinkable: true }],
    rows: facts.filter((fact) => isInformative(fact, facts)).map((fact) => [
      render.style.dim(labelOf(fact)),
      valueOf(fact, render),
    ]),
    width: render.width,
    indent: 2,
  });
}

/** Values that are so common that they are omitted. */
const USUAL: ReadonlyMap<string, Fact["value"]> = new Map<
  string,
  Fact["value"]
>([
  ["code_cells", 0],
  ["compactions", 0],
  ["compactions_that_replaced_it", 0],
  ["cut_short_in_graph", false],
  ["parts", 1],
  ["waits_for_it", 0],
]);

function isInformative({ name, value }: Fact, all: readonly Fact[]): boolean {
  const isSame = name === "kind" &&
    all.some((other) => other.name === "tool" && other.value === value);
  // Another fact has how much of the text was recorded.
  if (name === "text_bytes" && value === null) return false;
  return !isSame && (value === null || USUAL.get(name) !== value);
}

/** The label of a fact: its name without the unit, which the value shows. */
function labelOf({ name, unit }: Fact): string {
  const end = unit === null ? name.length : -unit.length - 1;
  return LABELS.get(name) ?? name.slice(0, end).replaceAll("_", " ");
}

function valueOf(
  { name, unit, value, object }: Fact,
  render: RenderOptions,
): string {
  const { style, width } = render;
  if (object !== null) {
    const handle = style.id(oneLine(object.handle, width));
    return typeof value === "string"
      ? `${handle}  ${oneLine(value, width)}`
      : handle;
  }
  if (value === null) return style.dim(UNKNOWN);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") {
    const text = isProvenance(name, value) ? PROVENANCES[value] : value;
    const shown = oneLine(text, width);
    return name === "error" ? style.error(shown) : shown;
  }
  switch (unit) {
    case "unix_ms":
      return momentOf(value, render.isLocal);
    case "ms":
      return durationOf(value);
    case "bytes":
      return bytesOf(Number(value));
    case null:
      return countOf(value);
  }
}

function isProvenance(name: string, value: string): value is Provenance {
  return name === "provenance" && Object.hasOwn(PROVENANCES, value);
}
