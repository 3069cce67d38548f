/**
 * The files of a bundle, and the documents in them: read one after another, and written again.
 *
 * @module
 */

import type {
  BundleFile,
  BundleFiles,
} from "../../../bundle/storage/bundle_files.ts";
import { openBundleFile } from "../../../bundle/storage/open_bundle_file.ts";
import { ByteBuffer } from "../../../bundle/byte_buffer.ts";
import { FolderListing } from "../../../bundle/storage/folder_listing.ts";
import { type Limits, ReadBudget } from "../../../bundle/limits.ts";
import { LineReader } from "../../../bundle/log/line_reader.ts";
import { maxRecordsOf } from "../../../bundle/payloads/shard_cache.ts";
import {
  namesIn,
  PayloadPaths,
} from "../../../bundle/payloads/payload_paths.ts";
import { ShardDecompressor } from "../../../bundle/shard/decompress_shard.ts";
import { ShardRecords } from "../../../bundle/shard/shard_records.ts";
import { ShardError } from "../../../bundle/shard/shard_error.ts";
import { LimitError, PayloadError } from "../../../errors.ts";
import { EVENT_LOG_FILE, MANIFEST_FILE } from "../../../format/manifest.ts";
import { NO_PART } from "../receipt.ts";

/** A file that is not copied, and the reason. */
export interface NotCopied {
  /** Its path, relative to the bundle. */
  readonly file: string;
  /** Why. */
  readonly reason: string;
}

/** The name of a shard. */
const SHARD_FILE = /^payloads\/\d{6,20}\.zst$/;

/** A shard in memory. */
interface OpenShard {
  readonly file: string;
  readonly records: ShardRecords;
}

/** Whether all of a shard is walked, or parts of the payloads of another one are read of it. */
type ShardUse = "all" | "parts";

/** Reads the files of one bundle. */
export class BundleDocuments {
  readonly #files: BundleFiles;
  readonly #limits: Limits;
  readonly #budget: ReadBudget;
  readonly #paths: PayloadPaths;
  readonly #buffer = new ByteBuffer();
  readonly #decompressor = new ShardDecompressor();
  readonly #open: Record<ShardUse, OpenShard | undefined> = {
    all: undefined,
    parts: undefined,
  };
  #read = 0;

  /** Opens nothing yet. */
  constructor(files: BundleFiles, limits: Limits) {
    this.#files = files;
    this.#limits = limits;
    this.#budget = new ReadBudget(limits);
    this.#paths = new PayloadPaths(files);
  }

  /** Bytes that were read; those of shards decompressed. */
  get bytesRead(): number {
    return this.#read;
  }

  /** The bytes of the manifest, until the next file is read. */
  manifest(): Uint8Array {
    using opened = openBundleFile(this.#files, MANIFEST_FILE);
    return this.#bytesOf(opened, MANIFEST_FILE, "line");
  }

  /**
   * Yields the lines of the log: their numbers and bytes, and whether a line end follows.
   *
   * @throws {LimitError} If a line is too long.
   */
  *lines(): Generator<{ number: number; bytes: Uint8Array; ended: boolean }> {
    using opened = openBundleFile(this.#files, EVENT_LOG_FILE);
    const { line: max } = this.#limits;
    const reader = new LineReader(opened.source, max);
    for (let line = reader.next(); line !== undefined; line = reader.next()) {
      const { number, bytes, ended, tooLong } = line;
      if (tooLong) {
        const place = { file: EVENT_LOG_FILE, line: number };
        throw new LimitError(
          "line",
          max,
          "the line has more bytes than",
          place,
        );
      }
      this.#spend(bytes.length, EVENT_LOG_FILE);
      yield { number, bytes, ended };
    }
  }

  /**
   * The files of payloads: those of the folder, and those elsewhere that the log names.
   *
   * @param named The files that the log names.
   * @param skip Receives the files that are no payloads.
   */
  payloadFiles(
    named: Iterable<string>,
    skip: (file: NotCopied) => void,
  ): string[] {
    const files = new Map<string, string>();
    for (const path of named) {
      const place = withoutDots(path);
      if (!files.has(place)) files.set(place, path);
    }
    const wanted = new Set(files.keys());
    const listing = new FolderListing(this.#files);
    for (const { path, type } of listing.payloadEntries()) {
      if (type !== "file" && !wanted.has(path)) {
        skip({ file: path, reason: NO_PART.irregular });
      } else if (path.endsWith(".tmp")) {
        skip({ file: path, reason: NO_PART.temporary });
      } else if (!wanted.has(path)) files.set(path, path);
    }
    for (const { path, type } of listing.topEntries()) {
      const isPart = path === MANIFEST_FILE || path === EVENT_LOG_FILE ||
        type === "folder" || wanted.has(path);
      if (!isPart) skip({ file: path, reason: NO_PART.other });
    }
    return [...files.values()].sort(byNumber);
  }

  /**
   * The bytes of a payload's file, until the next file is read.
   *
   * @throws {PayloadError} If it is missing or refused.
   * @throws {LimitError} If it is too large.
   */
  payload(path: string): Uint8Array {
    using opened = this.#paths.open({ raw_payload_id: path, path });
    const limit = SHARD_FILE.test(path) ? "shard" : "payload";
    return this.#bytesOf(opened, path, limit);
  }

  /**
   * The records of a shard, until the next one is read; `undefined` where the file is none.
   *
   * @throws {ShardError} If it is a damaged shard.
   * @throws {PayloadError} As {@linkcode payload}.
   */
  shard(path: string): ShardRecords | undefined {
    return SHARD_FILE.test(path) ? this.#recordsIn("all", path) : undefined;
  }

  /** The same for a part of a payload: the shard of {@linkcode shard} can be used further. */
  partShard(path: string): ShardRecords | undefined {
    const { all } = this.#open;
    if (all?.file === path) return all.records;
    return SHARD_FILE.test(path) ? this.#recordsIn("parts", path) : undefined;
  }

  /**
   * Checks the size of a payload that is a record, or composed of records.
   *
   * @throws {LimitError} If it is too large.
   */
  requirePayload(bytes: number, file: string): void {
    const { payload: max } = this.#limits;
    if (bytes <= max) return;
    throw new LimitError("payload", max, "a payload has more bytes than", {
      file,
    });
  }

  /** The records of a shard that is open for a use, in place of the one before it. */
  #recordsIn(use: ShardUse, file: string): ShardRecords {
    const before = this.#open[use];
    if (before?.file === file) return before.records;
    if (before !== undefined) this.#decompressor.release(before.records.bytes);
    this.#open[use] = undefined;
    const opened = this.#openShard(file);
    this.#open[use] = opened;
    return opened.records;
  }

  #openShard(file: string): OpenShard {
    const { shard: max } = this.#limits;
    const content = this.#decompressor.decompress(this.payload(file), max);
    const records = new ShardRecords(content, maxRecordsOf(this.#limits));
    this.#spend(records.bytes.length, file);
    return { file, records };
  }

  #bytesOf(
    { source, size }: BundleFile,
    path: string,
    limit: "line" | "payload" | "shard",
  ): Uint8Array {
    const max = this.#limits[limit];
    if (size > max || !this.#buffer.fill(source, max)) {
      throw new LimitError(limit, max, "it has more bytes than", {
        file: path,
      });
    }
    if (limit !== "shard") this.#spend(this.#buffer.length, path);
    return this.#buffer.from(0);
  }

  #spend(bytes: number, file: string): void {
    this.#read += bytes;
    this.#budget.spend(bytes, file);
  }
}

/** Whether a file of a payload cannot be copied, for a reason that the receipt names. */
export function notCopied(file: string, error: unknown): NotCopied {
  if (error instanceof ShardError) return { file, reason: error.message };
  if (error instanceof PayloadError) return { file, reason: error.reason };
  throw error;
}

/** The file that a path leads to: `payloads/./7.json` and `payloads//7.json` are one with another. */
export function withoutDots(path: string): string {
  return namesIn(path, false).join("/");
}

/** Payloads in the order in which they were recorded, as their numbers have it. */
function byNumber(a: string, b: string): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== y) return x - y;
  return a < b ? -1 : 1;
}

function numberOf(path: string): number {
  const [, digits] = /(\d{1,15})[^/\d]*$/.exec(path) ?? [];
  return digits === undefined ? Infinity : Number(digits);
}
