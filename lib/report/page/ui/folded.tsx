/**
 * A long text: its beginning, and the rest when somebody asks for it.
 *
 * @module
 */

import { useMemo, useState } from "preact/hooks";
import { countOf } from "./figures.ts";
import { prettyJson } from "./pretty_json.ts";
import { shown } from "./shown.ts";

/** What is seen of a folded text. */
const SEEN_LINES = 16;
const SEEN_CHARACTERS = 1800;
/** More than this at once makes a page slow: the rest comes with each further step. */
const STEP_CHARACTERS = 200_000;

/** What a text is given. */
export interface FoldedProps {
  readonly text: string;
  /** How it is set: prose wraps, code keeps its lines. */
  readonly as: "prose" | "code";
}

/** A text of the bundle. */
export function Folded({ text, as }: FoldedProps) {
  const [seen, setSeen] = useState(0);
  const [raw, setRaw] = useState(false);
  // Lists are drawn anew as they scroll; their texts stay.
  const pretty = useMemo(() => prettyJson(text), [text]);
  const whole = pretty === undefined || raw ? text : pretty;
  const begin = beginOf(whole);
  const end = seen === 0 ? begin : Math.min(whole.length, seen);
  const more = whole.length - end;
  const code = as === "code" || pretty !== undefined;
  return (
    <div class="folded">
      {text === "" ? <span class="faint">empty</span> : (
        <pre
          class={code ? "code" : "prose"}
          dir="auto"
        >{shown(whole.slice(0, end))}{more > 0 ? "…" : ""}</pre>
      )}
      <FoldButtons
        more={more}
        seen={seen}
        onMore={() => setSeen(Math.max(seen, begin) + STEP_CHARACTERS)}
        onLess={() => setSeen(0)}
        raw={pretty === undefined || pretty === text ? undefined : raw}
        onRaw={() => setRaw(!raw)}
      />
    </div>
  );
}

interface FoldButtonsProps {
  readonly more: number;
  readonly seen: number;
  readonly onMore: () => void;
  readonly onLess: () => void;
  readonly raw: boolean | undefined;
  readonly onRaw: () => void;
}

function FoldButtons(
  { more, seen, onMore, onLess, raw, onRaw }: FoldButtonsProps,
) {
  if (more === 0 && seen === 0 && raw === undefined) return null;
  return (
    <div class="fold-buttons">
      {more > 0
        ? (
          <button type="button" class="link" onClick={onMore}>
            show {countOf(more)} more characters
          </button>
        )
        : null}
      {seen > 0 ? <button type="button" class="link" onClick={onLess}>fold</button> : null}
      {raw === undefined ? null : (
        <button type="button" class="link" onClick={onRaw}>
          {raw ? "indent the JSON" : "as recorded"}
        </button>
      )}
    </div>
  );
}

/** How much of a text is seen before anybody asks for more. */
function beginOf(text: string): number {
  let at = -1;
  for (let line = 0; line < SEEN_LINES; line++) {
    at = text.indexOf("\n", at + 1);
    if (at === -1) break;
  }
  const end = at === -1 ? text.length : at;
  // Not worth a button for a few characters.
  const most = Math.min(end, SEEN_CHARACTERS);
  return text.length - most < 200 && at === -1 ? text.length : most;
}
