/**
 * The largest input of a request against the context window of its model.
 *
 * @module
 */

import { countOf, shareOf } from "../../ui/figures.ts";
import { ObjectLink } from "../../ui/object_link.tsx";
import type { ViewProps } from "../../view.ts";

/** Share of the window from which on the bar warns. */
const NEARLY_FULL = 0.8;

/** The panel; nothing where no request reported its tokens. */
export function ContextWindow({ model, onSelect }: ViewProps) {
  const { context_window: use } = model.data.show;
  if (use === null) return null;
  const { model_context_window: window, input_tokens: input, call } = use;
  const share = window === null ? null : Number(input) / window;
  return (
    <section class="panel">
      <h2>Context window</h2>
      {share === null ? null : (
        <div class="bar window" aria-hidden="true">
          <span
            class={share > NEARLY_FULL ? "window-full" : "time-model"}
            style={{ width: `${Math.min(100, 100 * share)}%` }}
          />
        </div>
      )}
      <p>
        {countOf(input)} tokens in at most, by{" "}
        <ObjectLink
          model={model}
          pointer={["inference_call", call.id]}
          onSelect={onSelect}
          short
        />
        {window === null
          ? "; the size of the window was not recorded"
          : `, ${shareOf(Number(input), window)} of ${countOf(window)}`}
      </p>
    </section>
  );
}
