/**
 * The head of the page: the session, its status, what is missing, and the tabs.
 *
 * @module
 */

import type { Model } from "../model/model.ts";
import type { Theme } from "../state/theme.ts";
import { clockText } from "../../../text/clock_text.ts";
import { SESSION_LOG_TEXT } from "../../../text/session_log_text.ts";
import { counted, durationOf } from "../ui/figures.ts";
import { Icon } from "../ui/icon.tsx";
import { OutcomeMark } from "../ui/status.tsx";
import { Text } from "../ui/text.tsx";
import { type ViewName, VIEWS } from "../state/view_name.ts";
import { ThemeButton } from "./theme_button.tsx";

/** Properties of the head of the page. */
export interface HeaderProps {
  readonly model: Model;
  readonly theme: Theme;
  readonly onTheme: () => void;
  readonly onHelp: () => void;
}

/** The head of the page. */
export function Header({ model, theme, onTheme, onHelp }: HeaderProps) {
  const { session, losses, show } = model.data;
  const clock = clockText(show.clock_jumps);
  return (
    <header class="head">
      <a class="skip" href="#main" onClick={skipToMain}>Skip to the content</a>
      <h1>
        <Text value={session.name} />
      </h1>
      <OutcomeMark
        outcome={show.identity.outcome}
        status={session.status ?? "unknown"}
      />
      <span class="head-fact">{durationOf(show.identity.duration_ms)}</span>
      {clock === null
        ? null
        : (
          <span class="status tone-warn" title={`the clock was ${clock}`}>
            <Icon name="warn" />
            the clock jumped
          </span>
        )}
      {model.isSessionLog
        ? (
          <span class="status tone-warn">
            <Icon name="warn" />
            {SESSION_LOG_TEXT}
          </span>
        )
        : null}
      {losses === 0 ? null : (
        <span class="status tone-warn">
          <Icon name="warn" />
          partial: {counted(losses, "loss").replace(/losss$/, "losses")}
        </span>
      )}
      <span class="head-gap" />
      <ThemeButton theme={theme} onTheme={onTheme} />
      <button
        type="button"
        class="tool-button"
        onClick={onHelp}
        title="Keys and help (?)"
      >
        <Icon name="help" />
        <span class="wide-only">help</span>
        <span class="narrow-only sr-only">Help</span>
      </button>
    </header>
  );
}

/** Moves the focus only: the fragment of the address holds the route, not the name of an anchor. */
function skipToMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

const NAMES: Readonly<Record<ViewName, string>> = {
  overview: "Overview",
  timeline: "Timeline",
  transcript: "Transcript",
  agents: "Agents",
  search: "Search",
  log: "Log",
};

/** A row of tabs, one a view; the current one is marked. */
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
