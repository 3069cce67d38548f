/**
 * What to ask next, as command lines that can be copied into a shell.
 *
 * @module
 */

import type { Suggestion } from "../../query/session/suggestion.ts";
import { commandLines, continuedLines } from "../text/command_line.ts";
import { cut, largest, oneLine, padEnd, widthOf } from "../text/fit.ts";
import type { RenderOptions } from "../text/render_options.ts";

const INDENT = "  ";
/** Characters of a reason; the command prints the rest. */
const MAX_WHY = 40;

/** A title and a command line for each question about the bundle at `place`. */
export function* nextLines(
  asked: readonly Suggestion[],
  place: string,
  { width, style }: RenderOptions,
): Generator<string> {
  if (asked.length === 0) return;
  const room = width - INDENT.length;
  const whys = asked.map(({ reason }) => `# ${oneLine(reason, MAX_WHY)}`);
  const longestWhy = largest(whys.map(widthOf), 0) + 2;
  const widths = [room - longestWhy, room] as const;
  const continued = continuedLines(asked, place, widths);
  const lines = continued ?? commandLines(asked, place, widths);
  const longest = largest(lines.map(widthOf), 0);
  const isBeside = continued === null && longest + longestWhy <= room;
  yield style.heading("ask next");
  for (const [at, line] of lines.entries()) {
    const name = style.id(cut(line, room));
    yield INDENT +
      (isBeside
        ? `${padEnd(name, longest)}  ${style.dim(whys[at] ?? "")}`
        : name);
  }
}
