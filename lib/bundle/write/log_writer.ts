/**
 * Writes the event log. It never has a truncated line before a complete one.
 *
 * @module
 */

import { EVENT_LOG_FILE } from "../../format/manifest.ts";
import { AppendedFile } from "./appended_file.ts";
import type { BundleStore, ByteBudget } from "./store.ts";

/** Appends to a log that exists and is empty. */
export class LogWriter {
  readonly #file: AppendedFile;
  readonly #budget: ByteBudget;

  /** Counts what it writes in `budget`. */
  constructor(store: BundleStore, budget: ByteBudget) {
    this.#file = new AppendedFile(store, EVENT_LOG_FILE, true);
    this.#budget = budget;
  }

  /**
   * Appends a line, which is with the operating system when this returns.
   *
   * @throws {Error} If the store throws. The log then is as before, or is repaired before
   * anything else is appended.
   */
  append(line: Uint8Array): void {
    this.#file.append(line);
    this.#budget.add(line.length);
  }

  /**
   * Removes a line that was written in part, if there is one.
   *
   * @throws {Error} If the store throws.
   */
  repair(): void {
    this.#file.repair();
  }
}
