/**
 * The streams of this process, as a command sees them.
 *
 * @module
 */

import { escapeControls } from "../text/escape.ts";
import type { CommandIo } from "./command.ts";

/** Standard output and standard error. */
export function processIo(): CommandIo {
  const encoder = new TextEncoder();
  const print = (text: string) => writeAll(Deno.stdout, encoder.encode(text));
  const tell = (text: string): boolean => {
    try {
      writeAll(Deno.stderr, encoder.encode(text));
      return true;
    } catch {
      // Nobody listens on standard error: the exit code still tells.
      return false;
    }
  };
  return {
    data: (chunk) => writeAll(Deno.stdout, chunk),
    // A script gets a path as it is, a person one that cannot steer the terminal.
    line: (text) =>
      print(`${Deno.stdout.isTerminal() ? escapeControls(text) : text}\n`),
    text: (block) => print(`${block}\n`),
    screen: () => ({
      columns: columnsOfTerminal(),
      color: Deno.stdout.isTerminal() && !Deno.noColor,
    }),
    remark: (text) => void tell(`${escapeControls(text)}\n`),
    watcher: () =>
      Deno.stderr.isTerminal()
        ? { isTTY: true, write: (text) => tell(text) }
        : undefined,
  };
}

/** Known also where standard output goes through a pager. */
function columnsOfTerminal(): number | undefined {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return undefined;
  }
}

function writeAll(
  stream: { writeSync(chunk: Uint8Array): number },
  chunk: Uint8Array,
): void {
  for (let at = 0; at < chunk.length;) {
    at += stream.writeSync(chunk.subarray(at));
  }
}
