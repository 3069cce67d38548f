/**
 * Command lines that can be copied into a shell.
 *
 * @module
 */

import { escapeControls } from "../../text/escape.ts";
import { widthOf } from "./fit.ts";
import { shellWord } from "./shell_word.ts";

const PROGRAM = "rollout-trace";

/**
 * A command line of this program on one line; `BUNDLE` replaces the path where it would be
 * longer than `width`, or where a shell could not be given it as it is shown.
 */
export function commandLine(
  command: string,
  place: string,
  words: readonly string[],
  width: number,
): string {
  const line = (bundle: string) =>
    [PROGRAM, command, bundle, ...words.map((word) => shellWord(word))].join(
      " ",
    );
  const complete = line(shellWord(place));
  return escapeControls(complete) === complete && widthOf(complete) <= width
    ? complete
    : line("BUNDLE");
}

/**
 * Command lines about one place, none longer than the first of `widths` where that can be had
 * by writing `BUNDLE` for the place; else as long as they are.
 */
export function commandLines(
  asked: readonly {
    readonly command: string;
    readonly args: readonly string[];
  }[],
  place: string,
  widths: readonly [first: number, second: number],
): string[] {
  const short = asked.map(({ command, args }) =>
    commandLine(command, "BUNDLE", args, Infinity)
  );
  // The complete path may displace the reasons only where they do not fit anyway.
  const [first, second] = widths;
  const most = short.every((line) => widthOf(line) <= first) ? first : second;
  const complete = asked.map(({ command, args }) =>
    commandLine(command, place, args, most)
  );
  const abbreviated = complete.some((line, at) => line === short[at]);
  return abbreviated ? short : complete;
}

/** What a line of a shell ends with that the next one continues. */
const CONTINUED = " \\";
const CONTINUATION = "  ";

/**
 * Command lines about an absolute path, which is too long to type, continued on a second line where
 * they are longer than the second of `widths`. Null for another path, one that would not fit either,
 * and where all lines fit the first.
 */
export function continuedLines(
  asked: readonly {
    readonly command: string;
    readonly args: readonly string[];
  }[],
  place: string,
  [first, second]: readonly [first: number, second: number],
): string[] | null {
  if (!place.startsWith("/") || escapeControls(place) !== place) return null;
  const complete = asked.map(({ command, args }) =>
    commandLine(command, place, args, Infinity)
  );
  if (complete.every((line) => widthOf(line) <= first)) return null;
  const lines = asked.flatMap(({ command, args }, at) => {
    const line = complete[at] ?? "";
    if (widthOf(line) <= second) return [line];
    return [
      `${PROGRAM} ${command}${CONTINUED}`,
      CONTINUATION + [place, ...args].map((word) => shellWord(word)).join(" "),
    ];
  });
  return lines.every((line) => widthOf(line) <= second) ? lines : null;
}
