/**
 * Writes the event log. It never has a truncated line before a complete one.
 *
 * @module
 */

import { EVENT_LOG_FILE } from "../../format/manifest.ts";
import { attempt, type BundleStore, type ByteBudget } from "./store.ts";

/** Appends to a log that exists and is empty. */
export class LogWriter {
  readonly #store: BundleStore;
  readonly #budget: ByteBudget;
  /** Bytes of the complete events of the log. */
  #length = 0;
  /** Whether the log may have a truncated line after them. */
  #hasTornTail = false;

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
    this.repair();
    try {
      this.#store.append(EVENT_LOG_FILE, line);
    } catch (error) {
      this.#hasTornTail = true;
      // If this fails too, the next event tries again before it writes.
      attempt(() => this.repair());
      throw error;
    }
    this.#length += line.length;
    this.#budget.add(line.length);
  }

  /**
   * Removes a line that was written in part, if there is one.
   *
   * @throws {Error} If the store throws.
   */
  repair(): void {
    if (!this.#hasTornTail) return;
    this.#store.truncate(EVENT_LOG_FILE, this.#length);
    this.#hasTornTail = false;
  }
}
