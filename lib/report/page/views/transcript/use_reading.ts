/**
 * Selects the thread, the request and the lines of a transcript, and the row to scroll to.
 *
 * @module
 */

import { useLayoutEffect, useMemo, useState } from "preact/hooks";
import type { CallRow, Pointer, ThreadRow } from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";
import { isFailed, threadOf } from "../../model/names.ts";
import type { Aim } from "../../ui/virtual_list.tsx";
import type { Filters, ViewProps } from "../../view.ts";
import {
  callsOf,
  type Line,
  readCall,
  readThread,
  withoutKnown,
} from "./reading.ts";

/** The lines of nothing. */
export const NO_LINES: readonly Line[] = [];

/** The selected part of a session. */
export interface Read {
  readonly thread: ThreadRow;
  /** The requests of the thread, in order. */
  readonly calls: readonly CallRow[];
  /** The selected request; null for every item of the thread. */
  readonly call: CallRow | null;
  /** The lines that pass the filters. */
  readonly lines: readonly Line[];
  /** Row of the first item that is new; undefined where none is, or lines are filtered. */
  readonly firstNew: number | undefined;
}

/** What the route selects. */
export interface Wanted extends Pick<ViewProps, "selection" | "filters"> {
  readonly model: Model;
  readonly at: string | null;
  readonly of: string | null;
  /** Whether a request is shown with the items that the request before carried as well. */
  readonly isComplete: boolean;
}

/** Returns the selected part of a session; undefined where no thread was recorded. */
export function useReading(wanted: Wanted): Read | undefined {
  const { model, at, of, selection, filters, isComplete } = wanted;
  const { thread, call } = useMemo(
    () => whatToRead(wanted),
    [model, at, of, selection, filters.thread],
  );
  const calls = useMemo(
    () => thread === undefined ? [] : callsOf(model, thread),
    [model, thread],
  );
  const reading = useMemo(() => {
    if (thread === undefined) return undefined;
    return call === null
      ? readThread(model, thread)
      : readCall(model, call, calls[calls.indexOf(call) - 1]);
  }, [model, thread, calls, call]);
  const short = useMemo(
    () => reading === undefined ? NO_LINES : withoutKnown(reading),
    [reading],
  );
  const all = reading?.lines ?? NO_LINES;
  const isFiltered = filters.failed || filters.tool !== null;
  const chosen =
    isComplete || isFiltered || isKnownSelected(model, all, selection)
      ? all
      : short;
  const lines = useMemo(
    () => filtered(model, chosen, filters),
    [model, chosen, filters],
  );
  if (thread === undefined || reading === undefined) return undefined;
  const first = lines.findIndex((line) =>
    line.type === "mark" && line.mark.type === "new"
  );
  const firstNew = first === -1 ? undefined : first;
  return { thread, calls, call, lines, firstNew };
}

/** Whether a selected object is shown by an item that is not new. */
function isKnownSelected(
  model: Model,
  lines: readonly Line[],
  selection: Pointer | null,
): boolean {
  const ids = selection === null ? [] : itemsOf(model, selection);
  return ids.length > 0 &&
    lines.some((line) =>
      line.type === "item" && !line.isNew && ids.includes(line.item.id)
    );
}

/**
 * The row to scroll into view: that of the selected object, else the first new item of the request,
 * until another row is requested.
 */
export function useAim(
  model: Model,
  read: Read | undefined,
  selection: Pointer | null,
): readonly [Aim | undefined, (aim: Aim | undefined) => void] {
  const [aim, setAim] = useState<Aim | undefined>(undefined);
  const lines = read?.lines ?? NO_LINES;
  const firstNew = read?.firstNew;
  useLayoutEffect(() => {
    const items = selection === null ? [] : itemsOf(model, selection);
    const row = lines.findIndex((line) =>
      line.type === "item" && items.includes(line.item.id)
    );
    if (row >= 0) setAim({ row, align: "auto" });
    else if (firstNew !== undefined) setAim({ row: firstNew, align: "start" });
  }, [model, lines, firstNew, selection]);
  return [aim, setAim];
}

/** The items that show an object to a model. */
function itemsOf(model: Model, pointer: Pointer): readonly string[] {
  const found = model.find(pointer);
  switch (found?.kind) {
    case "item":
      return [found.row.id];
    case "inference_call":
      return found.row.response_ids;
    case "tool_call":
      return found.row.call_item_ids;
    case "code_cell":
      return [found.row.source_item_id];
    case "terminal_operation":
      return found.row.output_item_ids;
    case "compaction":
      return [found.row.marker_item_id];
    default:
      return [];
  }
}

/** The thread and the request that the route, the selection or the filter select. */
function whatToRead(
  { model, at, of, selection, filters }: Wanted,
): { thread: ThreadRow | undefined; call: CallRow | null } {
  const call = at === null ? undefined : model.call(at);
  if (call !== undefined) return { thread: model.thread(call.thread_id), call };
  if (of === null && selection?.[0] === "inference_call") {
    const selected = model.call(selection[1]);
    if (selected !== undefined) {
      return { thread: model.thread(selected.thread_id), call: selected };
    }
  }
  const id = of ?? (selection === null ? null : threadOf(model, selection)) ??
    filters.thread ?? model.data.session.root_thread_id;
  return { thread: model.thread(id) ?? model.rows.threads[0], call: null };
}

/** Lines that pass the filters; the same list where nothing is filtered. */
function filtered(
  model: Model,
  lines: readonly Line[],
  { failed, tool }: Filters,
): readonly Line[] {
  if (!failed && tool === null) return lines;
  return lines.filter((line) =>
    line.type === "item" && model.callsOf(line.item).some((pointer) => {
      const kind = model.tool(pointer[1])?.kind ?? null;
      return (tool === null || kind === tool) &&
        (!failed || isFailed(model, pointer));
    })
  );
}
