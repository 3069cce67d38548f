/**
 * Items that differ between two requests because a compaction replaced the history.
 *
 * @module
 */

import type { ConversationItemId } from "../../format/ids.ts";
import type { InferenceCall } from "../../graph/runtime.ts";
import { compactionsBetween } from "../context/context_growth.ts";
import type { TraceSession } from "../session/session.ts";
import type { CompactionBetween, ConversationDiff } from "./diff_answer.ts";

/** One compaction, by ids. */
interface Replacement {
  readonly id: string;
  readonly before: ReadonlySet<ConversationItemId>;
  readonly after: ReadonlySet<ConversationItemId>;
}

/** Looks up what compactions between two requests replaced. */
export class ReplacedItems {
  readonly #all: readonly Replacement[];
  readonly #earlier: ReadonlySet<ConversationItemId>;

  /** The requests may be in any order; those of two threads have no compaction between them. */
  constructor(session: TraceSession, a: InferenceCall, b: InferenceCall) {
    const isInOrder = a.execution.started_seq < b.execution.started_seq;
    const [first, last] = isInOrder ? [a, b] : [b, a];
    this.#earlier = new Set(first.request_item_ids);
    this.#all = a.thread_id !== b.thread_id
      ? []
      : compactionsBetween(session, first, last).map((each) => ({
        id: each.compaction_id,
        before: new Set(each.input_item_ids),
        after: new Set(each.replacement_item_ids),
      }));
  }

  /** What keeps an item that was replaced from being paired with one that was not, or is new. */
  slot(id: ConversationItemId): string {
    if (this.#all.length === 0) return "";
    return this.#earlier.has(id)
      ? this.#replacedBy(id) === undefined ? "" : " replaced"
      : this.#addedBy(id) === undefined
      ? ""
      : " replacement";
  }

  /** The compactions, with how many of the items that differ each replaced and added. */
  countIn(
    { names }: TraceSession,
    conversation: ConversationDiff | null,
  ): CompactionBetween[] {
    const ids = (conversation?.hunks ?? []).flatMap(({ changes }) =>
      changes.flatMap((each) =>
        each.change === "removed"
          ? each.a.item.id
          : each.change === "added"
          ? each.b.item.id
          : []
      )
    );
    const replaced = ids.filter((id) => this.#earlier.has(id));
    const added = ids.filter((id) => !this.#earlier.has(id));
    return this.#all.map((each) => ({
      compaction: names.ref("compaction", each.id),
      replaced_items: replaced.filter((id) => this.#replacedBy(id) === each)
        .length,
      replacement_items: added.filter((id) => this.#addedBy(id) === each)
        .length,
    }));
  }

  #replacedBy(id: ConversationItemId): Replacement | undefined {
    return this.#all.find(({ before }) => before.has(id));
  }

  #addedBy(id: ConversationItemId): Replacement | undefined {
    return this.#all.findLast(({ after }) => after.has(id));
  }
}
