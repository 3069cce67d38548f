/**
 * The shell of the page: header, tabs, filters, the current view, details, keys.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Pointer } from "../report_data.ts";
import { AgentsView } from "./views/agents/agents_view.tsx";
import { Details } from "./details/details.tsx";
import { DetailsPanel } from "./details/details_panel.tsx";
import { usePanelSize } from "./details/panel_size.ts";
import { Help } from "./shell/help.tsx";
import { LogView } from "./views/log_view.tsx";
import type { Model } from "./model/model.ts";
import { Overview } from "./views/overview/overview.tsx";
import { SearchView } from "./views/search/search_view.tsx";
import { Header, Tabs } from "./shell/header.tsx";
import { FilterBar } from "./shell/filter_bar.tsx";
import { useKeys } from "./shell/use_keys.ts";
import { WatchNotice } from "./shell/watch_notice.tsx";
import { useReady } from "./shell/use_ready.ts";
import { Keeper, usePlaces } from "./state/place_keeper.ts";
import type { Route } from "./state/route.ts";
import type { ViewName } from "./state/view_name.ts";
import { type Go, placesToFind, useRoute } from "./state/use_route.ts";
import { ErrorBoundary } from "./shell/error_boundary.tsx";
import { focusContent, useReturn, useViewFocus } from "./shell/use_focus.ts";
import { useTheme } from "./state/theme.ts";
import { TimelineView } from "./views/timeline/timeline_view.tsx";
import { TranscriptView } from "./views/transcript/transcript_view.tsx";
import type { Filters, ViewProps } from "./view.ts";

/** The page. */
export function App({ model }: { model: Model }) {
  const { route, go, keeper, epoch } = useRoute(model);
  const [theme, nextTheme] = useTheme();
  const [helping, setHelping] = useState(false);
  const ready = useReady();
  const { selection, filters, view } = route;
  const focusView = useViewFocus(view);
  const returnFocus = useReturn(selection !== null);
  const size = usePanelSize();
  const onSelect = useCallback(
    (pointer: Pointer) => go({ selection: pointer }),
    [go],
  );
  const onFind = (next: ViewName, change: Partial<Route>) => {
    const places = placesToFind(keeper.places(), next);
    focusView(next);
    go({ view: next, places, ...change });
  };
  const filter = (change: Partial<Filters>) =>
    go({ filters: { ...filters, ...change } }, true);
  const onHelp = () => setHelping(true);
  const onClose = () => {
    if (selection !== null) returnFocus();
    go({ selection: null }, true);
  };
  useKeys({
    show: (next) => {
      focusView(next);
      go({ view: next });
    },
    close: onClose,
    help: onHelp,
    theme: nextTheme,
    failed: () => filter({ failed: !filters.failed }),
    details: toOrFromDetails,
  });
  const props: ViewProps = { model, selection, onSelect, filters, ready };
  return (
    <div
      class={`shell ${selection === null ? "" : "with-details"}`}
      style={{ "--share": `${size.share}%` }}
    >
      <Header {...{ model, theme, onHelp }} onTheme={nextTheme} />
      <Tabs view={view} onShow={(next) => go({ view: next })} />
      <FilterBar model={model} filters={filters} onChange={filter} />
      {model.watch === null ? null : (
        <WatchNotice
          {...{ watch: model.watch, ready, reloads: route.reloads }}
          onReloads={(reloads) => go({ reloads }, true)}
        />
      )}
      <Keeper.Provider value={keeper}>
        <Main key={`${view} ${epoch}`} ready={ready}>
          <ErrorBoundary name="view">
            <View route={route} go={go} props={props} />
          </ErrorBoundary>
        </Main>
      </Keeper.Provider>
      {selection === null ? null : (
        <DetailsPanel
          {...{ model, size, onClose }}
          tab={route.tab}
          pointer={selection}
        >
          <ErrorBoundary key={selection.join(" ")} name="details">
            <Details
              {...props}
              {...{ go, onFind }}
              tab={route.tab}
              pointer={selection}
            />
          </ErrorBoundary>
        </DetailsPanel>
      )}
      {helping ? <Help onClose={() => setHelping(false)} /> : null}
    </div>
  );
}

/**
 * The place of the view. It keeps the scroll position of a view that scrolls completely; lists and
 * the timeline keep their own.
 */
function Main(
  { ready, children }: { ready: boolean; children: ComponentChildren },
) {
  const keeper = usePlaces();
  const box = useRef<HTMLElement>(null);
  const kept = useRef(keeper.places().scroll[keeper.view] ?? 0);
  useLayoutEffect(() => {
    const view = box.current?.firstElementChild;
    if (view !== null && kept.current > 0) view?.scrollTo(0, kept.current);
  }, [ready]);
  const onScroll = ({ target }: Event) => {
    if (!(target instanceof HTMLElement)) return;
    if (target.parentElement !== box.current) return;
    kept.current = target.scrollTop;
    keeper.keepScroll(target.scrollTop);
  };
  return (
    <main id="main" ref={box} tabIndex={-1} onScrollCapture={onScroll}>
      {children}
    </main>
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

/** Moves the focus from the view to the details, or from there back to the view. */
function toOrFromDetails(): void {
  const details = document.querySelector<HTMLElement>(".details-scroll");
  if (details === null) return;
  if (details.contains(document.activeElement)) focusContent();
  else details.focus();
}
