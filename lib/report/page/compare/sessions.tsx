/**
 * A page of several sessions: a bar that switches between them, and what it selects.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { App } from "../app.tsx";
import { ErrorBoundary } from "../shell/error_boundary.tsx";
import { ThemeButton } from "../shell/theme_button.tsx";
import { useReady } from "../shell/use_ready.ts";
import {
  placeHref,
  readSessionPlace,
  type SessionPlace,
} from "../state/session_place.ts";
import { useTheme } from "../state/theme.ts";
import { escapeLine } from "../ui/escape.ts";
import { CompareView } from "./compare_view.tsx";
import type { SessionBlocks } from "./session_blocks.ts";

/** The page. */
export function Sessions({ blocks }: { blocks: SessionBlocks }) {
  const { names } = blocks;
  const ready = useReady();
  const [place, change] = useSessionPlace(names.length);
  return (
    <div class="sessions">
      <Switch names={names} place={place} />
      {ready || place.type === "session" && place.session === 1
        ? <Shown blocks={blocks} place={place} onOpen={change} />
        : <p class="faint" role="status">The page is being read.</p>}
    </div>
  );
}

function Shown(
  { blocks, place, onOpen }: {
    blocks: SessionBlocks;
    place: SessionPlace;
    onOpen: (place: SessionPlace) => void;
  },
) {
  const { session } = place;
  if (place.type === "session") {
    return <App key={session} model={blocks.model(session)} />;
  }
  return (
    <ErrorBoundary key={session} name="comparison">
      <CompareView
        names={blocks.names}
        other={session}
        comparison={blocks.comparison(session)}
        open={place.open}
        onOpen={(open) => onOpen({ ...place, open })}
      />
    </ErrorBoundary>
  );
}

/** The sessions and comparisons, as links. */
function Switch(
  { names, place }: { names: readonly string[]; place: SessionPlace },
) {
  const link = (target: SessionPlace, text: ComponentChildren) => {
    const isCurrent = target.type === place.type &&
      target.session === place.session;
    return (
      <a
        key={placeHref(target)}
        class="session-link"
        href={placeHref(target)}
        aria-current={isCurrent ? "page" : undefined}
      >
        {text}
      </a>
    );
  };
  return (
    <nav class="session-bar" aria-label="Sessions">
      {names.slice(1).map((_, i) =>
        link(
          { type: "comparison", session: i + 2, open: [] },
          names.length === 2 ? "Compare" : `Compare 1 with ${i + 2}`,
        )
      )}
      {names.map((name, i) =>
        link(
          { type: "session", session: i + 1 },
          <>
            <span class="session-number">{sessionLabel(i + 1, names)}</span>
            {" "}
            <bdi class="text">{escapeLine(name)}</bdi>
          </>,
        )
      )}
      {place.type === "session" ? null : <ThemeOfComparison />}
    </nav>
  );
}

/** A session has its own button, and its own keys. */
function ThemeOfComparison() {
  const [theme, onTheme] = useTheme();
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (event.key === "t" && isPlain) onTheme();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [onTheme]);
  return (
    <>
      <span class="head-gap" />
      <ThemeButton theme={theme} onTheme={onTheme} />
    </>
  );
}

/** `A` and `B` of two sessions; of more, their numbers. */
function sessionLabel(session: number, names: readonly string[]): string {
  return names.length === 2 ? session === 1 ? "A" : "B" : `${session}`;
}

/** The place, and a function that replaces it where nothing else is to be shown. */
function useSessionPlace(
  count: number,
): readonly [SessionPlace, (place: SessionPlace) => void] {
  const read = () => readSessionPlace(location.hash, count);
  const [place, setPlace] = useState(read);
  useLayoutEffect(() => {
    const follow = () => setPlace(read());
    addEventListener("hashchange", follow);
    addEventListener("popstate", follow);
    return () => {
      removeEventListener("hashchange", follow);
      removeEventListener("popstate", follow);
    };
  }, []);
  const change = (next: SessionPlace) => {
    history.replaceState(null, "", placeHref(next));
    setPlace(next);
  };
  return [place, change];
}
