/**
 * The agents.
 *
 * @module
 */

import type { ViewProps } from "../view.ts";

/** The tree of agents and what passed between them. */
export function AgentsView({ model }: ViewProps) {
  return (
    <section aria-label="Agents">{model.rows.threads.length} threads</section>
  );
}
