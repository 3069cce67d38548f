/**
 * The tool calls and code cells that an item asks for or answers.
 *
 * @module
 */

import type { Pointer, ReportRows } from "../../report_data.ts";

/** Item → what it asks for or answers. */
export function callsByItem(rows: ReportRows): Map<string, readonly Pointer[]> {
  const found = new Map<string, Pointer[]>();
  const add = (item: string, pointer: Pointer) => {
    const before = found.get(item);
    if (before === undefined) found.set(item, [pointer]);
    else before.push(pointer);
  };
  for (const tool of rows.tools) {
    const items = [...tool.call_item_ids, ...tool.output_item_ids];
    for (const id of new Set(items)) add(id, ["tool_call", tool.id]);
  }
  for (const cell of rows.cells) {
    const items = [cell.source_item_id, ...cell.output_item_ids];
    for (const id of new Set(items)) add(id, ["code_cell", cell.id]);
  }
  // An output that no request showed names its call, which does not list it.
  for (const { id, produced_by: producers } of rows.items) {
    for (const [kind, maker] of producers) {
      if (kind !== "tool_call" && kind !== "code_cell") continue;
      const known = found.get(id) ?? [];
      if (known.some((each) => each[0] === kind && each[1] === maker)) continue;
      add(id, [kind, maker]);
    }
  }
  return found;
}
