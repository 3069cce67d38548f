/**
 * Whether a request that only adds to a response continues the conversation of its thread.
 *
 * Readers refuse one that branches off: it adds to an earlier response, and other items followed. A
 * repetition of the last request is no branch. Of a conversation, its length and hashes of the last
 * added items are kept.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type { InferenceCallId, ThreadId } from "../../format/ids.ts";
import type { UnclassifiedItem } from "../../reduce/items/content_class.ts";
import type { Commit } from "../../reduce/state/records.ts";
import { HashedTexts, hashOf } from "./hashed_texts.ts";

/** An item that a request adds. */
interface AddedItem {
  /** Hash of its content; NaN, which equals nothing, where that is a payload. */
  readonly content: number;
  readonly responsesId: string | null;
}

/** What is known of the conversation of a thread. */
interface Conversation {
  /** Number of its items. */
  length: number;
  /** Index of the first of `added`. */
  start: number;
  /** The items that the last request added, if it was no full one. */
  added: readonly AddedItem[];
  /** The request whose response extends it. */
  current: InferenceCallId | null;
  /** Whether a compaction replaced it, until the next full request. */
  isReplaced: boolean;
  /** Whether a response has an id. */
  hasResponse: boolean;
  /** Lengths of the requests that run. */
  readonly running: Map<InferenceCallId, number>;
}

/** A request that is about to be recorded. */
export interface SentRequest {
  readonly thread_id: ThreadId;
  readonly inference_call_id: InferenceCallId;
}

/** Responses of one id that are of conversations of different lengths. */
const AMBIGUOUS = -1;

/** The conversations of a recording. */
export class Continuations {
  readonly #threads = new Map<ThreadId, Conversation>();
  /** Lengths of the conversations up to each response, by thread and response id. */
  readonly #responses = new HashedTexts();
  readonly #responsesArePositional: boolean;

  /** @param responsesArePositional Whether every response extends the conversation. */
  constructor(responsesArePositional: boolean) {
    this.#responsesArePositional = responsesArePositional;
  }

  /** Returns the commit of a request that lists the complete conversation. */
  full(request: SentRequest, items: number): Commit {
    return () => {
      const thread = this.#threadOf(request.thread_id);
      thread.isReplaced = false;
      this.#start(thread, request, { start: items, added: [], length: items });
    };
  }

  /**
   * Returns the commit of a request that adds items to a response. The first request of a thread may
   * continue a warm-up that was not recorded.
   *
   * @param previous The id of that response.
   * @throws {ReplayError} If the response is unknown, or other items follow it.
   */
  added(
    request: SentRequest,
    previous: string,
    items: readonly UnclassifiedItem[],
  ): Commit {
    const thread = this.#threadOf(request.thread_id);
    const isFirst = !thread.hasResponse && thread.length === 0;
    const start = this.#responses.get(keyOf(request.thread_id, previous)) ??
      (isFirst ? 0 : undefined);
    if (start === undefined) throw unknown(request, previous);
    const added = items.map(addedItem);
    if (start === AMBIGUOUS || !continues(thread, start, added)) {
      throw branch(request, previous);
    }
    const length = start + added.length;
    return () => this.#start(thread, request, { start, added, length });
  }

  /** Records the end of a request. */
  ended(
    { thread_id, inference_call_id: id }: SentRequest,
    responseId: string | null,
    items: number,
  ): void {
    const thread = this.#threadOf(thread_id);
    const length = (thread.running.get(id) ?? 0) + items;
    thread.running.delete(id);
    if (this.#responsesArePositional) thread.length += items;
    else if (thread.current === id && !thread.isReplaced) {
      thread.length = length;
    }
    if (responseId === null) return;
    thread.hasResponse = true;
    const key = keyOf(thread_id, responseId);
    const known = this.#responses.get(key) ?? length;
    this.#responses.set(key, known === length ? length : AMBIGUOUS);
  }

  /** Records that a compaction replaced the conversation of a thread. */
  replaced(id: ThreadId): void {
    const thread = this.#threadOf(id);
    thread.isReplaced = true;
    thread.current = null;
  }

  #threadOf(id: ThreadId): Conversation {
    let thread = this.#threads.get(id);
    if (thread === undefined) {
      thread = {
        length: 0,
        start: 0,
        added: [],
        current: null,
        isReplaced: false,
        hasResponse: false,
        running: new Map(),
      };
      this.#threads.set(id, thread);
    }
    return thread;
  }

  #start(
    thread: Conversation,
    { inference_call_id: id }: SentRequest,
    sent: Pick<Conversation, "start" | "added" | "length">,
  ): void {
    Object.assign(thread, sent);
    thread.current = id;
    thread.running.set(id, sent.length);
  }
}

/** Whether items after an index are those of the conversation, as far as it has items there. */
function continues(
  { length, start, added }: Conversation,
  from: number,
  items: readonly AddedItem[],
): boolean {
  return items.every((item, index) => {
    const at = from + index;
    if (at >= length) return true;
    const known = at < start ? undefined : added[at - start];
    return known !== undefined && known.content === item.content &&
      (known.responsesId === null || item.responsesId === null ||
        known.responsesId === item.responsesId);
  });
}

function addedItem(item: UnclassifiedItem): AddedItem {
  const { role, channel, kind, callId, agentMessage, parts } = item;
  const content = [role, channel, kind, callId, agentMessage, parts];
  // Whether readers compare it by its content or by its payload depends on the schema.
  const isReference = parts.some(({ type }) => type === "payload_ref");
  return {
    content: isReference ? NaN : hashOf(JSON.stringify(content)),
    responsesId: item.responsesId,
  };
}

function keyOf(thread: ThreadId, response: string): string {
  return `${thread}\0${response}`;
}

function unknown({ thread_id }: SentRequest, response_id: string): ReplayError {
  return new ReplayError(
    "unknown_response",
    `it adds to response ${quote(response_id)}, which the log does not have`,
    { response_id, thread_id },
  );
}

function branch({ thread_id }: SentRequest, response_id: string): ReplayError {
  return new ReplayError(
    "history_mismatch",
    `it adds to response ${
      quote(response_id)
    }, which other items of the thread follow already`,
    { response_id, thread_id },
  );
}
