/**
 * The references to payloads that events named so far.
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

/** Every payload that was named, by id; parts have entries of their own. */
export class RawPayloadTable {
  readonly #rules: Pick<ReduceRules, "refsAreUnique">;
  readonly #source: PayloadSource;
  readonly #refs: Map<RawPayloadId, RawPayloadRef> = new Map();
  /** Ids that only skipped events named: a reference of an event that counts takes their place. */
  readonly #replaceable: Set<RawPayloadId> = new Set();
  #hasPartial = false;
  /** Parts that were registered last, together and as these objects. */
  #lastParts: readonly RawPayloadRef[] = [];

  /** Announces to `source` what is registered. */
  constructor(
    rules: Pick<ReduceRules, "refsAreUnique">,
    source: PayloadSource,
  ) {
    this.#rules = rules;
    this.#source = source;
  }

  /** The references as the graph shows them. */
  get graph(): ReadonlyMap<RawPayloadId, RawPayloadRef> {
    return this.#refs;
  }

  /** Whether any payload was truncated or omitted. */
  get hasPartial(): boolean {
    return this.#hasPartial;
  }

  /** The reference of that id. */
  get(id: RawPayloadId): RawPayloadRef | undefined {
    return this.#refs.get(id);
  }

  /**
   * Registers the references of one event: all of them, or none.
   *
   * @returns Ids that were not registered before.
   * @throws {ReplayError} If an id is registered already with another reference, where the schema
   * allows one only.
   */
  register(refs: readonly RawPayloadRef[]): Iterable<RawPayloadId> {
    if (!this.#rules.refsAreUnique) {
      for (const ref of refs) this.#enter(ref);
      return [];
    }
    const fresh: Map<RawPayloadId, RawPayloadRef> = new Map();
    for (const ref of refs) this.#collect(ref, fresh);
    for (const ref of fresh.values()) this.#enter(ref);
    this.#lastParts = refs.findLast(({ parts }) => parts)?.parts ??
      this.#lastParts;
    return fresh.keys();
  }

  /** Must be called with what {@linkcode register} returned for an event that is skipped. */
  markReplaceable(ids: Iterable<RawPayloadId>): void {
    for (const id of ids) this.#replaceable.add(id);
    this.#lastParts = [];
  }

  /**
   * Adds a reference and its parts to `fresh`, as far as they are not registered.
   *
   * @returns The reference as it is registered: one object for one id, since a long session names
   * the same parts again and again.
   */
  #collect(
    ref: RawPayloadRef,
    fresh: Map<RawPayloadId, RawPayloadRef>,
  ): RawPayloadRef {
    const id = ref.raw_payload_id;
    const known = fresh.get(id) ?? this.#counted(id);
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

  /** The reference of that id, if an event that counts named it. */
  #counted(id: RawPayloadId): RawPayloadRef | undefined {
    return this.#replaceable.size > 0 && this.#replaceable.has(id)
      ? undefined
      : this.#refs.get(id);
  }

  #enter(ref: RawPayloadRef): void {
    this.#replaceable.delete(ref.raw_payload_id);
    this.#refs.set(ref.raw_payload_id, ref);
    if (ref.capture !== undefined) this.#hasPartial = true;
    this.#source.register(ref);
  }
}

/** Whether two references to one id agree in everything that the format knows. */
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
