/**
 * Outlines of requests: which elements a request has and how large they are, without their contents.
 *
 * They are made while the requests are reduced, so that a question about prompts reads none again.
 * Every request repeats the entire conversation; requests with a common prefix share its outline.
 *
 * @module
 */

import { sizesOf } from "../../../bundle/request/request_sizes.ts";
import type {
  ReadRequest,
  RequestObserver,
} from "../../../bundle/request/shared_request_reader.ts";
import type { RawPayloadId, ThreadId } from "../../../format/ids.ts";
import {
  isComplete,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type MeasuredRequest,
  type RawPayloadRef,
  type RequestMember,
} from "../../../format/payload.ts";
import { PartMarkers } from "../../../reduce/items/part_markers.ts";
import { missingBytesIn } from "./missing_bytes.ts";
import { noItemsIn, type OfSchema } from "./no_items.ts";

/** An element of `input`, without its content. */
export interface ElementOutline {
  /** What names it: its type, role, name, namespace, and id of a call. */
  readonly head: JsonObject;
  /** Bytes as sent, those included that the recorder's limits left out. */
  readonly bytes: number;
  /** Its own text where it is no item, so that it can be known again; null for items. */
  readonly text: string | null;
  /** Whether it is an item that was not recorded; its own text names its payload. */
  readonly isLost: boolean;
}

/** One request. */
export interface RequestOutline {
  /** Its elements, and maybe those that later requests added. */
  readonly elements: readonly ElementOutline[];
  /** How many of `elements` are its own. */
  readonly length: number;
  /** Everything but `input`, without what the recorder's limits left out of it. */
  readonly members: readonly RequestMember[];
  /** The response that it continues; null for a full request. */
  readonly previousResponseId: string | null;
}

/** What is known of the requests of a session that were measured while they were reduced. */
export interface MeasuredRequests {
  /**
   * The outline of a request by the id of its payload; `undefined` where it was not reduced, or is not
   * kept: outlines of sessions whose requests have little in common would take too much memory.
   */
  of(id: RawPayloadId): RequestOutline | undefined;
}

/** Returns how many of the first elements of two requests are the same. */
export function countSharedElements(
  a: RequestOutline,
  b: RequestOutline,
): number {
  const max = Math.min(a.length, b.length);
  if (a.elements === b.elements) return max;
  let count = 0;
  while (count < max && a.elements[count] === b.elements[count]) count++;
  return count;
}

/** Approximate memory of an outline or of one of its elements, without texts. */
const BYTES_PER_OBJECT = 200;
const BYTES_PER_POINTER = 8;

/** Makes outlines of the requests of a session, in the order in which they are read. */
export class OutlineMaker {
  /** Approximate memory of all outlines that were made, in bytes. */
  size = 0;
  readonly #session: OfSchema;
  /** The elements of the last full request of each thread, and whether all of it was recorded. */
  readonly #last: Map<
    ThreadId,
    { readonly elements: ElementOutline[]; readonly isRecorded: boolean }
  > = new Map();

  /** Distinguishes items from other elements by the schema of the session. */
  constructor(session: OfSchema) {
    this.#session = session;
  }

  /** Returns the outline of a request, which adds to the last full one of the thread. */
  outline(
    ref: RawPayloadRef,
    thread: ThreadId,
    { window, sizes }: MeasuredRequest,
  ): RequestOutline {
    const isNoItem = noItemsIn(this.#session, ref);
    const missingIn = missingBytesIn(ref);
    const markers = new PartMarkers(ref);
    const { previousResponseId, shared } = window;
    const isFull = previousResponseId === null;
    const before = this.#last.get(thread);
    const last = before?.elements ?? [];
    const isRecorded = isComplete(ref);
    // A value that looks like the marker of a missing part may be one in the other request only.
    const canRepeat = isRecorded && before?.isRecorded === true;
    const isLonger = isFull && shared === last.length;
    const elements = isLonger ? last : last.slice(0, shared);
    const copied = isLonger ? 0 : shared;
    this.size += BYTES_PER_OBJECT +
      BYTES_PER_POINTER * (copied + window.fresh.length + sizes.members.length);
    for (const [index, element] of window.fresh.entries()) {
      const same = canRepeat ? last[element.sameAs ?? -1] : undefined;
      if (same !== undefined) {
        elements.push(same);
        continue;
      }
      const { value } = element;
      const text = isNoItem(value) ? element.source() : null;
      this.size += BYTES_PER_OBJECT + (text?.length ?? 0);
      elements.push({
        head: headOf(value),
        bytes: (sizes.fresh[index] ?? 0) + missingIn(value),
        text,
        isLost: markers.partOf(value) !== undefined,
      });
    }
    if (isFull) this.#last.set(thread, { elements, isRecorded });
    const { members } = sizes;
    return { elements, length: elements.length, members, previousResponseId };
  }
}

/** The keys by which an element is named. */
const HEAD_KEYS = ["type", "role", "name", "namespace", "call_id"];

function headOf(value: JsonValue): JsonObject {
  const head: JsonObject = {};
  if (!isJsonObject(value)) return head;
  for (const key of HEAD_KEYS) {
    const field = value[key];
    if (typeof field === "string") head[key] = field;
  }
  return head;
}

/**
 * Maximum memory of all outlines, approximately. A session whose requests have little in common needs
 * more; then none is kept, and questions read its requests again.
 */
const MAX_BYTES = 32 * 1024 * 1024;

/** The outlines of all requests of a session, or none. */
export class RequestOutlines implements RequestObserver, MeasuredRequests {
  readonly #max: number;
  readonly #kept: Map<RawPayloadId, RequestOutline> = new Map();
  /** `undefined` once the limit is exceeded. */
  #maker: OutlineMaker | undefined;

  /** Keeps `max` bytes at most, approximately. */
  constructor(session: OfSchema, max: number = MAX_BYTES) {
    this.#maker = new OutlineMaker(session);
    this.#max = max;
  }

  /** {@inheritDoc RequestObserver.observeRequest} */
  observeRequest(
    ref: RawPayloadRef,
    thread: ThreadId,
    request: ReadRequest,
  ): void {
    const maker = this.#maker;
    if (maker === undefined) return;
    const { window } = request;
    const sizes = sizesOf(request);
    const outline = maker.outline(ref, thread, { window, sizes });
    this.#kept.set(ref.raw_payload_id, outline);
    if (maker.size <= this.#max) return;
    this.#kept.clear();
    this.#maker = undefined;
  }

  /** {@inheritDoc MeasuredRequests.of} */
  of(id: RawPayloadId): RequestOutline | undefined {
    return this.#kept.get(id);
  }
}
