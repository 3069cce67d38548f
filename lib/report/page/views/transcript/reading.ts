/**
 * The lines of a transcript: the items of one LLM request and its response, and which are new.
 *
 * @module
 */

import type {
  CallRow,
  CompactionRow,
  ItemRow,
  ThreadRow,
} from "../../../report_data.ts";
import type { Items, Model } from "../../model/model.ts";

/** One row of a transcript. */
export type Line =
  | { readonly type: "item"; readonly item: ItemRow; readonly isNew: boolean }
  /** A mark between items. */
  | { readonly type: "mark"; readonly mark: Mark };

/** A mark in a transcript. */
export type Mark =
  | {
    readonly type: "new";
    readonly since: CallRow | undefined;
    readonly count: number;
  }
  | { readonly type: "answer"; readonly call: CallRow }
  /** A request that was not recorded, or not completely. */
  | { readonly type: "unrecorded"; readonly call: CallRow }
  | { readonly type: "compacted"; readonly compaction: CompactionRow }
  /** A request without items that the request before carried. */
  | { readonly type: "dropped"; readonly call: CallRow }
  /** A history from before the thread was recorded. */
  | { readonly type: "inherited"; readonly thread: ThreadRow };

/** The lines of a transcript. */
export interface Reading {
  readonly lines: readonly Line[];
  /** Row of the first item that is new. */
  readonly firstNew: number | undefined;
  /** Item → row. */
  readonly rowOf: ReadonlyMap<string, number>;
}

/** The requests of a thread, in order. */
export function callsOf(model: Model, thread: ThreadRow): readonly CallRow[] {
  return model.rows.calls.filter(({ thread_id: id }) => id === thread.id);
}

/** Every item that a thread's model saw, in the order in which they were first seen. */
export function readThread(model: Model, thread: ThreadRow): Reading {
  const markers = new Map(
    model.rows.compactions.map((each) => [each.marker_item_id, each]),
  );
  const calls = callsOf(model, thread);
  const lines: Line[] = [];
  const lost = lostMarks(calls);
  const dropped = droppedMarks(model, calls);
  for (const item of each(model.list(thread.items))) {
    lines.push(...dropped.get(item.id) ?? []);
    if (item.is_inherited && lines.every(({ type }) => type === "mark")) {
      lines.push({ type: "mark", mark: { type: "inherited", thread } });
    }
    while (lost[0] !== undefined && lost[0].at < item.at) {
      lines.push(...lost.splice(0, 1).map(({ line }) => line));
    }
    const compaction = markers.get(item.id);
    if (compaction !== undefined) {
      lines.push({ type: "mark", mark: { type: "compacted", compaction } });
    }
    lines.push({ type: "item", item, isNew: false });
  }
  for (const { line } of lost) lines.push(line);
  lines.push(...dropped.get(null) ?? []);
  return { lines, firstNew: undefined, rowOf: rowsOf(lines) };
}

/**
 * Marks for items that left the prompt, by the item that the first request without them added;
 * null where it added none.
 */
function droppedMarks(
  model: Model,
  calls: readonly CallRow[],
): Map<string | null, Line[]> {
  const marks = new Map<string | null, Line[]>();
  calls.forEach((call, i) => {
    const before = calls[i - 1];
    if (call.dropped_item_ids.length === 0 || before === undefined) return;
    const known = new Set(each(model.list(before.request)).map(({ id }) => id));
    const next = each(model.list(call.request)).find(({ id }) =>
      !known.has(id)
    )?.id ?? null;
    marks.set(next, [...marks.get(next) ?? [], markOf("dropped", call)]);
  });
  return marks;
}

/** Whether a request, or an item of it, was not recorded. */
function isRequestLost(call: CallRow): boolean {
  return call.request_capture !== null || call.unrecorded_request_items > 0;
}

/** Whether a response, or an item of it, was not recorded. */
export function isResponseLost(call: CallRow): boolean {
  return call.response_capture !== null || call.unrecorded_response_items > 0;
}

/** Marks for requests and responses that were not recorded completely, with their times. */
function lostMarks(calls: readonly CallRow[]): { at: number; line: Line }[] {
  return calls.flatMap((call) => [
    ...isRequestLost(call)
      ? [{ at: call.started, line: markOf("unrecorded", call) }]
      : [],
    ...isResponseLost(call)
      ? [{ at: call.ended ?? call.started, line: markOf("answer", call) }]
      : [],
  ]);
}

function markOf(
  type: "unrecorded" | "answer" | "dropped",
  call: CallRow,
): Line {
  return { type: "mark", mark: { type, call } };
}

/** The items of a request and of its response. */
export function readCall(
  model: Model,
  call: CallRow,
  before: CallRow | undefined,
): Reading {
  const known = new Set<string>();
  if (before !== undefined) {
    for (const { id } of each(model.list(before.request))) known.add(id);
  }
  const request = each(model.list(call.request));
  const isPartial = isRequestLost(call) ||
    before !== undefined && isRequestLost(before);
  const fresh = request.filter(({ id }) => !known.has(id)).length;
  const ends = compactedEnds(model, call, request);
  const lines: Line[] = [];
  if (isRequestLost(call)) lines.push(markOf("unrecorded", call));
  if (call.dropped_item_ids.length > 0) lines.push(markOf("dropped", call));
  let firstNew: number | undefined;
  request.forEach((item, i) => {
    const isNew = !known.has(item.id);
    if (
      isNew && firstNew === undefined && before !== undefined && !isPartial
    ) {
      firstNew = lines.length;
      lines.push({
        type: "mark",
        mark: { type: "new", since: before, count: fresh },
      });
    }
    lines.push({
      type: "item",
      item,
      isNew: isNew && before !== undefined && !isPartial,
    });
    const compaction = ends.get(i);
    if (compaction !== undefined) {
      lines.push({ type: "mark", mark: { type: "compacted", compaction } });
    }
  });
  lines.push(markOf("answer", call));
  for (const id of call.response_ids) {
    const item = model.item(id);
    if (item !== undefined) lines.push({ type: "item", item, isNew: true });
  }
  return { lines, firstNew, rowOf: rowsOf(lines) };
}

/** Index of the last item of each compaction's history in a request. */
function compactedEnds(
  model: Model,
  call: CallRow,
  request: readonly ItemRow[],
): Map<number, CompactionRow> {
  const ends = new Map<number, CompactionRow>();
  const at = new Map(request.map(({ id }, i) => [id, i]));
  for (const compaction of model.rows.compactions) {
    if (compaction.thread_id !== call.thread_id) continue;
    let end = -1;
    for (const { id } of each(model.list(compaction.replacement))) {
      end = Math.max(end, at.get(id) ?? -1);
    }
    if (end >= 0) ends.set(end, compaction);
  }
  return ends;
}

/** The items of a list that the graph holds. */
function each(items: Items): ItemRow[] {
  return Array.from({ length: items.length }, (_, i) => items.at(i))
    .filter((item) => item !== undefined);
}

function rowsOf(lines: readonly Line[]): Map<string, number> {
  const rows = new Map<string, number>();
  lines.forEach((line, row) => {
    if (line.type === "item" && !rows.has(line.item.id)) {
      rows.set(line.item.id, row);
    }
  });
  return rows;
}
