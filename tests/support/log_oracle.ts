/**
 * What a bundle's files contain, read without any code of the library: the truth that answers are
 * compared with.
 *
 * @module
 */

import { join } from "@std/path";
import { CORPUS, recordedCases } from "./cases.ts";
import { TESTDATA } from "./paths.ts";
import { readShard, type ShardNumber, shardPath } from "./bundles/shards.ts";

/** An event as `JSON.parse` returns it. */
export interface RawEvent {
  readonly seq: number;
  readonly wall_time_unix_ms: number;
  readonly thread_id: string | null;
  readonly codex_turn_id: string | null;
  // deno-lint-ignore no-explicit-any
  readonly payload: any;
}

/** The events of a bundle; the last line may be truncated. */
export function rawEvents(bundle: string): RawEvent[] {
  const lines = Deno.readTextFileSync(join(bundle, "trace.jsonl")).split("\n");
  return lines.filter((line) => line !== "").flatMap((line, at) => {
    try {
      return [JSON.parse(line)];
    } catch (error) {
      if (at === lines.length - 1) return [];
      throw error;
    }
  });
}

/** The events of some types. */
export function eventsOf(
  events: readonly RawEvent[],
  ...types: readonly string[]
): RawEvent[] {
  return events.filter(({ payload }) => types.includes(payload.type));
}

/** A reference to a payload, as `JSON.parse` returns it. */
export interface RawRef {
  readonly raw_payload_id: string;
  readonly path?: string;
  readonly kind?: { readonly type: string };
  readonly shard?: ShardNumber | null;
  readonly capture?: object;
  readonly parts?: readonly RawRef[];
}

/** The payloads of a bundle; each shard is read once. */
export class RawPayloads {
  readonly #bundle: string;
  readonly #shards: Map<string, ReadonlyMap<string, Uint8Array>> = new Map();

  constructor(bundle: string) {
    this.#bundle = bundle;
  }

  /** The text of a payload: that of its file, or that of its record with all parts in place. */
  text(ref: RawRef): string {
    if (ref.path !== undefined) {
      return Deno.readTextFileSync(join(this.#bundle, ref.path));
    }
    const { raw_payload_id: id, shard, capture, parts } = ref;
    if (capture !== undefined || shard === undefined || shard === null) {
      return JSON.stringify({ $trace_unavailable: id });
    }
    const data = this.#shard(shardPath(shard)).get(id);
    const text = new TextDecoder().decode(data);
    if (parts === undefined) return text;
    const fragments: string[] = JSON.parse(text);
    return fragments.map((fragment, index) => {
      const part = parts[index];
      return fragment + (part === undefined ? "" : this.text(part));
    }).join("");
  }

  /** The value of a payload. */
  // deno-lint-ignore no-explicit-any
  value(ref: RawRef): any {
    return JSON.parse(this.text(ref));
  }

  #shard(path: string): ReadonlyMap<string, Uint8Array> {
    const known = this.#shards.get(path);
    if (known !== undefined) return known;
    const { records } = readShard(
      Deno.readFileSync(join(this.#bundle, path)),
    );
    const read = new Map(records.map(({ id, data }) => [id, data]));
    this.#shards.set(path, read);
    return read;
  }
}

/** The text of a payload: that of its file, or that of its record with all parts in place. */
export function rawPayloadText(bundle: string, ref: RawRef): string {
  return new RawPayloads(bundle).text(ref);
}

/** The value of a payload. */
// deno-lint-ignore no-explicit-any
export function rawPayload(bundle: string, ref: RawRef): any {
  return new RawPayloads(bundle).value(ref);
}

/** Bundles that reduce without a loss: those of `testdata/upstream` and of the corpus. */
export function soundBundles(): readonly { name: string; bundle: string }[] {
  return [
    ...recordedCases(join(TESTDATA, "upstream")),
    ...recordedCases(CORPUS, 2),
  ].filter(({ state }) => state !== undefined);
}
