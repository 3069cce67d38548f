/**
 * A bundle whose shards are under full control: any bytes as a record, any form of a file, any
 * reference.
 *
 * @module
 */

import { assert } from "@std/assert";
import { join } from "@std/path";
import type { Limits } from "../../../lib/bundle/limits.ts";
import { DiskFiles } from "../../../lib/bundle/storage/disk_files.ts";
import {
  BundlePayloads,
  type BundlePayloadsOptions,
} from "../../../lib/bundle/payloads/bundle_payloads.ts";
import { type Diagnostic, PayloadError } from "../../../lib/errors.ts";
import type {
  PayloadCapture,
  RawPayloadRef,
} from "../../../lib/format/payload.ts";
import type { RolloutTrace } from "../../../lib/graph/rollout_trace.ts";
import { replayBundle, type ReplayCounters } from "../../../lib/replay.ts";
import { V3 } from "../../../lib/schema/v3.ts";
import { inFolder } from "../../support/cli.ts";
import { RawBundle } from "../../support/bundles/raw_bundle.ts";
import {
  type ShardForm,
  type ShardNumber,
  shardPath,
  type ShardRecord,
  writeShards,
} from "../../support/bundles/shards.ts";
import { observeOpens } from "../../support/bundles/opened_files.ts";

/** Keys of a reference besides its id; shard 1 and no more unless given. */
export type RefKeys = Partial<RawPayloadRef>;

/** A reference, whether or not there is a record for it. */
export function shardRefTo(id: string, keys: RefKeys = {}): RawPayloadRef {
  return {
    raw_payload_id: id,
    kind: { type: "protocol_event" },
    shard: 1,
    ...keys,
  };
}

/** What is left of a payload that a limit left out. */
export const OMITTED: PayloadCapture = { status: "omitted", original_bytes: 9 };

/** A reference to a payload that a limit left out. */
export function omittedRef(id: string): RawPayloadRef {
  return shardRefTo(id, { shard: null, capture: OMITTED });
}

/** What a tolerant replay found, and how much work it took. */
export interface TolerantReplay {
  readonly trace: RolloutTrace;
  readonly diagnostics: readonly Diagnostic[];
  readonly counters: ReplayCounters;
}

interface Shard {
  readonly records: ShardRecord[];
  form: ShardForm;
}

/** A bundle of schema 3 whose shards are given record by record. */
export class ShardBundle extends RawBundle {
  readonly #shards: Map<ShardNumber, Shard> = new Map();

  /** Begins with a thread and a turn. */
  constructor() {
    super(V3);
  }

  /** Adds a record, its data as it is, and refers to it. */
  put(
    id: string,
    data: string | Uint8Array,
    keys: RefKeys = {},
  ): RawPayloadRef {
    const ref = shardRefTo(id, keys);
    assert(ref.shard !== undefined && ref.shard !== null);
    this.shard(ref.shard).records.push({ id, data });
    return ref;
  }

  /** Adds a payload that is put together: `fragments` around `parts`. */
  compose(
    id: string,
    fragments: readonly unknown[],
    parts: readonly RawPayloadRef[],
    keys: RefKeys = {},
  ): RawPayloadRef {
    return this.put(id, JSON.stringify(fragments), { ...keys, parts });
  }

  /** The shard of that number. */
  shard(number: ShardNumber): Shard {
    const known = this.#shards.get(number);
    if (known !== undefined) return known;
    const shard: Shard = { records: [], form: {} };
    this.#shards.set(number, shard);
    return shard;
  }

  /** Appends events that nothing reads, one for each reference. */
  observe(...refs: readonly object[]): this {
    for (const ref of refs) this.observed(ref);
    return this;
  }

  /** Writes the bundle to a folder, which is made. */
  override writeTo(dir: string): string {
    super.writeTo(dir);
    writeShards(
      dir,
      Array.from(
        this.#shards,
        ([number, { records, form }]) => [number, records, form] as const,
      ),
    );
    return dir;
  }

  /** Lets `use` have the bundle on disk. */
  inFolder<T>(use: (dir: string) => T): T {
    const results: T[] = [];
    inFolder((folder) => {
      results.push(use(this.writeTo(join(folder, "bundle"))));
    });
    const [result] = results;
    assert(results.length === 1);
    return result as T;
  }

  /** Lets `use` read payloads of the bundle. */
  read<T>(
    use: (payloads: BundlePayloads) => T,
    options: BundlePayloadsOptions = {},
  ): T {
    return this.inFolder((dir) =>
      use(new BundlePayloads(new DiskFiles(dir), V3.storage, options))
    );
  }

  /** Replays the bundle strictly. */
  replay(limits: Partial<Limits> = {}): RolloutTrace {
    return this.inFolder((dir) => replayBundle(dir, { limits }));
  }

  /** Replays the bundle tolerantly. */
  tolerate(limits: Partial<Limits> = {}): TolerantReplay {
    return this.inFolder((dir) => replayTolerantly(dir, limits));
  }
}

/** Replays a bundle tolerantly. */
export function replayTolerantly(
  dir: string,
  limits: Partial<Limits> = {},
): TolerantReplay {
  const diagnostics: Diagnostic[] = [];
  let counters: ReplayCounters | undefined;
  const trace = replayBundle(dir, {
    limits,
    tolerant: true,
    onDiagnostic: (diagnostic) => void diagnostics.push(diagnostic),
    onCounters: (found) => void (counters = found),
  });
  assert(counters !== undefined);
  return { trace, diagnostics, counters };
}

/** How often each shard is opened while `work` runs. */
export function countOpens(work: () => unknown): ReadonlyMap<string, number> {
  const opens = new Map<string, number>();
  using _ = observeOpens((path) => {
    const name = path.split(/[/\\]/).slice(-2).join("/");
    if (name.endsWith(".zst")) opens.set(name, (opens.get(name) ?? 0) + 1);
  });
  work();
  return opens;
}

/** The code, id and file of the error that `work` throws about a payload. */
export function payloadFault(
  work: () => unknown,
): readonly [code: string, id: string, file: string] {
  try {
    work();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof PayloadError
      ? error.cause
      : error;
    if (!(cause instanceof PayloadError)) throw error;
    return [cause.code, cause.rawPayloadId, cause.file];
  }
  throw new Error("nothing was thrown");
}

/** The file of a shard, relative to the bundle. */
export { shardPath };
