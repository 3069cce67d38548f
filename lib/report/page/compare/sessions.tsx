/**
 * A page of several sessions: a bar that switches between them, and what it selects.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { App } from "../app.tsx";
import { ErrorBoundary } from "../shell/error_boundary.tsx";
import { useReady } from "../shell/use_ready.ts";
import {
  placeHref,
  readSessionPlace,
  type SessionPlace,
} from "../state/session_place.ts";
import { escapeLine } from "../ui/escape.ts";
import { CompareView } from "./compare_view.tsx";
import type { SessionBlocks } from "./session_blocks.ts";

/** The page. */
export function Sessions({ blocks }: { blocks: SessionBlocks }) {
  const { names } = blocks;
  const ready = useReady();
  const place = useSessionPlace(names.length);
  return (
    <div class="sessions">
      <Switch names={names} place={place} />
      {ready || place.type === "session" && place.session === 1
        ? <Shown blocks={blocks} place={place} />
        : <p class="faint" role="status">The page is being read.</p>}
    </div>
  );
}

function Shown(
  { blocks, place }: { blocks: SessionBlocks; place: SessionPlace },
) {
  const { type, session } = place;
  if (type === "session") {
    return <App key={session} model={blocks.model(session)} />;
  }
  return (
    <ErrorBoundary key={session} name="comparison">
      <CompareView
        names={blocks.names}
        other={session}
        comparison={blocks.comparison(session)}
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
          { type: "comparison", session: i + 2 },
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
    </nav>
  );
}

/** `A` and `B` of two sessions; of more, their numbers. */
function sessionLabel(session: number, names: readonly string[]): string {
  return names.length === 2 ? session === 1 ? "A" : "B" : `${session}`;
}

function useSessionPlace(count: number): SessionPlace {
  const read = () => readSessionPlace(location.hash, count);
  const [place, setPlace] = useState(read);
  useEffect(() => {
    const follow = () => setPlace(read());
    addEventListener("hashchange", follow);
    addEventListener("popstate", follow);
    return () => {
      removeEventListener("hashchange", follow);
      removeEventListener("popstate", follow);
    };
  }, []);
  return place;
}
