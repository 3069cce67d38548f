/**
 * The output of a tool as a terminal shows it, its middle folded where it is long.
 *
 * @module
 */

import { useMemo, useState } from "preact/hooks";
import { escapeText } from "../escape.ts";
import { useFoundEnd } from "./finding.ts";
import { bytesOf, counted } from "../figures.ts";
import { utf8Length } from "../../../../text/utf8_length.ts";
import { cssOf, readableOn, type Rgb } from "./readable_color.ts";
import {
  hasControls,
  terminalRuns,
  type TerminalStyle,
} from "./terminal_text.ts";

/** Lines of a long output that are shown at its start and at its end. */
const HEAD_LINES = 12;
const TAIL_LINES = 8;
/** Characters that each of both may have. */
const MAX_CHARACTERS = 1600;
/** Characters added by one step; more at once make the page slow. */
const STEP_CHARACTERS = 100_000;

/** The output of a tool. */
export function TerminalBlock({ text }: { text: string }) {
  const [seen, setSeen] = useState(0);
  const [raw, setRaw] = useState(false);
  const { size, isControlled } = useMemo(
    () => ({ size: sizeOf(text), isControlled: hasControls(text) }),
    [text],
  );
  const found = useFoundEnd(text);
  const { head, tail, hidden } = useMemo(
    () => foldOf(text, Math.max(seen, found)),
    [text, seen, found],
  );
  if (text === "") return <p class="faint">no output</p>;
  return (
    <div class="folded">
      <pre class="code terminal" dir="auto">
        <Runs text={head} raw={raw} />
        {hidden === 0 ? null : (
          <button
            type="button"
            class="fold-line"
            onClick={() => setSeen(Math.max(seen, head.length) + STEP_CHARACTERS)}
          >
            show {counted(hidden, "more line")} (of {size})
          </button>
        )}
        {tail === "" ? null : <Runs text={tail} raw={raw} />}
      </pre>
      <div class="fold-buttons">
        {seen > 0
          ? (
            <button type="button" class="link" onClick={() => setSeen(0)}>
              collapse
            </button>
          )
          : null}
        {isControlled
          ? (
            <button type="button" class="link" onClick={() => setRaw(!raw)}>
              {raw ? "as a terminal shows it" : "as recorded"}
            </button>
          )
          : null}
      </div>
    </div>
  );
}

/** The size of an output, `14 lines, 1.2 KB`. */
export function sizeOf(text: string): string {
  const lines = text.replace(/\n$/, "").split("\n").length;
  return `${counted(lines, "line")}, ${bytesOf(utf8Length(text))}`;
}

/** The start and the end of a text that are shown, and the number of lines between them. */
export function foldOf(
  text: string,
  seen: number,
): { readonly head: string; readonly tail: string; readonly hidden: number } {
  const start = Math.max(lineEnd(text, HEAD_LINES), seen);
  const end = Math.max(start, lineStart(text, TAIL_LINES));
  const hidden = text.slice(start, end);
  const lines = hidden === ""
    ? 0
    : hidden.replace(/\n$/, "").split("\n").length;
  // A few lines less are not worth a button.
  return hidden.length < 400 && lines <= 5
    ? { head: text, tail: "", hidden: 0 }
    : { head: text.slice(0, start), tail: text.slice(end), hidden: lines };
}

/** Index after the first lines of a text. */
function lineEnd(text: string, lines: number): number {
  let at = 0;
  for (let line = 0; line < lines; line++) {
    const next = text.indexOf("\n", at);
    if (next === -1) return Math.min(text.length, MAX_CHARACTERS);
    at = next + 1;
  }
  return Math.min(at, MAX_CHARACTERS);
}

/** Index of the start of the last lines of a text. */
function lineStart(text: string, lines: number): number {
  let at = text.endsWith("\n") ? text.length - 1 : text.length;
  for (let line = 0; line < lines; line++) {
    const before = text.lastIndexOf("\n", at - 1);
    if (before === -1) return Math.max(0, text.length - MAX_CHARACTERS);
    at = before;
  }
  return Math.max(at + 1, text.length - MAX_CHARACTERS);
}

function Runs({ text, raw }: { text: string; raw: boolean }) {
  const runs = useMemo(() => terminalRuns(text), [text]);
  if (raw) return <>{escapeText(text)}</>;
  return (
    <>
      {runs.map(({ text, style }, i) => {
        const look = lookOf(style);
        return look === null
          ? escapeText(text)
          : (
            <span key={i} class={look.class} style={look.style}>
              {escapeText(text)}
            </span>
          );
      })}
    </>
  );
}

/** Backgrounds of an output in both themes: `--sunken` of `tokens.css`. */
const ON_LIGHT: Rgb = [238, 240, 243];
const ON_DARK: Rgb = [23, 26, 32];

interface Look {
  readonly class: string;
  readonly style: Readonly<Record<string, string>>;
}

/** The class and the colours of a style; null for plain text. Hidden text is shown: it is evidence. */
function lookOf(style: TerminalStyle): Look | null {
  const { foreground, background, decorations } = style;
  if (foreground === null && background === null && decorations.length === 0) {
    return null;
  }
  const names = decorations.map((each) => `ansi-${each}`);
  if (background !== null) {
    const color = readableOn(background, foreground ?? background);
    return {
      class: names.join(" "),
      style: { background: cssOf(background), color },
    };
  }
  return foreground === null ? { class: names.join(" "), style: {} } : {
    class: [...names, "ansi-color"].join(" "),
    style: {
      "--on-light": readableOn(ON_LIGHT, foreground),
      "--on-dark": readableOn(ON_DARK, foreground),
    },
  };
}
