/**
 * The payload references of all events so far.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type { RawPayloadId } from "../../format/ids.ts";
import {
  countSameFirst,
  type PayloadCapture,
  type PayloadSource,
  type RawPayloadRef,
} from "../../format/payload.ts";
import type { ReduceRules } from "../rules.ts";

/** Every payload reference by id; parts have their own entries. */
export class RawPayloadTable {
  readonly #rules: Pick<ReduceRules, "refsAreUnique">;
  readonly #source: PayloadSource;
  readonly #refs: Map<RawPayloadId, RawPayloadRef> = new Map();
  /** Ids that only skipped events named; a later event may replace their references. */
  readonly #replaceable: Set<RawPayloadId> = new Set();
  #hasPartial = false;
  /** The last registered list of parts, as the registered objects. */
  #lastParts: readonly RawPayloadRef[] = [];

  /** Creates an empty table that registers every reference with `source`. */
  constructor(
    rules: Pick<ReduceRules, "refsAreUnique">,
    source: PayloadSource,
  ) {
    this.#rules = rules;
    this.#source = source;
  }

  /** The references of the graph. */
  get graph(): ReadonlyMap<RawPayloadId, RawPayloadRef> {
    return this.#refs;
  }

  /** Whether any payload was truncated or omitted. */
  get hasPartial(): boolean {
    return this.#hasPartial;
  }

  /** Returns the reference of that id. */
  get(id: RawPayloadId): RawPayloadRef | undefined {
    return this.#refs.get(id);
  }

  /** Removes a reference that no later event reads. */
  forget(id: RawPayloadId): void {
    this.#refs.delete(id);
  }

  /**
   * Registers the references of one event: all of them, or none.
   *
   * @returns Ids that were not registered before.
   * @throws {ReplayError} If an id already has another reference and the schema allows one only.
   */
  register(refs: readonly RawPayloadRef[]): Iterable<RawPayloadId> {
    if (!this.#rules.refsAreUnique) {
      for (const ref of refs) this.#add(ref);
      return [];
    }
    const fresh: Map<RawPayloadId, RawPayloadRef> = new Map();
    for (const ref of refs) this.#collect(ref, fresh);
    for (const ref of fresh.values()) this.#add(ref);
    this.#lastParts = refs.findLast(({ parts }) => parts)?.parts ??
      this.#lastParts;
    return fresh.keys();
  }

  /** Marks the ids that {@linkcode register} returned for an event that was then skipped. */
  markReplaceable(ids: Iterable<RawPayloadId>): void {
    for (const id of ids) this.#replaceable.add(id);
    this.#lastParts = [];
  }

  /**
   * Adds a reference and its parts to `fresh`, except those that are already registered.
   *
   * @returns The registered reference. Each id has one object, because a long session names the
   * same parts many times.
   */
  #collect(
    ref: RawPayloadRef,
    fresh: Map<RawPayloadId, RawPayloadRef>,
  ): RawPayloadRef {
    const id = ref.raw_payload_id;
    const known = fresh.get(id) ?? this.#fixedRef(id);
    if (known !== undefined) {
      if (isSameRef(known, ref)) return known;
      throw new ReplayError(
        "conflicting_payload",
        `payload ${quote(id)} was named before with another reference`,
        { raw_payload_id: id },
      );
    }
    fresh.set(id, ref);
    if (ref.parts !== undefined) {
      const known = countSameFirst(this.#lastParts, ref.parts);
      const rest = ref.parts.slice(known);
      ref.parts = this.#lastParts.slice(0, known)
        .concat(rest.map((part) => this.#collect(part, fresh)));
    }
    return ref;
  }

  /** Returns the reference of that id, if an event that was not skipped named it. */
  #fixedRef(id: RawPayloadId): RawPayloadRef | undefined {
    return this.#replaceable.size > 0 && this.#replaceable.has(id)
      ? undefined
      : this.#refs.get(id);
  }

  #add(ref: RawPayloadRef): void {
    this.#replaceable.delete(ref.raw_payload_id);
    this.#refs.set(ref.raw_payload_id, ref);
    if (ref.capture !== undefined) this.#hasPartial = true;
    this.#source.register(ref);
  }
}

/** Returns whether two references agree in every field of the format. */
function isSameRef(a: RawPayloadRef, b: RawPayloadRef): boolean {
  return a === b ||
    (a.raw_payload_id === b.raw_payload_id && a.kind.type === b.kind.type &&
      a.shard === b.shard && isSameCapture(a.capture, b.capture) &&
      (a.parts === b.parts || areSameRefs(a.parts ?? [], b.parts ?? [])));
}

function areSameRefs(
  a: readonly RawPayloadRef[],
  b: readonly RawPayloadRef[],
): boolean {
  return a.length === b.length && a.every((ref, index) => {
    const other = b[index];
    return other !== undefined && isSameRef(ref, other);
  });
}

function isSameCapture(
  a: PayloadCapture | undefined,
  b: PayloadCapture | undefined,
): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.status !== b.status || a.original_bytes !== b.original_bytes) {
    return false;
  }
  return a.status === "omitted" ||
    (b.status === "truncated" && a.retained_bytes === b.retained_bytes);
}
