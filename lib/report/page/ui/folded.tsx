/**
 * A long text, collapsed: its start, and the rest when the reader expands it.
 *
 * @module
 */

import { useState } from "preact/hooks";
import { countOf } from "./figures.ts";
import { escapeText } from "./escape.ts";
import { CodeText } from "./content/code/code_text.tsx";
import type { CodeLanguage } from "./content/code/code_tokens.ts";
import { useFoundEnd } from "./content/finding.ts";

/** Limits of a collapsed text. */
const SEEN_LINES = 16;
const SEEN_CHARACTERS = 1800;
/** Characters added by one step; more at once make the page slow. */
const STEP_CHARACTERS = 200_000;

/** Properties of a text. */
export interface FoldedProps {
  readonly text: string;
  /** How it is set: prose wraps, code keeps its lines. */
  readonly as: "prose" | "code";
  /** The language of code; null or absent where it is not known. */
  readonly language?: CodeLanguage | null | undefined;
}

/** A text of the bundle. */
export function Folded({ text, as, language = null }: FoldedProps) {
  const [seen, setSeen] = useState(0);
  const found = useFoundEnd(text);
  const begin = Math.max(beginOf(text), found);
  const end = seen === 0 ? begin : Math.min(text.length, seen);
  const more = text.length - end;
  const seenText = text.slice(0, end);
  // What is found is marked inside of one text node.
  const colored = found === 0 ? language : null;
  return (
    <div class="folded">
      {text === "" ? <span class="faint">empty</span> : (
        <pre
          class={as}
          dir="auto"
        >{colored === null
          ? escapeText(seenText)
          : <CodeText text={seenText} language={colored} />}{more > 0
          ? "…"
          : ""}</pre>
      )}
      <FoldButtons
        more={more}
        seen={seen}
        onMore={() => setSeen(Math.max(seen, begin) + STEP_CHARACTERS)}
        onLess={() => setSeen(0)}
      />
    </div>
  );
}

interface FoldButtonsProps {
  readonly more: number;
  readonly seen: number;
  readonly onMore: () => void;
  readonly onLess: () => void;
}

function FoldButtons(
  { more, seen, onMore, onLess }: FoldButtonsProps,
) {
  if (more === 0 && seen === 0) return null;
  return (
    <div class="fold-buttons">
      {more > 0
        ? (
          <button type="button" class="link" onClick={onMore}>
            show {countOf(more)} more characters
          </button>
        )
        : null}
      {seen > 0
        ? <button type="button" class="link" onClick={onLess}>collapse</button>
        : null}
    </div>
  );
}

/** Length of the start that is shown before the reader expands a text. */
function beginOf(text: string): number {
  let at = -1;
  for (let line = 0; line < SEEN_LINES; line++) {
    at = text.indexOf("\n", at + 1);
    if (at === -1) break;
  }
  const end = at === -1 ? text.length : at;
  // A few characters more are not worth a button.
  const most = Math.min(end, SEEN_CHARACTERS);
  return text.length - most < 200 ? text.length : most;
}
