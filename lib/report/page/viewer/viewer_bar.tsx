/**
 * The bar above a report in the viewer: other sessions, the check, the state.
 *
 * @module
 */

import { counted } from "../ui/figures.ts";
import { escapeLine } from "../ui/escape.ts";
import { Icon } from "../ui/icon.tsx";
import { Text } from "../ui/text.tsx";
import type {
  CheckAnswer,
  ViewerControl,
  ViewerState,
} from "./viewer_state.ts";
import { Pickers } from "./pickers.tsx";

export function ViewerBar(
  { state, control }: { state: ViewerState; control: ViewerControl },
) {
  const { sessions, session, check, download, error, progress, refusal } =
    state;
  return (
    <div class="viewer-bar" role="region" aria-label="Viewer">
      {sessions.length < 2 ? null : (
        <select
          aria-label="Session"
          value={session ?? ""}
          onChange={({ currentTarget }) =>
            control.open(Number(currentTarget.value))}
        >
          {session === null ? <option value="">choose a session</option> : null}
          {sessions.map(({ path }, i) => (
            <option key={path} value={i}>{escapeLine(path)}</option>
          ))}
        </select>
      )}
      <Pickers control={control} />
      {download === null ? null : (
        <a
          class="tool-button"
          href={download.url}
          download="state.json"
          title="Save the state.json that reduce writes"
        >
          <Icon name="payload" />
          state.json{download.skipped > 0
            ? `, without ${counted(download.skipped, "event")}`
            : ""}
        </a>
      )}
      {check === null ? null : <Check check={check} isOpen={error !== null} />}
      {progress === null ? null : (
        <span class="viewer-progress" role="status">
          <progress aria-label="Progress" />
          <Text value={progress} />
        </span>
      )}
      {error === null ? null : (
        <p class="viewer-error error-text" role="alert">
          <Text value={error} />
        </p>
      )}
      {refusal === null ? null : (
        <p class="viewer-error" role="status">
          <span class="error-text">
            no state.json: <Text value={refusal} />
          </span>{" "}
          <button
            type="button"
            class="tool-button"
            onClick={() => control.reduceTolerantly()}
          >
            reduce tolerantly
          </button>
        </p>
      )}
      {state.notes.length === 0
        ? null
        : (
          <ul class="viewer-notes" aria-label="Not taken">
            {state.notes.map((note) => (
              <li key={note}>
                <Text value={note} />
              </li>
            ))}
          </ul>
        )}
    </div>
  );
}

/** What `check` prints, folded. */
function Check({ check, isOpen }: { check: CheckAnswer; isOpen: boolean }) {
  const { errors, warnings, lines } = check;
  const parts = [
    ...errors > 0 ? [counted(errors, "error")] : [],
    ...warnings > 0 ? [counted(warnings, "warning")] : [],
  ];
  return (
    <details class="viewer-check" open={isOpen}>
      <summary class={parts.length > 0 ? "tone-warn" : "tone-ok"}>
        <Icon name={parts.length > 0 ? "warn" : "ok"} />
        check: {parts.join(", ") || "clean"}
      </summary>
      <pre class="code" tabIndex={0}>{lines.join("\n")}</pre>
    </details>
  );
}
