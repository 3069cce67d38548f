/**
 * What events call objects that the graph knows by other ids: cells by the runtime's ids, items
 * by those of the Responses API.
 *
 * @module
 */

import { runtimeCellKey } from "../../../format/events/event_description.ts";
import type { ConversationItemId, ThreadId } from "../../../format/ids.ts";
import { compareValues } from "../../../format/integers.ts";
import type { Integer } from "../../../format/vocabulary.ts";
import type { ConversationItem } from "../../../graph/conversation.ts";
import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import type { CodeCell } from "../../../graph/runtime.ts";

/** Looks up what events name. */
export class EventNames {
  readonly #trace: RolloutTrace;
  #cells: Map<string, CodeCell[]> | undefined;
  #items: Map<string, ConversationItemId | null> | undefined;

  /** Reads `trace` when it is first asked. */
  constructor(trace: RolloutTrace) {
    this.#trace = trace;
  }

  /**
   * The cell that a key of {@linkcode runtimeCellKey} meant at an event: the runtime reuses its
   * ids after a thread was resumed, and the last one is meant.
   */
  cell(key: string, seq: Integer): CodeCell | undefined {
    this.#cells ??= cellsByKey(this.#trace.code_cells.values());
    const cells = this.#cells.get(key) ?? [];
    let low = 0;
    let high = cells.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const started = cells[middle]?.execution.started_seq ?? Infinity;
      if (started <= seq) low = middle + 1;
      else high = middle;
    }
    return cells[low - 1];
  }

  /**
   * The item of a thread with an id of the Responses API; of any thread where the event has none.
   * Undefined where there are several, or none.
   */
  item(
    responsesId: string,
    thread: ThreadId | null,
  ): ConversationItemId | undefined {
    this.#items ??= itemsByKey(this.#trace.conversation_items.values());
    return this.#items.get(itemKey(thread, responsesId)) ?? undefined;
  }
}

/** Cells of each key, in the order in which they started. */
function cellsByKey(cells: Iterable<CodeCell>): Map<string, CodeCell[]> {
  const index = new Map<string, CodeCell[]>();
  for (const cell of cells) {
    if (cell.runtime_cell_id === null) continue;
    const key = runtimeCellKey(cell.thread_id, cell.runtime_cell_id);
    const found = index.get(key);
    if (found === undefined) index.set(key, [cell]);
    else found.push(cell);
  }
  for (const found of index.values()) {
    found.sort((a, b) =>
      compareValues(a.execution.started_seq, b.execution.started_seq)
    );
  }
  return index;
}

/** The only item of each key; null where there are several. */
function itemsByKey(
  items: Iterable<ConversationItem>,
): Map<string, ConversationItemId | null> {
  const index = new Map<string, ConversationItemId | null>();
  for (const { item_id, responses_item_id: id, thread_id } of items) {
    if (id === undefined) continue;
    for (const key of [itemKey(thread_id, id), itemKey(null, id)]) {
      index.set(key, index.has(key) ? null : item_id);
    }
  }
  return index;
}

function itemKey(thread: ThreadId | null, id: string): string {
  return JSON.stringify([thread, id]);
}
