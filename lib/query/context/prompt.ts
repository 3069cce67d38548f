/**
 * The requests of a thread one after the other, cut into pieces that are sized and named.
 *
 * Every request repeats the whole conversation. What a request shares with the full one before
 * it is neither parsed nor sized again, so a session costs what is new in it.
 *
 * @module
 */

import type { RequestMember } from "../../format/payload.ts";
import type { ThreadId } from "../../format/ids.ts";
import type { InferenceCall } from "../../graph/inference.ts";
import type { PayloadReader, Session } from "../session/session.ts";
import { ElementSources, type NamedSource } from "./source_of.ts";
import { SummaryItems } from "./summary_items.ts";
import { ToolNames } from "./tool_names.ts";

/** An element of `input`. */
export interface PromptElement extends NamedSource {
  /** Bytes as sent. */
  readonly bytes: number;
  /** How many elements before it are items, which is its own place among them if it is one. */
  readonly position: number;
  /** Its own text where it is no item, so that it can be known again; null for items. */
  readonly text: string | null;
}

/** One request. */
export interface Prompt {
  /** Its elements; valid until the next request is read. */
  readonly elements: readonly PromptElement[];
  /** Elements that the last full request had and this one has not, where it is full. */
  readonly dropped: readonly PromptElement[];
  /** How many elements are those of the last full request. */
  readonly shared: number;
  /** Everything but `input`. */
  readonly members: readonly RequestMember[];
  /** The answer that it goes on from; null for a full request. */
  readonly previousResponseId: string | null;
  /** Items that were not sent again: these stand before its own. */
  readonly inherited: number;
}

/** Reads the requests of one thread, in the order in which they were sent. */
export class PromptReader {
  readonly #session: Session;
  readonly #payloads: PayloadReader;
  readonly #thread: ThreadId;
  readonly #sources: ElementSources;
  readonly #last: PromptElement[] = [];

  /** Begins with the next request, whichever that is. */
  constructor(session: Session, payloads: PayloadReader, thread: ThreadId) {
    this.#session = session;
    this.#payloads = payloads;
    this.#thread = thread;
    this.#sources = new ElementSources(
      new ToolNames(session.trace, thread),
      new SummaryItems(session.trace),
    );
    payloads.closeThread(thread);
  }

  /**
   * Reads the request of a call.
   *
   * @returns `undefined` where its payload is not known.
   * @throws {PayloadError} If its payload can no longer be read.
   */
  read(call: InferenceCall): Prompt | undefined {
    const { raw_payloads } = this.#session.trace;
    const ref = raw_payloads.get(call.raw_request_payload_id);
    if (ref === undefined) return undefined;
    const { window, sizes } = this.#payloads.measureRequest(ref, this.#thread);
    const { shared, previousResponseId } = window;
    const isFull = previousResponseId === null;
    const dropped = isFull ? this.#last.splice(shared) : [];
    const elements = isFull ? this.#last : [];
    const sent = itemsBefore(elements) +
      window.fresh.filter(({ value }) => !isSkipped(value)).length;
    const inherited = call.request_item_ids.length - sent;
    for (const [index, element] of window.fresh.entries()) {
      const position = itemsBefore(elements);
      const skipped = isSkipped(element.value);
      const item = skipped ? undefined : this.#item(call, inherited + position);
      elements.push({
        ...this.#sources.of(element.value, item),
        bytes: sizes.fresh[index] ?? 0,
        position,
        text: skipped ? element.source() : null,
      });
    }
    const { members } = sizes;
    return {
      elements,
      dropped,
      shared,
      members,
      previousResponseId,
      inherited,
    };
  }

  /** Lets go of the last request. */
  close(): void {
    this.#payloads.closeThread(this.#thread);
  }

  #item(call: InferenceCall, index: number) {
    const id = call.request_item_ids.at(index);
    return id === undefined
      ? undefined
      : this.#session.trace.conversation_items.get(id);
  }
}

function itemsBefore(elements: readonly PromptElement[]): number {
  const last = elements.at(-1);
  if (last === undefined) return 0;
  return last.position + (last.text === null ? 1 : 0);
}

/** Whether an element is no part of the conversation: the reduction passes over it. */
function isSkipped(element: unknown): boolean {
  return typeof element === "object" && element !== null &&
    "type" in element && element.type === "additional_tools";
}

/** Bytes of braces, brackets, commas and the word `input` around all parts of a request. */
export function punctuationOf({ elements, members }: Prompt): number {
  const braces = 2;
  const input = '"input":[]'.length;
  return braces + input + members.length + Math.max(0, elements.length - 1);
}
