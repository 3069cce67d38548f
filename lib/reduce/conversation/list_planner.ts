/**
 * Plans a list: finds the item of the graph for each element. Planning changes no item, so a list
 * with a fault has no effect.
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
import type { EventContext, ThreadRecord } from "../state/records.ts";
import type { ReducerState } from "../state/reducer_state.ts";

/** An element of a list and its item; `null` when the item is new. */
export interface PlannedItem {
  readonly element: NormalizedItem;
  readonly record: ItemRecord | null;
  /**
   * Whether a receipt created the item, and this element is the first to show it. The item then
   * gets the body of the element, because the list shows what the model saw.
   */
  readonly endsReceipt: boolean;
}

/** Returns the plan of an element that is a new item. */
export function newItem(element: NormalizedItem): PlannedItem {
  return { element, record: null, endsReceipt: false };
}

/** Returns the item of an element, or `undefined`. `index` is its index in the list. */
export type Matcher = (
  index: number,
  element: NormalizedItem,
) => ItemRecord | undefined;

/** Matches no element, so that every item is new. */
export const matchNothing: Matcher = () => undefined;

/** Plans the lists of one event of a thread. */
export class ListPlanner {
  readonly #rules: ReduceRules;
  readonly #thread: ThreadRecord;
  readonly #claims: CallClaims;
  /** Items with a receipt that a planned element shows. */
  readonly #ended: Set<ItemRecord> = new Set();

  /** Plans lists of `thread`; `context` is the event with the lists. */
  constructor(
    state: ReducerState,
    thread: ThreadRecord,
    context: EventContext,
  ) {
    this.#rules = state.rules;
    this.#thread = thread;
    this.#claims = new CallClaims(state, thread, context);
  }

  /**
   * Returns the plan of a list. The item of an element is the one that `match` returns, else the
   * item of a receipt that no list has shown, else a new one.
   *
   * @param listId Id of the list, or of the lists of one event. The item of a receipt is marked with
   * it, so that no later element matches it: its content will be replaced.
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
        // Before outputs had receipts, a matched item kept its receipt.
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
 * Kinds whose call id must not be used again for other content. A call may have more than one
 * output, for example notifications of a running cell, so outputs are not in this set.
 */
const UNIQUE_CONTENT: ReadonlySet<ConversationItemKind> = new Set([
  "function_call",
  "custom_tool_call",
]);

/** Checks that a call id has one content only, including the new items of the list. */
class CallClaims {
  readonly #state: ReducerState;
  readonly #thread: ThreadRecord;
  readonly #context: EventContext;
  readonly #own: Map<string, number> = new Map();

  constructor(
    state: ReducerState,
    thread: ThreadRecord,
    context: EventContext,
  ) {
    this.#state = state;
    this.#thread = thread;
    this.#context = context;
  }

  check(element: NormalizedItem): void {
    const { callId, kind, contentClass } = element;
    if (callId === null || !UNIQUE_CONTENT.has(kind)) return;
    const key = `${kind} ${callId}`;
    const known = this.#thread.callContent.get(kind)?.get(callId) ??
      this.#own.get(key);
    if (known === undefined) this.#own.set(key, contentClass);
    else if (known !== contentClass) this.#rejectReuse(kind, callId);
  }

  /** Throws; a tolerant reduction keeps the item, and links it with no call. */
  #rejectReuse(kind: ConversationItemKind, callId: string): void {
    const { thread, reusedCallIds } = this.#thread;
    if (reusedCallIds.has(callId)) return;
    this.#state.faults.rejectPart(
      new ReplayError(
        "call_id_reused",
        `call id ${
          quote(callId)
        } was used before for other content of kind ${kind}`,
        { call_id: callId, thread_id: thread.thread_id },
      ),
      this.#context,
      "which items and tool calls belong to each other, from the second call on",
    );
    reusedCallIds.add(callId);
  }
}

/** Returns whether a receipt may have created the item of an element. */
export function isReceiptKind(
  { acceptsToolOutputs }: ReduceRules,
  { agentMessage, kind }: Pick<NormalizedItem, "agentMessage" | "kind">,
): boolean {
  return agentMessage !== null || (acceptsToolOutputs && isOutput(kind));
}

/** Returns whether an item of the graph is an agent message or a tool output. */
export function isReceiptItem(item: ConversationItem): boolean {
  return item.agent_message !== undefined || isOutput(item.kind);
}

function isOutput(kind: ConversationItem["kind"]): boolean {
  return kind === "function_call_output" || kind === "custom_tool_call_output";
}
