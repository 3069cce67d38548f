/**
 * Knows when a recording is over: the rollout has ended and so has every thread that began.
 *
 * A child may outlive the root, so the root's end alone says nothing.
 *
 * @module
 */

import type { ThreadId } from "../format/ids.ts";
import type { DraftEvent } from "./draft.ts";

/** Follows the threads of one recording. */
export class Lifetime {
  readonly #open = new Set<ThreadId>();
  #rolloutEnded = false;

  /**
   * Takes note of what the host says, whether or not it could be written.
   *
   * @returns Whether the recording is over with this event.
   */
  endsWith(event: DraftEvent): boolean {
    switch (event.type) {
      case "thread_started":
      case "thread_resumed":
        this.#open.add(event.thread_id);
        return false;
      case "thread_ended":
        this.#open.delete(event.thread_id);
        break;
      case "rollout_ended":
        this.#rolloutEnded = true;
        break;
      default:
        return false;
    }
    return this.#rolloutEnded && this.#open.size === 0;
  }
}
