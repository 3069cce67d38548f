/**
 * Standard output that is held back until it was scanned.
 *
 * @module
 */

import type { CommandIo } from "../../command.ts";

/** Blocks of output that are not printed yet. */
export class HeldOutput {
  /** What a command prints to, instead of `io`. */
  readonly io: CommandIo;
  readonly #target: CommandIo;
  readonly #blocks: string[] = [];

  /** Holds what would be printed to `io`; standard error is not held. */
  constructor(io: CommandIo) {
    this.#target = io;
    this.io = { ...io, printTrusted: (block) => void this.#blocks.push(block) };
  }

  /** Prints it, if `requireClean` does not throw. */
  release(requireClean: (texts: Iterable<string>) => void): void {
    requireClean([this.#blocks.join("\n")]);
    for (const block of this.#blocks) this.#target.printTrusted(block);
  }
}
