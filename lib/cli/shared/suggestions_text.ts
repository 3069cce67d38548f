/**
 * What to ask next, as command lines that can be copied into a shell.
 *
 * @module
 */

import type { Suggestion } from "../../query/session/suggestion.ts";
import { commandLines } from "../text/command_line.ts";
import { largest, oneLine, padEnd, widthOf } from "../text/fit.ts";
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
  const commands = asked.map(({ command, args }) =>
    commandLines(command, place, args, room)
  );
  const isShort = commands.every(({ length }) => length === 1);
  const longest = isShort ? largest(commands.flat().map(widthOf), 0) : 0;
  const hasRoom = isShort &&
    longest + 2 + largest(whys.map(widthOf), 0) <= room;
  yield style.heading("ask next");
  for (const [at, lines] of commands.entries()) {
    for (const line of lines) {
      const name = style.id(line);
      yield INDENT +
        (hasRoom
          ? `${padEnd(name, longest)}  ${style.dim(whys[at] ?? "")}`
          : name);
    }
  }
}

/** A title, and a command line beside it, or below it where that has no room. */
export function* titledCommand(
  title: string,
  { command, args }: Pick<Suggestion, "command" | "args">,
  place: string,
  { width, style }: RenderOptions,
): Generator<string> {
  const [line = "", ...more] = commandLines(
    command,
    place,
    args,
    width - widthOf(title),
  );
  if (more.length === 0) {
    yield style.dim(title) + style.id(line);
    return;
  }
  yield style.dim(title.trimEnd());
  const room = width - INDENT.length;
  for (const each of commandLines(command, place, args, room)) {
    yield INDENT + style.id(each);
  }
}
