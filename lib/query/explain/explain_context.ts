/**
 * What the parts of an explanation share: the session, its links, and ways to evidence.
 *
 * @module
 */

import type { EventType } from "../../format/event.ts";
import type { ModelVisibleCallId, ThreadId } from "../../format/ids.ts";
import type { ConversationItem } from "../../graph/conversation.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import type { ToolCall } from "../../graph/runtime.ts";
import type { Failure } from "../failures/failure.ts";
import { getFailures } from "../failures/failures.ts";
import {
  type EvidenceSource,
  evidenceSources,
} from "../evidence/links/evidence.ts";
import { GraphLinks } from "../evidence/links/graph_links.ts";
import {
  getUndeliveredResults,
  type UndeliveredResult,
} from "../evidence/links/undelivered.ts";
import { reportsOfAgents } from "../evidence/links/reported_agents.ts";
import { interruptedTurns } from "../evidence/links/interrupted_turns.ts";
import type { ReferenceRole } from "../../graph/codec/reference.ts";
import type { ObjectKind, ObjectRef } from "../session/names/object_kind.ts";
import { UnseenCarriers } from "../evidence/links/unseen_carriers.ts";
import { WaitTargets } from "../evidence/recorded/wait_target.ts";
import {
  type KnownCount,
  knownCount,
  lostEvidence,
} from "../evidence/known_count.ts";
import { mayLackRequests } from "../evidence/recorded/losses.ts";
import type { TraceSession } from "../session/session.ts";
import type { Link } from "./link.ts";
import { callsByTurnStarted } from "./started_turns.ts";
import type { Relation } from "./relation.ts";
import type { EventPhase } from "../../format/events/event_description.ts";

export type { EvidencePart };

/** Events about an edge. */
const EDGE_EVENTS: ReadonlySet<EventType> = new Set([
  "thread_started",
  "tool_call_runtime_started",
  "tool_call_runtime_ended",
  "agent_result_observed",
]);

/** Lists of evidence of this length are made again rather than kept for as long as the session. */
const MAX_SHORT = 16;
/** Lists of it that are kept. */
const MAX_SHORT_LISTS = 4000;

/** A session, seen with all its links. */
export class ExplainContext {
  readonly session: TraceSession;
  readonly links: GraphLinks;
  readonly #evidence: Map<EvidencePart, EvidenceOfKinds> = new Map();
  #shortLists = 0;
  #calls: Map<string, ConversationItem[]> | undefined;
  #waits: Map<string, ToolCall[]> | undefined;
  #failures: readonly Failure[] | undefined;
  #causes: Map<string, Failure[]> | undefined;
  #byPayload: Map<string, Failure[]> | undefined;
  #waitTargets: WaitTargets | undefined;
  #interrupted: ReadonlyMap<string, ToolCall> | undefined;
  #unseen: UnseenCarriers | undefined;
  #undelivered: readonly UndeliveredResult[] | undefined;
  #reports: ReadonlyMap<string, readonly string[]> | undefined;
  #beginnings: ReadonlyMap<string, readonly ToolCall[]> | undefined;

  /** Explains objects of `session`; callers may pass its links and failures. */
  constructor(
    session: TraceSession,
    links?: GraphLinks,
    failures?: readonly Failure[],
  ) {
    this.session = session;
    this.links = links ?? new GraphLinks(session.trace);
    this.#failures = failures;
  }

  /** The graph. */
  get trace(): RolloutTrace {
    return this.session.trace;
  }

  /** The name of an object. */
  ref(kind: ObjectKind, id: string): ObjectRef {
    return this.session.names.ref(kind, id);
  }

  /**
   * Events about an object; the same list each time if it is long, since many links may have it. A
   * short one of all events is the same one for the next links.
   */
  evidence(
    kind: ObjectKind,
    id: string,
    part: EvidencePart,
  ): readonly EvidenceSource[] {
    if (part === "all") {
      return this.#kept(
        kind,
        id,
        part,
        () => evidenceSources(this.session, this.links, { kind, id }),
      );
    }
    const all = this.evidence(kind, id, "all");
    return all.length <= MAX_SHORT
      ? partOf(all, part)
      : this.#kept(kind, id, part, () => partOf(all, part));
  }

  /** A list that is kept, or what `make` returns. */
  #kept(
    kind: ObjectKind,
    id: string,
    part: EvidencePart,
    make: () => readonly EvidenceSource[],
  ): readonly EvidenceSource[] {
    let kinds = this.#evidence.get(part);
    if (kinds === undefined) this.#evidence.set(part, kinds = new Map());
    let ids = kinds.get(kind);
    if (ids === undefined) kinds.set(kind, ids = new Map());
    let found = ids.get(id);
    if (found === undefined) {
      found = make();
      if (found.length <= MAX_SHORT) {
        // Of 10,000 tool calls with 40,000 payloads, all lists take 50 MB.
        if (++this.#shortLists > MAX_SHORT_LISTS) {
          this.#forgetShort();
          this.#shortLists = 1;
        }
      }
      ids.set(id, found);
    }
    return found;
  }

  #forgetShort(): void {
    for (const ids of this.#evidence.get("all")?.values() ?? []) {
      for (const [id, list] of ids) {
        if (list.length <= MAX_SHORT) ids.delete(id);
      }
    }
  }

  /** A link, with the evidence that some events about some object are. */
  link(
    relation: Relation,
    to: { readonly kind: ObjectKind; readonly id: string },
    ...evidence: readonly (readonly [ObjectKind, string, EvidencePart])[]
  ): Link {
    return {
      relation,
      to: this.ref(to.kind, to.id),
      evidence: () => {
        const lists = evidence.map(([kind, id, part]) =>
          this.evidence(kind, id, part)
        );
        const [first = []] = lists;
        return lists.length > 1 ? lists.flat() : first;
      },
    };
  }

  /** The edges that start at an object. */
  edgesFrom(kind: ObjectKind, id: string): Link[] {
    return this.links.to(kind, id, "edge_source").map(({ from }) =>
      this.alongEdge("source_of_edge", from.id)
    );
  }

  alongEdge(relation: Relation, id: string): Link {
    return {
      ...this.link(relation, { kind: "edge", id }),
      evidence: () => this.edgeEvidence(id),
    };
  }

  /** The events about an edge, without those that only frame the tool call. */
  edgeEvidence(id: string): readonly EvidenceSource[] {
    const all = this.evidence("edge", id, "all");
    const relevant = all.filter((each) =>
      "event" in each && EDGE_EVENTS.has(each.event.payload.type)
    );
    return relevant.length === 0 ? all : relevant;
  }

  /** A link to an item that shows a model something, with a note where no request carried it. */
  showing(
    item: string,
    ...evidence: readonly (readonly [ObjectKind, string, EvidencePart])[]
  ): Link {
    const link = this.link(
      "shown_to_model_in",
      { kind: "item", id: item },
      ...evidence,
      ["item", item, "all"],
    );
    switch (this.wasSent(item)) {
      case true:
        return link;
      case false:
        return { ...link, note: "never sent" };
      case null:
        return { ...link, note: "no recorded request has it" };
    }
  }

  /**
   * Whether a request carried an item; null when none is known to, and one that may have was not
   * completely recorded.
   */
  wasSent(id: string): boolean | null {
    if (this.links.carriers.requests(id).count > 0) return true;
    return this.unseenCarriers(id) > 0 ? null : false;
  }

  /** How many requests may have carried an item, besides those that are known to. */
  unseenCarriers(id: string): number {
    const item = this.trace.conversation_items.get(id);
    this.#unseen ??= new UnseenCarriers(this.session);
    return item === undefined
      ? 0
      : this.#unseen.count(item, this.links.carriers);
  }

  /**
   * Whether requests besides those that are known may have carried an item: their items, or the
   * requests themselves, were lost or not recorded.
   */
  mayLackCarriers(id: string): boolean {
    return mayLackRequests(this.session) || this.unseenCarriers(id) > 0;
  }

  /** Whether a request after the start of something, not completely recorded, may have shown it. */
  mayBeInPartialRequest(
    { thread_id: thread, execution }: Pick<ToolCall, "thread_id" | "execution">,
  ): boolean {
    this.#unseen ??= new UnseenCarriers(this.session);
    return this.#unseen.mayCarry(thread, execution.started_seq);
  }

  /** Links to every object that names this one in a role. */
  linksFrom(
    relation: Relation,
    kind: ObjectKind,
    id: string,
    role: ReferenceRole,
    part: EvidencePart = "start",
  ): Link[] {
    return this.links.to(kind, id, role).map(({ from }) =>
      this.link(relation, from, [from.kind, from.id, part])
    );
  }

  /** The items of a thread that make or answer a call, in order of creation. */
  itemsOfCall(
    thread: ThreadId,
    call: ModelVisibleCallId,
  ): readonly ConversationItem[] {
    this.#calls ??= grouped(
      this.trace.conversation_items.values(),
      ({ thread_id, call_id }) =>
        call_id === null ? null : JSON.stringify([thread_id, call_id]),
    );
    return this.#calls.get(JSON.stringify([thread, call])) ?? [];
  }

  /** Everything that went wrong in the session. */
  get failures(): readonly Failure[] {
    return this.#failures ??= getFailures(this.session);
  }

  /** The failures that were caused by an object. */
  failuresBecauseOf(kind: ObjectKind, id: string): readonly Failure[] {
    this.#causes ??= grouped(
      this.failures,
      ({ caused_by: by }) => by === null ? null : `${by.kind} ${by.id}`,
    );
    if (this.#causes.size === 0) return [];
    return this.#causes.get(`${kind} ${id}`) ?? [];
  }

  failuresIn(payload: string): readonly Failure[] {
    this.#byPayload ??= failuresByPayload(this.failures);
    return this.#byPayload.get(payload) ?? [];
  }

  /** A count of objects that are in the graph, of which lost evidence may have more. */
  readonly known: (count: number) => KnownCount = (count) =>
    knownCount(count, lostEvidence(this.session).any);

  /** Results of agents that never reached whom they were for. */
  get undelivered(): readonly UndeliveredResult[] {
    return this.#undelivered ??= getUndeliveredResults(this.session);
  }

  /** The items that report the results of each agent in their text, by its thread. */
  get reports(): ReadonlyMap<string, readonly string[]> {
    return this.#reports ??= reportsOfAgents(this.trace);
  }

  /** The calls of other agents that began a turn. */
  callsThatStarted(turn: string): readonly ToolCall[] {
    this.#beginnings ??= callsByTurnStarted(this.session);
    return this.#beginnings.get(turn) ?? [];
  }

  /** The calls of other agents that interrupted turns, by the turn. */
  get interruptedTurns(): ReadonlyMap<string, ToolCall> {
    return this.#interrupted ??= interruptedTurns(this.trace);
  }

  /** The calls by which a thread waited for agents. */
  waitsOf(thread: ThreadId | undefined): readonly ToolCall[] {
    this.#waits ??= grouped(
      this.trace.tool_calls.values(),
      ({ kind, thread_id }) => kind.type === "wait_agent" ? thread_id : null,
    );
    return thread === undefined ? [] : this.#waits.get(thread) ?? [];
  }

  /** The code cells that tool calls waited for. */
  get waitTargets(): WaitTargets {
    return this.#waitTargets ??= new WaitTargets(this.session);
  }
}

/** Failures by their payloads, each once. */
function failuresByPayload(
  failures: readonly Failure[],
): Map<string, Failure[]> {
  const groups = new Map<string, Failure[]>();
  for (const failure of failures) {
    for (const { kind, id } of failure.evidence) {
      if (kind !== "payload") continue;
      const group = groups.get(id);
      if (group === undefined) groups.set(id, [failure]);
      else if (group.at(-1) !== failure) group.push(failure);
    }
  }
  return groups;
}

/** Objects by a key; those without one are left out. */
function grouped<T>(
  objects: Iterable<T>,
  keyOf: (object: T) => string | null,
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const object of objects) {
    const key = keyOf(object);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [object]);
    else group.push(object);
  }
  return groups;
}

/** Which of the events about an object: those of one phase of its life, or all. */
type EvidencePart = "all" | EventPhase;

/** Kind → id → events about the object. */
type EvidenceOfKinds = Map<
  ObjectKind,
  Map<string, readonly EvidenceSource[]>
>;

/** The events of one part of an object's life; the phase of an event is only in the log. */
function partOf(
  all: readonly EvidenceSource[],
  part: EventPhase,
): readonly EvidenceSource[] {
  return all.filter((each, at) => {
    if ("event" in each) return each.meaning.phase === part;
    // Without a log, the graph knows the number of the first event and those of the others.
    return part === "start" ? at === 0 : part === "end" && at > 0;
  });
}
