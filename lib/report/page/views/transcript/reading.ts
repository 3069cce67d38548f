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
  TurnRow,
} from "../../../report_data.ts";
import type { Items, Model } from "../../model/model.ts";

/** One row of a transcript. */
export type Line =
  | {
    readonly type: "item";
    readonly item: ItemRow;
    readonly isNew: boolean;
    /** The request that left it out, without a compaction; undefined where none did. */
    readonly droppedBy?: CallRow | undefined;
  }
  /** A mark between items. */
  | { readonly type: "mark"; readonly mark: Mark };

/** A mark in a transcript. */
export type Mark =
  | {
    readonly type: "new";
    readonly since: CallRow | undefined;
    readonly count: number;
  }
  /** Items that the request before carried as well; they are hidden until the reader asks. */
  | { readonly type: "known"; readonly call: CallRow; readonly count: number }
  | { readonly type: "turn"; readonly turn: TurnRow }
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
  /** The request whose items are known to this one; undefined where what is new is unknown. */
  readonly since: CallRow | undefined;
}

/** The requests of a thread, in order. */
export function callsOf(model: Model, thread: ThreadRow): readonly CallRow[] {
  return model.rows.calls.filter(({ thread_id: id }) => id === thread.id);
}

/**
 * Every item that a thread's model saw, in the order in which they were first seen, by turns and
 * requests.
 */
export function readThread(model: Model, thread: ThreadRow): Reading {
  const markers = new Map(
    model.rows.compactions.map((each) => [each.marker_item_id, each]),
  );
  const calls = callsOf(model, thread);
  const lines: Line[] = [];
  const headings = new Headings(model, thread);
  const timed = timedMarks(calls);
  const dropped = droppedMarks(model, calls);
  const leftOut = new Map(
    calls.flatMap((call) => call.dropped_item_ids.map((id) => [id, call])),
  );
  for (const item of each(model.list(thread.items))) {
    for (const line of dropped.get(item.id) ?? []) lines.push(line);
    if (item.is_inherited && lines.every(({ type }) => type === "mark")) {
      lines.push({ type: "mark", mark: { type: "inherited", thread } });
    }
    while (timed[0] !== undefined && timed[0].at < item.at) {
      for (const { turn, line } of timed.splice(0, 1)) {
        lines.push(...headings.ofTurn(turn), line);
      }
    }
    lines.push(...headings.before(item));
    const compaction = markers.get(item.id);
    if (compaction !== undefined) {
      lines.push({ type: "mark", mark: { type: "compacted", compaction } });
    }
    const droppedBy = leftOut.get(item.id);
    lines.push({ type: "item", item, isNew: false, droppedBy });
  }
  for (const { turn, line } of timed) {
    lines.push(...headings.ofTurn(turn), line);
  }
  for (const line of dropped.get(null) ?? []) lines.push(line);
  return { lines, since: undefined };
}

/** Headings of turns and responses, each before the first item of it. */
class Headings {
  readonly #model: Model;
  readonly #thread: ThreadRow;
  readonly #seen: Set<string> = new Set();

  constructor(model: Model, thread: ThreadRow) {
    this.#model = model;
    this.#thread = thread;
  }

  /** The heading of a turn that has none yet. */
  ofTurn(id: string | null): Line[] {
    const turn = this.#model.turn(id);
    return turn !== undefined && this.#isFirst(turn.id)
      ? [{ type: "mark", mark: { type: "turn", turn } }]
      : [];
  }

  before(item: ItemRow): Line[] {
    const lines = this.ofTurn(item.turn_id);
    const call = this.#callOf(item);
    // A response that was not recorded completely has a mark at its time.
    if (
      call !== undefined && !isResponseLost(call) && this.#isFirst(call.id)
    ) {
      lines.push(markOf("answer", call));
    }
    return lines;
  }

  #isFirst(id: string): boolean {
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    return true;
  }

  /** The request of this thread whose response an item is part of. */
  #callOf({ produced_by: producers }: ItemRow): CallRow | undefined {
    for (const [kind, id] of producers) {
      const call = kind === "inference_call" && id !== undefined
        ? this.#model.call(id)
        : undefined;
      if (call?.thread_id === this.#thread.id) return call;
    }
    return undefined;
  }
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

/**
 * Marks for requests and responses that no item shows, with their times: not recorded completely,
 * or without a response.
 */
function timedMarks(
  calls: readonly CallRow[],
): { at: number; turn: string; line: Line }[] {
  return calls.flatMap((call) => {
    const { started, ended, turn_id: turn } = call;
    return [
      ...isRequestLost(call)
        ? [{ at: started, turn, line: markOf("unrecorded", call) }]
        : [],
      ...isResponseLost(call) || call.response_ids.length === 0
        ? [{ at: ended ?? started, turn, line: markOf("answer", call) }]
        : [],
    ];
  });
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
  let hasNew = false;
  request.forEach((item, i) => {
    const isNew = !known.has(item.id);
    if (
      isNew && !hasNew && before !== undefined && !isPartial
    ) {
      hasNew = true;
      lines.push(newMark(before, fresh));
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
  if (before !== undefined && !isPartial && !hasNew) {
    lines.push(newMark(before, 0));
  }
  lines.push(markOf("answer", call));
  for (const id of call.response_ids) {
    const item = model.item(id);
    if (item !== undefined) lines.push({ type: "item", item, isNew: true });
  }
  return { lines, since: isPartial ? undefined : before };
}

/** The lines of a request without the items that the request before carried as well. */
export function withoutKnown({ lines, since }: Reading): readonly Line[] {
  if (since === undefined) return lines;
  const isKnown = (line: Line) => line.type === "item" && !line.isNew;
  const count = lines.filter(isKnown).length;
  if (count === 0) return lines;
  const known: Line = {
    type: "mark",
    mark: { type: "known", call: since, count },
  };
  return [known, ...lines.filter((line) => !isKnown(line))];
}

function newMark(since: CallRow, count: number): Line {
  return { type: "mark", mark: { type: "new", since, count } };
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
