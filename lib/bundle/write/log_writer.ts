/**
 * Writes the event log, so that it never has half a line before a whole one.
 *
 * @module
 */

import { EVENT_LOG_FILE } from "../../format/manifest.ts";
import { attempt, type BundleStore, type ByteBudget } from "./store.ts";

/** Appends to a log that exists and is empty. */
export class LogWriter {
  readonly #store: BundleStore;
  readonly #budget: ByteBudget;
  /** Bytes of the log that are whole events. */
  #length = 0;
  /** Whether the log may have bytes after them. */
  #isTorn = false;

  /** Counts what it writes in `budget`. */
  constructor(store: BundleStore, budget: ByteBudget) {
    this.#store = store;
    this.#budget = budget;
  }

  /**
   * Appends a line, which is with the operating system when this returns.
   *
   * @throws {Error} If the store throws. The log then is as before, or is repaired before
   * anything else is appended.
   */
  append(line: Uint8Array): void {
    if (this.#isTorn) this.#repair();
    try {
      this.#store.append(EVENT_LOG_FILE, line);
    } catch (error) {
      this.#isTorn = true;
      // When this fails as well, the next event tries again before it writes.
      attempt(() => this.#repair());
      throw error;
    }
    this.#length += line.length;
    this.#budget.add(line.length);
  }

  #repair(): void {
    this.#store.truncate(EVENT_LOG_FILE, this.#length);
    this.#isTorn = false;
  }
}
