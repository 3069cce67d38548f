/**
 * Command lines that can be copied into a shell.
 *
 * @module
 */

import { escapeControls } from "../../text/escape.ts";
import { widthOf } from "./fit.ts";
import { shellWord } from "./shell_word.ts";

const PROGRAM = "rollout-trace";

/** Its shells do not continue lines as those of POSIX, and have no printf. */
const IS_WINDOWS = Deno.build.os === "windows";

/** What a line of a shell ends with that the next one continues. */
const CONTINUED = " \\";
const CONTINUATION = "  ";

/**
 * A command line of this program about a place: on one line where that is not longer than `width`,
 * else continued on more. The place is never shortened: what is printed can be run.
 */
export function commandLines(
  command: string,
  place: string,
  args: readonly string[],
  width: number,
): string[] {
  const start = `${PROGRAM} ${command}`;
  const words = [placeWord(place), ...args.map((arg) => shellWord(arg))];
  const complete = [start, ...words].join(" ");
  if (widthOf(complete) <= width || IS_WINDOWS) return [complete];
  const rest = CONTINUATION + words.join(" ");
  if (widthOf(rest) <= width || args.length === 0) {
    return [start + CONTINUED, rest];
  }
  const [at = "", ...others] = words;
  return [
    start + CONTINUED,
    CONTINUATION + at + CONTINUED,
    CONTINUATION + others.join(" "),
  ];
}

/** A place as a word that no command takes for a flag, of characters that can be printed. */
function placeWord(place: string): string {
  const path = place.startsWith("-") ? `./${place}` : place;
  if (escapeControls(path) === path) return shellWord(path);
  if (IS_WINDOWS) return "BUNDLE";
  // A shell removes line feeds at the end of what a command prints.
  const format = printfFormat(path.endsWith("\n") ? `${path}/` : path);
  return `"$(printf '${format}')"`;
}

/** A text as a format of printf, which has the bytes of what cannot be printed as digits. */
function printfFormat(text: string): string {
  return Array.from(text, (character) => {
    if (character === "%") return "%%";
    return /['\\]/.test(character) || escapeControls(character) !== character
      ? Array.from(new TextEncoder().encode(character), octal).join("")
      : character;
  }).join("");
}

function octal(byte: number): string {
  return `\\${byte.toString(8).padStart(3, "0")}`;
}
