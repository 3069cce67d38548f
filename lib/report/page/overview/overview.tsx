/**
 * The session at a glance.
 *
 * @module
 */

import type { Go } from "../state/use_place.ts";
import type { ViewProps } from "../view.ts";
import { Diagnostics } from "./diagnostics.tsx";

/** What the overview is given. */
export interface OverviewProps extends ViewProps {
  readonly go: Go;
}

/** The overview. */
export function Overview(props: OverviewProps) {
  return (
    <section class="overview" aria-label="Overview">
      <Diagnostics {...props} />
    </section>
  );
}
