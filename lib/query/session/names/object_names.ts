/**
 * Names of a graph's objects: ids, short handles, and what people type for either.
 *
 * A handle is the kind's word and a number: for items, payloads, terminal operations and
 * compaction requests the number of the id itself, for everything else its place in the
 * order of creation, counted from 1. So `call:3` is the third request to a model. Where such an
 * id has no number, `x` and its position replace it: `payload:x2`. Whatever the ids are, a handle
 * can be typed and is safe for a terminal.
 *
 * @module
 */

import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import { inCreationOrder } from "./creation_order.ts";
import { EventNames } from "./event_names.ts";
import {
  expandHandle,
  HANDLE_WORDS,
  OBJECT_KINDS,
  OBJECT_MAPS,
  type ObjectKind,
  type ObjectRef,
} from "./object_kind.ts";
import { compareValues } from "../../../format/integers.ts";

/** Ids that carry a number of their own. */
const NUMBERED: ReadonlyMap<ObjectKind, RegExp> = new Map([
  ["item", /^conversation_item:([1-9]\d*)$/],
  ["payload", /^raw_payload:([1-9]\d*)$/],
  ["terminal_operation", /^terminal_operation:([1-9]\d*)$/],
  ["compaction_request", /^compaction_request:([1-9]\d*)$/],
]);

/** Ids that a person can type, and that any terminal shows as they are. */
const TYPABLE = /^[\x21-\x7e]{1,80}$/;

/** What a word means. */
export type Resolution =
  | { readonly type: "found"; readonly ref: ObjectRef }
  /** More than one object may be meant: these, at most ten. */
  | { readonly type: "ambiguous"; readonly candidates: readonly ObjectRef[] }
  | { readonly type: "unknown" };

const MAX_CANDIDATES = 10;

/** Beginnings that mean an id: none that is short, none that reads as the number of an event. */
const PREFIX = /^(?!\d+$).{4}/su;

/** Finds objects by name, and names by object. */
export class ObjectNames {
  readonly #trace: RolloutTrace;
  readonly #handles: Map<ObjectKind, ReadonlyMap<string, string>> = new Map();
  #byHandle: Map<string, ObjectRef> | undefined;
  #others: ReadonlyMap<string, readonly ObjectRef[]> | undefined;
  #prefixes: IdPrefixes | undefined;
  #ofEvents: EventNames | undefined;

  /** Names the objects of `trace`. */
  constructor(trace: RolloutTrace) {
    this.#trace = trace;
  }

  /** The name of an object, whether or not the graph holds it. */
  ref(kind: ObjectKind, id: string): ObjectRef {
    return { kind, id, handle: this.handle(kind, id) };
  }

  /** Whether the graph holds an object. */
  has(kind: ObjectKind, id: string): boolean {
    return this.#trace[OBJECT_MAPS[kind]].has(id);
  }

  /**
   * The short name of an object. Where the graph does not hold it, the id itself, or `payload:?`
   * where that is not easily typed.
   */
  handle(kind: ObjectKind, id: string): string {
    let handles = this.#handles.get(kind);
    if (handles === undefined) {
      handles = handlesOf(kind, this.#idsOf(kind));
      this.#handles.set(kind, handles);
    }
    return handles.get(id) ??
      (TYPABLE.test(id) ? id : `${HANDLE_WORDS[kind]}:?`);
  }

  /** What events call objects that have other ids in the graph. */
  get ofEvents(): EventNames {
    return this.#ofEvents ??= new EventNames(this.#trace);
  }

  /** Every object of a kind, in order of creation. */
  all(kind: ObjectKind): ObjectRef[] {
    return this.#idsOf(kind).map((id) => this.ref(kind, id));
  }

  /**
   * What `word` means: an id, a handle, a path of an agent, another name of an object (the id
   * of an answer, of a Responses item, of a call), or the beginning of an id that no other has,
   * of four letters or more.
   *
   * @param kinds Only objects of these kinds are meant; by default, any.
   */
  resolve(
    word: string,
    kinds: readonly ObjectKind[] = OBJECT_KINDS,
  ): Resolution {
    const steps = [
      () => this.#exact(word),
      () => this.#ofHandle(word),
      () => this.#ofOtherName(word),
      () => this.#ofPrefix(word, kinds),
    ];
    for (const step of steps) {
      const found = step().filter(({ kind }) => kinds.includes(kind));
      const [only] = found;
      if (only === undefined) continue;
      return found.length === 1 ? { type: "found", ref: only } : {
        type: "ambiguous",
        candidates: found.slice(0, MAX_CANDIDATES),
      };
    }
    return { type: "unknown" };
  }

  #idsOf(kind: ObjectKind): string[] {
    return inCreationOrder(kind, this.#trace[OBJECT_MAPS[kind]]).map(([id]) =>
      id
    );
  }

  #exact(id: string): ObjectRef[] {
    return OBJECT_KINDS
      .filter((kind) => this.#trace[OBJECT_MAPS[kind]].has(id))
      .map((kind) => this.ref(kind, id));
  }

  #ofHandle(word: string): ObjectRef[] {
    this.#byHandle ??= new Map(
      OBJECT_KINDS.flatMap((kind) => this.all(kind))
        .map((ref) => [ref.handle, ref] as const),
    );
    const ref = this.#byHandle.get(expandHandle(word));
    return ref === undefined ? [] : [ref];
  }

  #ofOtherName(word: string): readonly ObjectRef[] {
    this.#others ??= otherNames(this.#trace, this);
    return this.#others.get(word) ?? [];
  }

  #ofPrefix(word: string, kinds: readonly ObjectKind[]): ObjectRef[] {
    if (!PREFIX.test(word)) return [];
    this.#prefixes ??= new IdPrefixes(
      OBJECT_KINDS.flatMap((kind) => this.all(kind)),
    );
    return this.#prefixes.startingWith(word, kinds, MAX_CANDIDATES);
  }
}

function handlesOf(
  kind: ObjectKind,
  ids: Iterable<string>,
): Map<string, string> {
  const word = HANDLE_WORDS[kind];
  const numbered = NUMBERED.get(kind);
  const handles = new Map<string, string>();
  let ordinal = 0;
  for (const id of ids) {
    ordinal++;
    const number = numbered === undefined
      ? ordinal
      : numbered.exec(id)?.[1] ?? `x${ordinal}`;
    handles.set(id, `${word}:${number}`);
  }
  return handles;
}

/** Objects in the order of their ids. */
class IdPrefixes {
  readonly #sorted: readonly ObjectRef[];

  /** Takes the objects in any order. */
  constructor(refs: readonly ObjectRef[]) {
    this.#sorted = refs.toSorted((a, b) => compareValues(a.id, b.id));
  }

  /** Objects of some kinds whose ids begin with `prefix`; at most `max` of them. */
  startingWith(
    prefix: string,
    kinds: readonly ObjectKind[],
    max: number,
  ): ObjectRef[] {
    const found: ObjectRef[] = [];
    if (prefix === "") return found;
    for (let at = this.#firstFrom(prefix); found.length < max; at++) {
      const ref = this.#sorted[at];
      if (ref === undefined || !ref.id.startsWith(prefix)) break;
      if (kinds.includes(ref.kind)) found.push(ref);
    }
    return found;
  }

  /** Index of the first id that is not before `prefix`. */
  #firstFrom(prefix: string): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle]?.id ?? "") < prefix) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Makes the name of an object. */
interface RefMaker {
  /** The name of an object. */
  ref(kind: ObjectKind, id: string): ObjectRef;
}

/** Every such name, with the objects it may mean. */
function otherNames(
  trace: RolloutTrace,
  names: RefMaker,
): Map<string, readonly ObjectRef[]> {
  const found = new Map<string, ObjectRef[]>();
  const add = (
    name: string | null | undefined,
    kind: ObjectKind,
    id: string,
  ) => {
    if (name === null || name === undefined || name === "") return;
    const refs = found.get(name);
    const last = refs?.at(-1);
    if (refs === undefined) found.set(name, [names.ref(kind, id)]);
    // Names of one object are added one after the other.
    else if (last?.kind !== kind || last.id !== id) {
      refs.push(names.ref(kind, id));
    }
  };
  for (const [id, thread] of trace.threads) {
    add(thread.agent_path, "thread", id);
    add(thread.nickname, "thread", id);
  }
  for (const [id, call] of trace.inference_calls) {
    add(call.response_id, "inference_call", id);
    add(call.upstream_request_id, "inference_call", id);
  }
  for (const [id, item] of trace.conversation_items) {
    add(item.responses_item_id, "item", id);
  }
  for (const [id, tool] of trace.tool_calls) {
    add(tool.model_visible_call_id, "tool_call", id);
    add(tool.mcp_call_id, "tool_call", id);
    add(tool.code_mode_runtime_tool_id, "tool_call", id);
  }
  for (const [id, ref] of trace.raw_payloads) add(ref.path, "payload", id);
  return found;
}
