/**
 * The views to choose from.
 *
 * @module
 */

import { type ViewName, VIEWS } from "../state/address.ts";
import { Icon } from "../ui/icon.tsx";

const NAMES: Readonly<Record<ViewName, string>> = {
  overview: "Overview",
  timeline: "Timeline",
  transcript: "Transcript",
  agents: "Agents",
  search: "Search",
  log: "Log",
};

/** A row of views; the current one is marked. */
export function Tabs(
  { view, onShow }: { view: ViewName; onShow: (view: ViewName) => void },
) {
  return (
    <nav class="tabs" aria-label="Views">
      {VIEWS.map((each, i) => (
        <button
          type="button"
          key={each}
          class="tab"
          aria-current={each === view ? "page" : undefined}
          title={`${NAMES[each]} (${i + 1})`}
          onClick={() => onShow(each)}
        >
          <Icon name={each} />
          <span>{NAMES[each]}</span>
        </button>
      ))}
    </nav>
  );
}
