/**
 * The shell of the page: header, tabs, filters, the current view, details, keys.
 *
 * @module
 */

import { useCallback, useEffect, useState } from "preact/hooks";
import type { Pointer } from "../report_data.ts";
import { AgentsView } from "./views/agents/agents_view.tsx";
import { Details } from "./details/details.tsx";
import { Help } from "./shell/help.tsx";
import { LogView } from "./views/log_view.tsx";
import type { Model } from "./model/model.ts";
import { Overview } from "./views/overview/overview.tsx";
import { SearchView } from "./views/search/search_view.tsx";
import { Header, Tabs } from "./shell/header.tsx";
import { FilterBar } from "./shell/filter_bar.tsx";
import { useKeys } from "./shell/use_keys.ts";
import { type Go, type Route, useRoute } from "./state/route.ts";
import { useTheme } from "./state/theme.ts";
import { TimelineView } from "./views/timeline/timeline_view.tsx";
import { TranscriptView } from "./views/transcript/transcript_view.tsx";
import type { Filters, ViewProps } from "./view.ts";

/** The page. */
export function App({ model }: { model: Model }) {
  const [route, go] = useRoute(model);
  const [theme, nextTheme] = useTheme();
  const [helping, setHelping] = useState(false);
  const ready = useReady();
  const { selection, filters, view } = route;
  const onSelect = useCallback(
    (pointer: Pointer) => go({ selection: pointer }),
    [go],
  );
  const filter = (change: Partial<Filters>) =>
    go({ filters: { ...filters, ...change } }, true);
  const onHelp = () => setHelping(true);
  const onClose = () => go({ selection: null }, true);
  useKeys({
    show: (next) => go({ view: next }),
    close: onClose,
    help: onHelp,
    theme: nextTheme,
    failed: () => filter({ failed: !filters.failed }),
    details: toOrFromDetails,
  });
  const props: ViewProps = { model, selection, onSelect, filters, ready };
  return (
    <div class={`shell ${selection === null ? "" : "with-details"}`}>
      <a class="skip" href="#main" onClick={skipToMain}>Skip to the content</a>
      <Header {...{ model, theme, onHelp }} onTheme={nextTheme} />
      <Tabs view={view} onShow={(next) => go({ view: next })} />
      <FilterBar model={model} filters={filters} onChange={filter} />
      <main id="main" tabIndex={-1}>
        <View route={route} go={go} props={props} />
      </main>
      {selection === null
        ? null
        : <Details {...props} {...{ go, onClose }} pointer={selection} />}
      {helping ? <Help onClose={() => setHelping(false)} /> : null}
    </div>
  );
}

function View(
  { route, go, props }: { route: Route; go: Go; props: ViewProps },
) {
  switch (route.view) {
    case "overview":
      return <Overview {...props} go={go} />;
    case "timeline":
      return <TimelineView {...props} />;
    case "transcript":
      return <TranscriptView {...props} at={route.at} of={route.of} go={go} />;
    case "agents":
      return <AgentsView {...props} />;
    case "search":
      return <SearchView {...props} query={route.query} go={go} />;
    case "log":
      return <LogView {...props} />;
  }
}

/** Whether the browser has read the complete file: texts and payloads follow after the program. */
function useReady(): boolean {
  const [ready, setReady] = useState(document.readyState !== "loading");
  useEffect(() => {
    if (ready) return;
    const done = () => setReady(true);
    document.addEventListener("DOMContentLoaded", done);
    if (document.readyState !== "loading") done();
    return () => document.removeEventListener("DOMContentLoaded", done);
  }, [ready]);
  return ready;
}

/** Moves the focus only: the fragment of the address holds the route, not the name of an anchor. */
function skipToMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

/** Moves the focus from the view to the details, or from there back to the view. */
function toOrFromDetails(): void {
  const details = document.querySelector<HTMLElement>("aside.details");
  if (details === null) return;
  const within = details.contains(document.activeElement);
  if (!within) return details.focus();
  const row = document.querySelector<HTMLElement>("main .row.current");
  (row ?? document.getElementById("main"))?.focus();
}
