/**
 * The overview: outcome, prompt and answer, totals, issues, time and tokens of the session.
 *
 * @module
 */

import type { Go } from "../../state/use_route.ts";
import type { ViewProps } from "../../view.ts";
import { ContextWindow } from "./context_window.tsx";
import { OutcomePanel } from "./outcome.tsx";
import { ContextChart } from "./context_chart.tsx";
import { Diagnostics, Limits } from "./diagnostics.tsx";
import { Failures } from "./failures.tsx";
import { Identity } from "./identity.tsx";
import { PromptAndAnswer } from "./prompt_and_answer.tsx";
import { Tiles, tilesOf } from "./tiles.tsx";
import { ThreadTable } from "./thread_table.tsx";
import { TimeSpent, Usage } from "./usage.tsx";

/** Properties of the overview. */
export interface OverviewProps extends ViewProps {
  readonly go: Go;
}

export function Overview(props: OverviewProps) {
  const { model, filters, go } = props;
  return (
    <section class="overview" aria-label="Overview">
      <OutcomePanel {...props} />
      <Limits model={model} />
      <Diagnostics {...props} />
      <PromptAndAnswer {...props} />
      <Tiles tiles={tilesOf(model, filters)} />
      <div class="columns">
        <div class="column">
          <Failures {...props} />
          <ContextChart model={model} filters={filters} go={go} />
        </div>
        <div class="column">
          <TimeSpent model={model} filters={filters} />
          <ContextWindow {...props} />
          <Usage model={model} filters={filters} />
          <Identity model={model} />
        </div>
      </div>
      {model.rows.threads.length > 1 ? <ThreadTable {...props} /> : null}
    </section>
  );
}
