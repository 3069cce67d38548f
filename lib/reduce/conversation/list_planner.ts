/**
 * Which item of the graph each element of a list is: planned before anything is changed, so that
 * a fault leaves nothing behind.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type {
  ConversationItem,
  ConversationItemKind,
} from "../../graph/conversation.ts";
import type { NormalizedItem } from "../items/content_class.ts";
import type { ReduceRules } from "../rules.ts";
import type { ItemRecord } from "../state/item_record.ts";
import type { ThreadRecord } from "../state/records.ts";
import type { ReducerState } from "../state/reducer_state.ts";

/** An element and the item it turned out to be; `null` when it is a new one. */
export interface PlannedItem {
  readonly element: NormalizedItem;
  readonly record: ItemRecord | null;
  /**
   * Whether the element is the first observation of an item that existed by its receipt. Then the
   * item gets the body of the element: the list shows what the model really saw.
   */
  readonly endsReceipt: boolean;
}

/** An element that is a new item. */
export function newItem(element: NormalizedItem): PlannedItem {
  return { element, record: null, endsReceipt: false };
}

/** Finds the item an element is, or `undefined`. `index` counts from 0 in the list. */
export type Matcher = (
  index: number,
  element: NormalizedItem,
) => ItemRecord | undefined;

/** Plans the lists that one event shows of a thread. */
export class ListPlanner {
  readonly #rules: ReduceRules;
  readonly #thread: ThreadRecord;
  readonly #claims: CallClaims;
  /** Receipts that an element planned so far ends. */
  readonly #ended: Set<ItemRecord> = new Set();

  /** Plans for `thread`. */
  constructor(state: ReducerState, thread: ThreadRecord) {
    this.#rules = state.rules;
    this.#thread = thread;
    this.#claims = new CallClaims(state, thread);
  }

  /**
   * Plans a list: each element is the item that `match` finds, else an unseen receipt, else
   * new.
   *
   * @param listId Number of the list, or of the lists of one event. A receipt is withPayload with it,
   * so that no later element is found to be the same item: it will say something else by then.
   * @throws {ReplayError} If a call id is used again for other content.
   */
  plan(
    elements: readonly NormalizedItem[],
    match: Matcher,
    listId: number,
  ): PlannedItem[] {
    return elements.map((element, index): PlannedItem => {
      this.#claims.check(element);
      const matched = match(index, element);
      const receipt = this.#unseenReceipt(element);
      if (matched !== undefined) {
        // Before outputs had receipts, only a observation by the receipt ended one.
        const endsReceipt = this.#rules.acceptsToolOutputs &&
          matched === receipt;
        if (endsReceipt) this.#ended.add(matched);
        return { element, record: matched, endsReceipt };
      }
      if (receipt === undefined) return newItem(element);
      this.#ended.add(receipt);
      receipt.claimedByList = listId;
      return { element, record: receipt, endsReceipt: true };
    });
  }

  #unseenReceipt(element: NormalizedItem): ItemRecord | undefined {
    if (
      element.responsesId === null || !isReceiptKind(this.#rules, element)
    ) return undefined;
    const receipt = this.#thread.unseenReceipts.get(element.responsesId);
    return receipt === undefined || this.#ended.has(receipt)
      ? undefined
      : receipt;
  }
}

/**
 * Kinds for which a call id must not be used again for other content. Outputs are not among
 * them: a call may be answered more than once, as notifications of a running cell are.
 */
const UNIQUE_CONTENT: ReadonlySet<ConversationItemKind> = new Set([
  "function_call",
  "custom_tool_call",
]);

/** Checks that a call id stays with one content, the list's own new items included. */
class CallClaims {
  readonly #state: ReducerState;
  readonly #thread: ThreadRecord;
  readonly #own: Map<string, number> = new Map();

  constructor(state: ReducerState, thread: ThreadRecord) {
    this.#state = state;
    this.#thread = thread;
  }

  check(element: NormalizedItem): void {
    const { callId, kind, contentClass } = element;
    if (callId === null || !UNIQUE_CONTENT.has(kind)) return;
    const key = `${kind} ${callId}`;
    const known = this.#thread.callContent.get(kind)?.get(callId) ??
      this.#own.get(key);
    if (known === undefined) this.#own.set(key, contentClass);
    else if (known !== contentClass) {
      throw new ReplayError(
        "call_id_reused",
        `call id ${
          quote(callId)
        } was used before for other content of kind ${kind}`,
        { call_id: callId, thread_id: this.#thread.thread.thread_id },
      );
    }
  }
}

/** Whether an item of a list may be one that exists by a receipt. */
export function isReceiptKind(
  { acceptsToolOutputs }: ReduceRules,
  { agentMessage, kind }: Pick<NormalizedItem, "agentMessage" | "kind">,
): boolean {
  return agentMessage !== null || (acceptsToolOutputs && isOutput(kind));
}

/** Whether an item of the graph is an agent message or the output of a tool. */
export function isReceiptItem(item: ConversationItem): boolean {
  return item.agent_message !== undefined || isOutput(item.kind);
}

function isOutput(kind: ConversationItem["kind"]): boolean {
  return kind === "function_call_output" || kind === "custom_tool_call_output";
}
