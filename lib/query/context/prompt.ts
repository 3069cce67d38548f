/**
 * The requests of a thread one after the other, cut into pieces that are sized and named.
 *
 * Every request repeats the entire conversation. What a request shares with the full one before
 * it is neither parsed nor sized again, so a session costs what is new in it.
 *
 * @module
 */

import type { ThreadId } from "../../format/ids.ts";
import { compactSize } from "../../format/json/json_bytes.ts";
import {
  isComplete,
  isJsonObject,
  type RawPayloadRef,
  type RequestMember,
} from "../../format/payload.ts";
import type { InferenceCall } from "../../graph/runtime.ts";
import { effectiveRequest } from "../evidence/recorded/effective_request.ts";
import { missingBytesIn } from "../session/requests/missing_bytes.ts";
import {
  countSharedElements,
  OutlineMaker,
  type RequestOutline,
} from "../session/requests/request_outlines.ts";
import { lostPayloads } from "../evidence/recorded/losses.ts";
import type { PayloadReader, TraceSession } from "../session/session.ts";
import {
  ElementSources,
  type NamedSource,
  SummaryItems,
} from "./element_source.ts";
import { ToolNames } from "./tool_names.ts";

/** An element of `input`. */
export interface PromptElement extends NamedSource {
  /** Bytes as sent, those included that the recorder's limits left out. */
  readonly bytes: number;
  /** How many elements before it are items, which is its own place among them if it is one. */
  readonly position: number;
  /** Its own text where it is no item, so that it can be known again; null for items. */
  readonly text: string | null;
  /** Whether it is an item that was not recorded; its own text names its payload. */
  readonly isLost: boolean;
}

/** One request. */
export interface Prompt {
  /** Its elements; valid until the next request is read. */
  readonly elements: readonly PromptElement[];
  /** Elements that the last full request had and this one has not, where it is full. */
  readonly dropped: readonly PromptElement[];
  /** How many elements are those of the last full request. */
  readonly shared: number;
  /** Everything but `input`; nothing of it where the request itself was not recorded. */
  readonly members: readonly RequestMember[];
  /** The response that it continues; null for a full request, and for one with a warm-up. */
  readonly previousResponseId: string | null;
  /** Items that were not sent again: these are before its own. */
  readonly inherited: number;
}

/** The content of an element that was not recorded is unknown. */
const UNRECORDED: NamedSource = { source: "other_item", name: "not recorded" };

/** Reads the requests of one thread, in the order in which they were sent. */
export class PromptReader {
  readonly #session: TraceSession;
  readonly #payloads: PayloadReader;
  readonly #thread: ThreadId;
  readonly #sources: ElementSources;
  /** For requests of which the session has no outline. */
  readonly #maker: OutlineMaker;
  /** The last full request, and its elements. */
  #last: RequestOutline | undefined;
  readonly #elements: PromptElement[] = [];

  /** Begins with the next request, whichever that is. */
  constructor(
    session: TraceSession,
    payloads: PayloadReader,
    thread: ThreadId,
  ) {
    this.#session = session;
    this.#payloads = payloads;
    this.#thread = thread;
    this.#maker = new OutlineMaker(session);
    this.#sources = new ElementSources(
      new ToolNames(session.trace, thread),
      new SummaryItems(session.trace),
    );
    payloads.closeThread(thread);
  }

  /**
   * Reads the request of a call.
   *
   * @returns `undefined` where its payload is not known, was not recorded, or was lost.
   * @throws {PayloadError} If its payload can no longer be read.
   */
  read(call: InferenceCall): Prompt | undefined {
    const { ref, isWarmup } = effectiveRequest(this.#session, call);
    if (ref === undefined || ref.capture !== undefined) return undefined;
    if (lostPayloads(this.#session).has(ref.raw_payload_id)) return undefined;
    const outline = this.#outlineOf(ref);
    const { previousResponseId } = outline;
    const isFull = previousResponseId === null;
    const shared = isFull && this.#last !== undefined
      ? countSharedElements(this.#last, outline)
      : 0;
    const dropped = isFull ? this.#elements.splice(shared) : [];
    const elements = isFull ? this.#elements : [];
    if (isFull) this.#last = outline;
    const fresh = outline.elements.slice(shared, outline.length);
    const sent = itemsBefore(elements) +
      fresh.filter(({ text }) => text === null).length;
    const inherited = call.request_item_ids.length - sent;
    for (const { head, ...element } of fresh) {
      const position = itemsBefore(elements);
      const { text, isLost } = element;
      const item = text === null
        ? this.#item(call, inherited + position)
        : undefined;
      const named = isLost ? UNRECORDED : this.#sources.of(head, item);
      elements.push({ ...named, ...element, position });
    }
    const members = isWarmup
      ? this.#membersOnWire(call)
      : this.#withMissing(ref, outline.members);
    return {
      elements,
      dropped,
      shared,
      members,
      previousResponseId,
      inherited,
    };
  }

  #outlineOf(ref: RawPayloadRef): RequestOutline {
    const known = this.#session.requests?.of(ref.raw_payload_id);
    if (known !== undefined) return known;
    const request = this.#payloads.measureRequest(ref, this.#thread);
    return this.#maker.outline(ref, this.#thread, request);
  }

  /** Everything but the input of a request whose input is in a payload of its own. */
  #membersOnWire(call: InferenceCall): RequestMember[] {
    const ref = this.#session.trace.raw_payloads.get(
      call.raw_request_payload_id,
    );
    if (ref === undefined || ref.capture !== undefined) return [];
    const encoder = new TextEncoder();
    const missingIn = missingBytesIn(ref);
    const document = this.#payloads.open(ref);
    const { value } = document;
    return Object.keys(isJsonObject(value) ? value : {}).flatMap((key) => {
      const member = document.member(key);
      if (key === "input" || member === undefined) return [];
      const source = `${JSON.stringify(key)}:${member.source()}`;
      const bytes = compactSize(encoder.encode(source)) +
        missingIn(member.value);
      return [{ key, bytes }];
    });
  }

  /** Members with the bytes of what was not recorded of them. */
  #withMissing(
    ref: RawPayloadRef,
    members: readonly RequestMember[],
  ): readonly RequestMember[] {
    if (isComplete(ref)) return members;
    const missingIn = missingBytesIn(ref);
    const { value } = this.#payloads.open(ref);
    if (!isJsonObject(value)) return members;
    return members.map(({ key, bytes }) => ({
      key,
      bytes: bytes + missingIn(value[key] ?? null),
    }));
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

/** Bytes of braces, brackets, commas and the word `input` around all parts of a request. */
export function punctuationOf({ elements, members }: Prompt): number {
  const braces = 2;
  const input = '"input":[]'.length;
  return braces + input + members.length + Math.max(0, elements.length - 1);
}
