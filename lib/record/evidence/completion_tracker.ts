/**
 * Whether a recording is over.
 *
 * @module
 */

import type { ThreadId } from "../../format/ids.ts";
import type { PendingEventBody } from "../pending_event.ts";

/**
 * Detects the end of a recording: the rollout and all threads that started have ended. The end of the
 * root is not enough, since a child may outlive it.
 */
export class CompletionTracker {
  readonly #open = new Set<ThreadId>();
  #rolloutEnded = false;

  /**
   * Takes an event of the host, whether or not it could be written.
   *
   * @returns Whether the recording is over with this event.
   */
  observe(event: PendingEventBody): boolean {
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
