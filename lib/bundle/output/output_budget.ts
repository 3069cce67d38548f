/**
 * The limit of an output, and the space that the disk has for it.
 *
 * @module
 */

import { LimitError } from "../../errors.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import { OutputError } from "./output_error.ts";
import { folderOf } from "./output_place.ts";

/**
 * From how many bytes of an output on the space of its disk is examined: 1 MiB. A smaller one is
 * written sooner than the module of Node is loaded that knows the space, 25 to 60 ms.
 */
const MIN_EXAMINED = 1 << 20;

/** Counts the bytes of one output. */
export class OutputBudget {
  readonly #name: string;
  readonly #max: number;
  #used = 0;

  /** Allows as many bytes as the limit `output`; `name` is what errors call the output. */
  constructor(name: string, limits: Partial<Limits>) {
    this.#name = name;
    this.#max = limits.output ?? DEFAULT_LIMITS.output;
  }

  /** How many bytes were counted. */
  get used(): number {
    return this.#used;
  }

  /**
   * Counts bytes that are about to be written.
   *
   * @throws {LimitError} If they exceed the limit.
   */
  spend(bytes: number): void {
    this.#used += bytes;
    this.check(0);
  }

  /**
   * Checks that so many bytes more would be allowed.
   *
   * @throws {LimitError} If not.
   */
  check(bytes: number): void {
    if (this.#used + bytes <= this.#max) return;
    throw new LimitError("output", this.#max, "the output exceeds", {
      file: this.#name,
    });
  }

  /** Returns a writer that counts what it passes on. */
  counting(write: (chunk: Uint8Array) => void): (chunk: Uint8Array) => void {
    return (chunk) => {
      this.spend(chunk.length);
      write(chunk);
    };
  }
}

/**
 * Checks that the disk has space for at least `bytes` at the path of an output. It can be asked
 * only with permission (`--allow-sys=statfs`); without, and for less than 1 MiB, a full disk is
 * found when it is written to.
 *
 * @throws {OutputError} If it has not.
 */
export function requireSpace(path: string, bytes: number): void {
  if (bytes < MIN_EXAMINED) return;
  const permission = { name: "sys", kind: "statfs" } as const;
  if (Deno.permissions.querySync(permission).state !== "granted") return;
  const free = freeBytes(folderOf(path));
  if (free >= bytes) return;
  throw new OutputError(
    path,
    `it has at least ${bytes} bytes, and the disk has ${free} left`,
  );
}

function freeBytes(folder: string): number {
  try {
    // Loaded when needed: modules of Node take longer than the rest of the start.
    const { bavail, bsize } = process.getBuiltinModule("node:fs")
      .statfsSync(folder);
    return bavail * bsize;
  } catch {
    // Whatever is wrong with the folder is reported when the file is written.
    return Infinity;
  }
}
