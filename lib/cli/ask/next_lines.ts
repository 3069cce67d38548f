/**
 * What to ask next, as command lines that can be copied into a shell.
 *
 * @module
 */

import { commandLines } from "../text/command_line.ts";
import { cut, oneLine, padEnd, widthOf } from "../text/fit.ts";
import { largest } from "../text/largest.ts";
import type { Paper } from "../text/paper.ts";

/** A question that leads on. */
export interface NextLine {
  /** The command, without the program and the bundle. */
  readonly command: string;
  /** What stands after the bundle. */
  readonly words: readonly string[];
  /** What it tells. */
  readonly why: string;
}

const INDENT = "  ";
/** What a longer reason tells more is told by the command. */
const MOST_WHY = 40;

/** A title and a command line for each question about the bundle at `place`. */
export function* nextLines(
  asked: readonly NextLine[],
  place: string,
  { width, paint }: Paper,
): Generator<string> {
  if (asked.length === 0) return;
  const room = width - INDENT.length;
  const whys = asked.map(({ why }) => `# ${oneLine(why, MOST_WHY)}`);
  const longestWhy = largest(whys.map(widthOf), 0) + 2;
  const lines = commandLines(asked, place, [room - longestWhy, room]);
  const longest = largest(lines.map(widthOf), 0);
  const isBeside = longest + longestWhy <= room;
  yield paint.heading("ask next");
  for (const [at, line] of lines.entries()) {
    const name = paint.name(cut(line, room));
    yield INDENT +
      (isBeside
        ? `${padEnd(name, longest)}  ${paint.faint(whys[at] ?? "")}`
        : name);
  }
}
