/**
 * How one session of schema 3 stores its payloads: from everything in one record each to
 * nested parts over many shards, some of them missing.
 *
 * @module
 */

import type { Prng } from "../prng.ts";

/** The tuning of one session's storage; numbers are probabilities. */
export interface StoreProfile {
  /** That a payload with items is put together from parts. */
  split: number;
  /** That an item of such a payload is a part. */
  items: number;
  /** That a text or an image inside an item is a part. */
  texts: number;
  /** That any other value is a part. */
  everywhere: number;
  /** That a part with a known content is the known one. */
  share: number;
  /** That a payload is cut or left out. */
  missing: number;
  /** That a part is cut or left out. */
  missingPart: number;
  /** Share of `missingPart` where a part that is missing is a value of the wrong type. */
  anyMarker: number;
  /** That the next record begins a new shard. */
  roll: number;
  /** True when texts and images have shards of their own. */
  apart: boolean;
  /** That a new shard has an unusual number. */
  unusualShards: number;
  /** That a reference is spelled oddly. */
  unusualRefs: number;
  /** True to name some payloads with characters that need escapes. */
  unusualIds: boolean;
  /** That something is wrong with the shards. */
  faulty: number;
}

/** Draws the tuning of a session's storage. */
export function randomStoreProfile(p: Prng): StoreProfile {
  return {
    split: p.pick([0, 0.3, 0.9, 1]),
    items: p.pick([0.3, 0.9, 1]),
    texts: p.pick([0, 0.1, 0.5]),
    everywhere: p.weighted([[5, 0], [2, 0.01], [2, 0.04], [1, 0.15]]),
    share: p.pick([1, 1, 0.97]),
    missing: p.pick([0, 0, 0, 0.02, 0.08, 0.25]),
    missingPart: p.pick([0, 0, 0.03, 0.1, 0.3]),
    anyMarker: p.pick([0, 0, 0, 0.05, 0.6]),
    roll: p.pick([0, 0, 0.03, 0.2]),
    apart: p.chance(0.5),
    unusualShards: p.pick([0, 0, 0, 0.3]),
    unusualRefs: p.pick([0, 0, 0.05]),
    unusualIds: p.chance(0.05),
    faulty: p.pick([0, 0, 0, 0, 0.3]),
  };
}
