/**
 * Makes a bundle smaller while something about it stays true: the way from a difference found
 * by chance to one that can be read.
 *
 * @module
 */

import {
  isBytes,
  payloadRefs,
  type RandomBundle,
  renumber,
} from "../../support/bundles/random/bundle.ts";
import {
  type Json,
  Obj,
} from "../../support/bundles/random/items/json_text.ts";
import { copyBundle } from "../../support/bundles/random/mutate.ts";
import {
  plainerStorages,
  plainStorage,
  withPayload,
} from "./shrink_storage.ts";

/** True while the bundle still shows what is looked for. */
export type Predicate = (bundle: RandomBundle) => Promise<boolean>;

/** Shrinks step by step, asking the predicate at most `budget` times. */
export class Shrinker {
  readonly #holds: Predicate;
  #budget: number;

  /** Keeps what `holds` reports about every accepted step. */
  constructor(holds: Predicate, budget = 600) {
    this.#holds = holds;
    this.#budget = budget;
  }

  /** The smallest bundle found. */
  async shrink(start: RandomBundle): Promise<RandomBundle> {
    let bundle = await this.#plainerStorage(await this.#plainer(start));
    for (let size = Infinity; sizeOf(bundle) < size;) {
      size = sizeOf(bundle);
      bundle = await this.#fewerEvents(bundle);
      bundle = await this.#smallerPayloads(bundle);
      bundle = await this.#smallerEvents(bundle);
    }
    return bundle;
  }

  async #try(bundle: RandomBundle): Promise<boolean> {
    if (this.#budget-- <= 0) return false;
    return await this.#holds(bundle);
  }

  /** Layouts hide what matters: first without them. */
  async #plainer(bundle: RandomBundle): Promise<RandomBundle> {
    const plain = copyBundle(bundle);
    delete plain.layout;
    for (const file of plain.payloads.values()) delete file.style;
    return await this.#try(plain) ? plain : bundle;
  }

  /** All payloads complete in one shard, or as much of that as keeps what is looked for. */
  async #plainerStorage(start: RandomBundle): Promise<RandomBundle> {
    if (start.shards === undefined) return start;
    const plain = plainStorage(start);
    if (await this.#try(plain)) return plain;
    let bundle = start;
    for (const plainer of plainerStorages(start)) {
      const candidate = plainer(bundle);
      if (await this.#try(candidate)) bundle = candidate;
    }
    return bundle;
  }

  async #fewerEvents(start: RandomBundle): Promise<RandomBundle> {
    const contiguous = isContiguous(start.events);
    const events = await this.#fewer(
      start.events,
      (list) => ({ ...start, events: contiguous ? renumber(list) : list }),
    );
    return { ...start, events: contiguous ? renumber(events) : events };
  }

  /** Delta debugging on one list: takes out ever smaller pieces. */
  async #fewer<T>(
    list: readonly T[],
    rebuild: (list: T[]) => RandomBundle,
  ): Promise<T[]> {
    let best = [...list];
    let piece = Math.max(1, best.length >> 1);
    while (piece >= 1) {
      for (let at = best.length - piece; at >= 0; at -= piece) {
        const candidate = best.toSpliced(at, piece);
        if (await this.#try(rebuild(candidate))) best = candidate;
      }
      piece >>= 1;
    }
    return best;
  }

  async #smallerPayloads(start: RandomBundle): Promise<RandomBundle> {
    let bundle = start;
    const used = new Set(payloadRefs(start.events).map((ref) => ref.path));
    for (const [path, file] of start.payloads) {
      if (!used.has(path) || isBytes(file.body)) continue;
      const before = bundle;
      const rebuild = (body: Json): RandomBundle =>
        withPayload(before, path, { ...file, body });
      bundle = rebuild(await this.#smaller(file.body, 4, rebuild));
    }
    return bundle;
  }

  async #smallerEvents(start: RandomBundle): Promise<RandomBundle> {
    let bundle = start;
    for (const [at, event] of start.events.entries()) {
      const rebuild = (candidate: Json): RandomBundle => ({
        ...bundle,
        events: bundle.events.with(at, candidate),
      });
      const smaller = await this.#smaller(event, 2, rebuild);
      bundle = rebuild(smaller);
    }
    return bundle;
  }

  /** A value with elements and members left out, down to `depth`. */
  async #smaller(
    value: Json,
    depth: number,
    rebuild: (value: Json) => RandomBundle,
  ): Promise<Json> {
    if (depth === 0) return value;
    if (typeof value === "string" && value.length > 40) {
      const short = value.slice(0, 8);
      return await this.#try(rebuild(short)) ? short : value;
    }
    if (Array.isArray(value)) {
      const list = await this.#fewer(value, rebuild);
      return await this.#each(list, depth, (l) => l, rebuild);
    }
    if (!(value instanceof Obj)) return value;
    const entries = await this.#fewer(
      value.entries,
      (e) => rebuild(new Obj(e)),
    );
    const keys = entries.map(([key]) => key);
    const zip = (values: Json[]): Json =>
      new Obj(values.map((v, i) => [keys[i] ?? "", v]));
    return await this.#each(entries.map(([, v]) => v), depth, zip, rebuild);
  }

  async #each(
    values: readonly Json[],
    depth: number,
    build: (values: Json[]) => Json,
    rebuild: (value: Json) => RandomBundle,
  ): Promise<Json> {
    let best = [...values];
    for (const [at, value] of values.entries()) {
      const smaller = await this.#smaller(
        value,
        depth - 1,
        (v) => rebuild(build(best.with(at, v))),
      );
      best = best.with(at, smaller);
    }
    return build(best);
  }
}

function isContiguous(events: readonly Json[]): boolean {
  return events.every((event, i) =>
    event instanceof Obj && event.get("seq") === i + 1
  );
}

function sizeOf(bundle: RandomBundle): number {
  const used = new Set(payloadRefs(bundle.events).map((ref) => ref.path));
  const payloads = [...bundle.payloads.values()]
    .filter((file) => used.has(file.path))
    .map((file) => JSON.stringify(file.body).length);
  return payloads.reduce(
    (sum, n) => sum + n,
    JSON.stringify(bundle.events).length,
  );
}
