/**
 * The tables of links: the events about each object, and the steps to its causes and effects.
 *
 * @module
 */

import {
  OBJECT_KINDS,
  OBJECT_MAPS,
  type ObjectKind,
} from "../../query/session/names/object_kind.ts";
import { type FlatColumn, packFlatTable } from "./flat_column.ts";
import type { PackedTable, StringTable } from "../packed_table.ts";
import type { LinksRow, ReportData } from "../report_data.ts";
import type { RowContext } from "./row_context.ts";
import { StepColumn } from "./step_rows.ts";

/** Returns the links of all objects, by kind. */
export function linkTables(
  context: RowContext,
  strings: StringTable,
): ReportData["links"] {
  // Every kind is among the keys.
  return Object.fromEntries(
    OBJECT_KINDS.map((kind) => [kind, linkTable(context, kind, strings)]),
  ) as Record<ObjectKind, PackedTable>;
}

/** Packs a {@linkcode LinksRow} of each object of a kind. */
function linkTable(
  { trace, names, scene, steps, eventAt }: RowContext,
  kind: ObjectKind,
  strings: StringTable,
): PackedTable {
  const events: number[] = [];
  const eventCounts: number[] = [];
  const upstream = new StepColumn();
  const downstream = new StepColumn();
  // Whether something was sent, or shown to a model, is in requests, which a session log lacks.
  const hasSteps = scene.session.sessionLog === undefined;
  for (const id of trace[OBJECT_MAPS[kind]].keys()) {
    const before = events.length;
    for (const each of scene.evidence(kind, id, "all")) {
      const row = "line" in each ? eventAt.get(each.line) : undefined;
      if (row !== undefined) events.push(row);
    }
    eventCounts.push(events.length - before);
    if (hasSteps) {
      const ref = names.ref(kind, id);
      steps.addUpstream(ref, upstream);
      steps.addDownstream(ref, downstream);
    } else {
      upstream.end();
      downstream.end();
    }
  }
  const columns: Record<keyof LinksRow, FlatColumn> = {
    events: { lengths: eventCounts, elements: events },
    upstream: upstream.column(),
    downstream: downstream.column(),
  };
  return packFlatTable(eventCounts.length, columns, strings);
}
