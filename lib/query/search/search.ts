/**
 * Where a text occurs in a session: in conversation items, in arguments and outputs of tools, in
 * code, in errors and other texts of the log, and in the payloads.
 *
 * The text of an item is reported once, for the item. Of a request's payload, only the part is
 * searched that the request before it in the same thread does not have. A hit in a payload that an
 * object of the graph has, too, is reported as a copy.
 *
 * @module
 */

import type { RawPayloadId, ThreadId } from "../../format/ids.ts";
import type { Integer, UnixMs } from "../../format/vocabulary.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import { unrecordedText } from "../../text/capture_text.ts";
import { GraphLinks } from "../evidence/links/graph_links.ts";
import { marksOf } from "../evidence/links/marks.ts";
import { OBJECT_KINDS, type ObjectKind } from "../session/names/object_kind.ts";
import { getClock } from "../evidence/clock/clock.ts";
import type { TraceSession } from "../session/session.ts";
import { hasEnds } from "../../text/abbreviated.ts";
import { type TextObject, textObjects } from "./graph_texts.ts";
import { logTextObjects } from "./log_texts.ts";
import { type HitBudget, HitList, MAX_COUNTED_HITS } from "./hit_list.ts";
import {
  errorPayloads,
  firstNaming,
  type OrderedPayload,
  payloadOrder,
  placesOfPayload,
} from "./payload_order.ts";
import { PayloadSearch } from "./payload_search.ts";
import { HitOwners } from "./duplicate_hits.ts";
import {
  BUNDLE_SCOPES,
  type ObjectHit,
  SEARCH_SCOPES,
  type SearchAnswer,
  type SearchScope,
  type UnreadablePayload,
} from "./search_answer.ts";
import type { SearchPattern } from "./search_pattern.ts";

/** How a session is searched. */
export interface SearchOptions {
  /** Where to search; by default, everywhere. */
  readonly scopes?: readonly SearchScope[];
  /** Search one thread only. */
  readonly thread?: ThreadId;
  /** How many hits of one object are listed; by default, three. All are counted. */
  readonly maxHits?: number;
}

const MAX_HITS = 3;

/**
 * Searches a session.
 *
 * Payloads are read one by one: there are never more than two in memory. A `state.json` has
 * none; it has previews of the inputs and outputs of tools, which are searched instead.
 *
 * @returns Every object that holds the text, in the order of first appearance; none when the
 * text does not occur.
 */
export function search(
  session: TraceSession,
  pattern: SearchPattern,
  options: SearchOptions = {},
): SearchAnswer {
  const search = new SessionSearch(session, pattern, options);
  search.graph();
  search.payloads();
  return search.answer();
}

/** An object that was found, and the keys that it is sorted by. */
interface Found {
  readonly hit: ObjectHit;
  readonly order: readonly [UnixMs, Integer, number];
}

class SessionSearch {
  readonly #session: TraceSession;
  readonly #pattern: SearchPattern;
  readonly #places: readonly SearchScope[];
  readonly #thread: ThreadId | undefined;
  readonly #maxHits: number;
  readonly #links: GraphLinks;
  readonly #owners: HitOwners;
  readonly #found: Found[] = [];
  readonly #budget: HitBudget = { left: MAX_COUNTED_HITS };
  readonly #unread: UnreadablePayload[] = [];
  readonly #errorPayloads: ReadonlySet<RawPayloadId>;

  constructor(
    session: TraceSession,
    pattern: SearchPattern,
    options: SearchOptions,
  ) {
    const { scopes = SEARCH_SCOPES, thread, maxHits = MAX_HITS } = options;
    this.#session = session;
    this.#pattern = pattern;
    this.#places = session.payloads === null
      ? scopes.filter((place) => !BUNDLE_SCOPES.has(place))
      : scopes;
    this.#thread = thread;
    this.#maxHits = maxHits;
    this.#links = new GraphLinks(session.trace);
    this.#owners = new HitOwners(session, this.#links);
    this.#errorPayloads = errorPayloads(session);
  }

  /** Searches the texts of the graph, and those that only the log holds. */
  graph(): void {
    const { trace, payloads, log } = this.#session;
    this.#texts(textObjects(trace, payloads === null));
    if (log !== null) this.#texts(logTextObjects(log, trace));
  }

  #texts(objects: Iterable<TextObject>): void {
    for (const object of objects) {
      if (!this.#isOfThread(object.thread)) continue;
      const hits = new HitList(this.#maxHits, this.#budget);
      let place: SearchScope = "items";
      for (const { field, text, places, isEncrypted } of object.texts()) {
        if (!this.#isAsked(places)) continue;
        const before = hits.count;
        const { ends } = this.#pattern;
        if (isEncrypted && ends && hasEnds(text, ends)) {
          hits.addEntireText(text, field);
        } else hits.search(this.#pattern, text, () => field);
        if (hits.count > before) this.#owners.add(object, object.thread, text);
        if (before === 0 && hits.count > 0) place = places.at(-1) ?? place;
      }
      if (hits.count > 0) this.#addObject(object, place, hits);
    }
  }

  /** Searches the payloads, if there are any. */
  payloads(): void {
    const { payloads } = this.#session;
    if (payloads === null) return;
    const search = new PayloadSearch(payloads, this.#pattern);
    const { requests, others } = payloadOrder(
      this.#session,
      this.#links,
    );
    for (const each of others) {
      this.#payload(each, (hits) => search.searchAll(each.ref, hits));
    }
    for (const ofThread of requests.values()) {
      search.nextThread();
      for (const each of ofThread) {
        this.#payload(each, (hits) => search.request(each.ref, hits));
      }
    }
  }

  /** All that was found. */
  answer(): SearchAnswer {
    const { type, text, caseSensitive } = this.#pattern;
    const objects = this.#found
      .sort((a, b) => compared(a.order, b.order))
      .map(({ hit }) => hit);
    return {
      pattern: { type, text, case_sensitive: caseSensitive },
      scopes: this.#places,
      thread: this.#thread === undefined
        ? null
        : this.#session.names.ref("thread", this.#thread),
      started_at_unix_ms: this.#session.trace.started_at_unix_ms,
      hit_count: objects.reduce((sum, { hit_count }) => sum + hit_count, 0),
      has_more_hits: objects.some(({ has_more_hits: hasMore }) => hasMore),
      objects,
      unreadable_payloads: this.#unread,
    };
  }

  #isAsked(places: readonly SearchScope[]): boolean {
    return places.some((place) => this.#places.includes(place));
  }

  #isOfThread(thread: ThreadId | null): boolean {
    return this.#thread === undefined || this.#thread === thread;
  }

  #payload(
    { ref, thread }: OrderedPayload,
    search: (hits: HitList) => string | undefined,
  ): void {
    const places = placesOfPayload(
      ref.kind.type,
      this.#errorPayloads.has(ref.raw_payload_id),
    );
    if (!this.#isAsked(places) || !this.#isOfThread(thread)) return;
    const { names } = this.#session;
    const id = ref.raw_payload_id;
    const owner = this.#owners.of(id, thread);
    const hits = new HitList(this.#maxHits, this.#budget, (text) => {
      const key = owner(text);
      return key === undefined ? undefined : names.ref(key.kind, key.id);
    });
    const capture = ref.capture ?? null;
    const reason = capture?.status === "omitted" ? undefined : search(hits);
    if (reason !== undefined || capture !== null) {
      this.#unread.push({
        object: names.ref("payload", id),
        reason: reason ?? (capture === null ? "" : unrecordedText(capture)),
        // What was kept of it was not read either.
        capture: reason === undefined ? capture : null,
      });
    }
    if (hits.count === 0) return;
    const event = firstNaming(this.#session, this.#links, id)?.event;
    this.#add("payload", id, thread, {
      scope: places.includes("errors") ? "errors" : "payloads",
      label: ref.kind.type,
      seq: event?.seq ?? null,
      at_unix_ms: event?.wall_time_unix_ms ?? null,
    }, hits);
  }

  #addObject(object: TextObject, scope: SearchScope, hits: HitList): void {
    const { kind, id, thread, what: label, at } = object;
    const seq = object.seq ??
      firstSeqOf(this.#session.trace, this.#links, object);
    this.#add(kind, id, thread, { scope, label, seq, at_unix_ms: at }, hits);
  }

  #add(
    kind: ObjectKind,
    id: string,
    thread: ThreadId | null,
    about: Pick<ObjectHit, "scope" | "label" | "seq" | "at_unix_ms">,
    { count, copied, hasMore, hits, owners }: HitList,
  ): void {
    const { names } = this.#session;
    const clock = getClock(this.#session);
    const { seq, at_unix_ms: at } = about;
    this.#found.push({
      hit: {
        object: names.ref(kind, id),
        ...about,
        since_start_ms: at === null
          ? null
          : clock.sinceStart({ seq: seq ?? clock.last.seq, at }),
        thread: thread === null ? null : names.ref("thread", thread),
        hit_count: count,
        has_more_hits: hasMore,
        copied_hit_count: copied,
        copy_of: owners,
        hits,
      },
      order: [about.at_unix_ms ?? 0, about.seq ?? 0, rankOf(kind)],
    });
  }
}

/** The event with which an object of the graph appeared; null where none is known. */
function firstSeqOf(
  trace: RolloutTrace,
  links: GraphLinks,
  object: TextObject,
): Integer | null {
  const seqs = marksOf(trace, links, object).map(({ seq }) => seq);
  return seqs.reduce<Integer | null>(
    (first, each) => first === null || each < first ? each : first,
    null,
  );
}

/** The objects of an event are before the payloads that it names. */
function rankOf(kind: ObjectKind): number {
  return OBJECT_KINDS.indexOf(kind);
}

function compared(a: Found["order"], b: Found["order"]): number {
  for (const index of [0, 1, 2] as const) {
    if (a[index] < b[index]) return -1;
    if (a[index] > b[index]) return 1;
  }
  return 0;
}
