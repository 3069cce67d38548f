/**
 * The records of shards as files of their own, so that damage made for files reaches them.
 *
 * @module
 */

import { readShard, shardBytes } from "../../support/bundles/shards.ts";
import { CAN_COMPRESS } from "../../support/bundles/zstd_frames.ts";
import type { BundleFiles } from "./files.ts";

const RECORD = /^(payloads\/\d+\.zst)\/(.*)$/s;
/** Name of an empty record that keeps whether the shard was sealed. */
const OPEN_MARK = "";

/** True when payloads of the bundle are records of shards that can be read here. */
export function hasShards(files: BundleFiles): boolean {
  return CAN_COMPRESS &&
    [...files.keys()].some((name) => name.endsWith(".zst"));
}

/** The bundle with a file for each record, `payloads/000001.zst/raw_payload:1`. */
export function openShards(files: BundleFiles): BundleFiles {
  const opened = new Map<string, Uint8Array>();
  for (const [name, bytes] of files) {
    const shard = name.endsWith(".zst") ? readable(bytes) : undefined;
    if (shard === undefined) {
      opened.set(name, bytes);
      continue;
    }
    const { records, sealed } = shard;
    if (!sealed) opened.set(`${name}/${OPEN_MARK}`, new Uint8Array());
    for (const { id, data } of records) opened.set(`${name}/${id}`, data);
  }
  return opened;
}

/** The records of a shard; nothing where the file is damaged already. */
function readable(bytes: Uint8Array): ReturnType<typeof readShard> | undefined {
  try {
    return readShard(bytes);
  } catch {
    return undefined;
  }
}

/** The bundle with the records in shards again. */
export function closeShards(files: BundleFiles): BundleFiles {
  const closed = new Map<string, Uint8Array>();
  const shards = new Map<string, { id: string; data: Uint8Array }[]>();
  for (const [name, bytes] of files) {
    const [, shard, id = ""] = RECORD.exec(name) ?? [];
    if (shard === undefined) {
      closed.set(name, bytes);
      continue;
    }
    const records = shards.get(shard) ?? [];
    shards.set(shard, records);
    records.push({ id, data: bytes });
  }
  for (const [shard, records] of shards) {
    const kept = records.filter(({ id }) => id !== OPEN_MARK);
    closed.set(
      shard,
      shardBytes(kept, { sealed: kept.length === records.length }),
    );
  }
  return closed;
}
