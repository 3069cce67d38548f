/**
 * The limits of reading a bundle, and of what is written about it.
 *
 * A bundle is untrusted input, and a few bytes of it may require all memory. Data beyond a limit is
 * refused before it is read or parsed.
 *
 * @module
 */

import {
  DEFAULT_MAX_OUTPUT_BYTES,
  LimitError,
  type LimitName,
  quote,
} from "../errors.ts";
import { DEFAULT_MAX_SKIPPED_DEPTH } from "../format/json/json_strict.ts";

/** The value of each limit. */
export type Limits = { readonly [K in LimitName]: number };

const MEGABYTE = 1024 * 1024;

/**
 * Several times what the largest recordings have. One line or one payload at its limit, of the
 * worst kind, takes less than a gigabyte to parse.
 */
export const DEFAULT_LIMITS: Limits = {
  /** Bytes of a line of the log, and of the manifest. */
  line: 16 * MEGABYTE,
  /** Bytes of a payload. */
  payload: 64 * MEGABYTE,
  /**
   * Bytes of a shard, decompressed or not. A recorder begins a new one after 8 MiB; only a larger
   * payload makes a larger shard.
   */
  shard: 128 * MEGABYTE,
  /** All bytes that are read, those of shards decompressed; a payload that is read twice counts twice. */
  bundle: 64 * 1024 * MEGABYTE,
  /** Events of the log. */
  events: 4_000_000,
  /** Distinct ids of payloads. */
  payloads: 4_000_000,
  /**
   * Ids of payloads that all edges between agents carry. Every edge of a tool call repeats all
   * of the call's, so that a small log may ask for a huge graph.
   */
  edge_payloads: 10_000_000,
  /**
   * Bytes of an output. Every request lists the complete conversation, so that a small bundle may
   * ask for a huge graph; that of a bundle with 4 GB has 150 MB.
   */
  output: DEFAULT_MAX_OUTPUT_BYTES,
  /**
   * Arrays and objects of one line or one payload. The engine takes up to 120 bytes for an empty one,
   * of which a text has three.
   */
  objects: 2_000_000,
  /**
   * Arrays and objects inside one another in a text that is merely checked. What is
   * interpreted may nest to 127, as in the reference.
   */
  depth: DEFAULT_MAX_SKIPPED_DEPTH,
};

/** No text of the engine is longer, so no line and no payload can be. */
const MAX_TEXT_LENGTH = 2 ** 29 - 25;
/** No table of the engine holds more. */
const MAX_TABLE_SIZE = 2 ** 24 - 1;

/** The maximum value of each limit: beyond it, the engine would fail. */
export const MAX_LIMITS: Limits = {
  line: MAX_TEXT_LENGTH,
  payload: MAX_TEXT_LENGTH,
  shard: 2 ** 31 - 1,
  bundle: Number.MAX_SAFE_INTEGER,
  events: MAX_TABLE_SIZE,
  payloads: MAX_TABLE_SIZE,
  edge_payloads: 1_000_000_000,
  output: Number.MAX_SAFE_INTEGER,
  objects: MAX_TEXT_LENGTH,
  depth: DEFAULT_MAX_SKIPPED_DEPTH,
};

export const LIMIT_NAMES: readonly LimitName[] = [
  "line",
  "payload",
  "shard",
  "bundle",
  "events",
  "payloads",
  "edge_payloads",
  "output",
  "objects",
  "depth",
];

/**
 * Returns the default limits with those in `chosen` replaced.
 *
 * @throws {RangeError} If one is not an integer from 1 to its maximum.
 */
export function limitsWith(chosen: Partial<Limits> = {}): Limits {
  const limits = { ...DEFAULT_LIMITS };
  for (const name of Object.keys(chosen)) {
    if (name in limits) continue;
    throw new RangeError(`Cannot limit ${quote(name)}: there is no such limit`);
  }
  for (const name of LIMIT_NAMES) {
    const value = chosen[name];
    if (value === undefined) continue;
    const highest = MAX_LIMITS[name];
    if (!Number.isInteger(value) || value < 1 || value > highest) {
      throw new RangeError(
        `Cannot limit ${name} to ${value}: it must be from 1 to ${highest}`,
      );
    }
    limits[name] = value;
  }
  return limits;
}

const FACTORS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["K", 1024],
  ["M", MEGABYTE],
  ["G", 1024 * MEGABYTE],
]);

/** A number of bytes as a command line spells it, `100M`; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit = ""] = /^(\d{1,16})([KMG]?)$/i.exec(text) ?? [];
  const factor = FACTORS.get(unit.toUpperCase());
  return digits === undefined || factor === undefined
    ? undefined
    : Number(digits) * factor;
}

/**
 * Reads a limit as the command line spells it: `payload=100M`.
 *
 * @throws {RangeError} If it is no limit, or out of its range.
 */
export function parseLimit(text: string): Partial<Limits> {
  const [, word, size = ""] = /^([a-z_]+)=(.*)$/i.exec(text) ?? [];
  const name = LIMIT_NAMES.find((each) => each === word);
  const value = parseSize(size);
  if (name === undefined || value === undefined) {
    throw new RangeError(
      `Cannot read the limit ${quote(text)}: it must be ${
        LIMIT_NAMES.join("=, ")
      }=, ` +
        "followed by a number that may end in K, M or G",
    );
  }
  const limit = { [name]: value };
  limitsWith(limit);
  return limit;
}

/** Counts the bytes that are read of a bundle. */
export class ReadBudget {
  readonly #allowed: number;
  #read = 0;

  /** Allows as many bytes as the limit `bundle`. */
  constructor(limits: Limits) {
    this.#allowed = limits.bundle;
  }

  /**
   * Counts bytes of a file that are read.
   *
   * @throws {LimitError} If they exceed the limit.
   */
  spend(bytes: number, file: string, line?: number): void {
    this.#read += bytes;
    if (this.#read <= this.#allowed) return;
    const position = line === undefined ? { file } : { file, line };
    throw new LimitError(
      "bundle",
      this.#allowed,
      "all that is read of the bundle exceeds",
      position,
    );
  }
}
