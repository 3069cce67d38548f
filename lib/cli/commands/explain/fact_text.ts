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

/** The lines of facts. */
export function factLines(
  facts: readonly Fact[],
  render: RenderOptions,
): string[] {
  return columnLines({
    columns: [{}, { shrinkable: true }],
    rows: facts.filter((fact) => isInformative(fact, facts)).map((fact) => [
      render.style.dim(labelOf(fact.name)),
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

function labelOf(name: string): string {
  const words = LABELS.get(name);
  return words !== undefined
    ? words
    : name.replace(/(?:_unix)?_ms$/, "").replaceAll("_", " ")
      .replace(/ bytes$/, "");
}

function valueOf({ name, value, object }: Fact, render: RenderOptions): string {
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
  if (name.endsWith("_unix_ms")) return momentOf(value);
  if (name.endsWith("_ms")) return durationOf(value);
  return name.endsWith("_bytes") && typeof value === "number"
    ? bytesOf(value)
    : countOf(value);
}

function isProvenance(name: string, value: string): value is Provenance {
  return name === "provenance" && Object.hasOwn(PROVENANCES, value);
}
