/**
 * The line of a page whose session was still recorded when it was made: it offers to load itself
 * again.
 *
 * @module
 */

import { useLayoutEffect } from "preact/hooks";
import type { PageWatch } from "../../block_names.ts";
import { momentOf } from "../ui/figures.ts";

/** Properties of the notice. */
export interface WatchNoticeProps {
  readonly watch: PageWatch;
  /** Whether the file was read completely. */
  readonly ready: boolean;
  /** Whether the page loads itself again by the clock. */
  readonly reloads: boolean;
  readonly onReloads: (reloads: boolean) => void;
}

/** The notice. The file is read again from where it is: nothing else is loaded. */
export function WatchNotice(
  { watch, ready, reloads, onReloads }: WatchNoticeProps,
) {
  const { made_at_unix_ms: madeAt, seconds } = watch;
  // The time runs from when it is asked for, not from the frame after.
  useLayoutEffect(() => {
    if (!ready || !reloads) return;
    const timer = setTimeout(() => location.reload(), 1000 * seconds);
    return () => clearTimeout(timer);
  }, [ready, reloads, seconds]);
  return (
    <aside class="watch" aria-label="Recording">
      <span>made at {momentOf(madeAt)} while the session ran</span>
      <button
        type="button"
        class="tool-button"
        onClick={() => location.reload()}
      >
        reload
      </button>
      <label class="check">
        <input
          type="checkbox"
          checked={reloads}
          onChange={(event) => onReloads(event.currentTarget.checked)}
        />
        every {seconds} s
      </label>
    </aside>
  );
}
