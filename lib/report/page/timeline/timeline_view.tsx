/**
 * The timeline.
 *
 * @module
 */

import type { ViewProps } from "../view.ts";

/** Lanes of threads over time. */
export function TimelineView({ model }: ViewProps) {
  return (
    <section aria-label="Timeline">{model.rows.calls.length} calls</section>
  );
}
