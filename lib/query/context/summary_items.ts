/**
 * The items that sum up a history which a compaction replaced.
 *
 * A summary may come as an item of its own type, or as a plain message: one that the
 * compaction brought and that the history before did not have.
 *
 * @module
 */

import type { ConversationItem } from "../../graph/conversation.ts";
import type { Compaction } from "../../graph/runtime.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";

/** Knows which items are summaries; looks at a compaction only when asked about its items. */
export class SummaryItems {
  readonly #trace: RolloutTrace;
  readonly #before: Map<string, ReadonlySet<string>> = new Map();

  /** Looks compactions up in `trace`. */
  constructor(trace: RolloutTrace) {
    this.#trace = trace;
  }

  /** Whether an item is a summary. */
  has(item: ConversationItem): boolean {
    if (item.channel === "summary") return true;
    const { role, kind } = item;
    const speaks = role === "user" || role === "assistant";
    if (kind !== "message" || !speaks) return false;
    return item.produced_by.some((producer) =>
      producer.type === "compaction" &&
      !this.#wordsBefore(producer.compaction_id).has(wordsOf(item))
    );
  }

  #wordsBefore(id: string): ReadonlySet<string> {
    let words = this.#before.get(id);
    if (words === undefined) {
      words = wordsBefore(this.#trace, this.#trace.compactions.get(id));
      this.#before.set(id, words);
    }
    return words;
  }
}

function wordsBefore(
  trace: RolloutTrace,
  compaction: Compaction | undefined,
): Set<string> {
  const words = new Set<string>();
  for (const id of compaction?.input_item_ids ?? []) {
    const item = trace.conversation_items.get(id);
    if (item?.kind === "message") words.add(wordsOf(item));
  }
  return words;
}

function wordsOf({ role, body }: ConversationItem): string {
  const texts = body.parts.map((part) =>
    "text" in part ? part.text : part.type
  );
  return JSON.stringify([role, texts]);
}
