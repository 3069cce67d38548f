/**
 * The streams of this process, as a command uses them.
 *
 * @module
 */

import { OutputBudget } from "../bundle/output/output_budget.ts";
import { OutputError } from "../bundle/output/output_error.ts";
import { pause } from "../bundle/pause.ts";
import { escapeControls, escapeControlsInLines } from "../text/escape.ts";
import type { CommandIo } from "./command.ts";

const STDIN_CHUNK_BYTES = 64 * 1024;

/** Standard output, which is a terminal, or a file or pipe. */
export interface OutputStream {
  /** Writes some of the bytes and returns how many. */
  writeSync(bytes: Uint8Array): number;
  /** Whether it is a terminal. */
  isTerminal(): boolean;
}

/** Standard output and standard error. */
export function processIo(stdout: OutputStream = Deno.stdout): CommandIo {
  const encoder = new TextEncoder();
  let budget = new OutputBudget("standard output", {});
  const write = (bytes: Uint8Array) => {
    budget.spend(bytes.length);
    onStandardOutput(() => writeAll(stdout, bytes));
  };
  const print = (text: string) => write(encoder.encode(text));
  const printError = (text: string): boolean => {
    try {
      writeAll(Deno.stderr, encoder.encode(text));
      return true;
    } catch {
      // Standard error is closed: the exit code still reports the error.
      return false;
    }
  };
  return {
    writeBytes: (chunk, isForced = false) =>
      stdout.isTerminal() && !isForced
        ? print(escapeControlsInLines(new TextDecoder().decode(chunk)))
        : write(chunk),
    limitOutput: (limits) => {
      budget = new OutputBudget("standard output", limits);
    },
    // A script gets a path unchanged; on a terminal its control characters are escaped.
    printUntrustedLine: (text) =>
      print(`${stdout.isTerminal() ? escapeControls(text) : text}\n`),
    printTrusted: (block) => print(`${block}\n`),
    stderrLine: (text) => void printError(`${escapeControls(text)}\n`),
    stderrTerminal: () =>
      Deno.stderr.isTerminal() && !isDumbTerminal()
        ? { isTTY: true, write: (text) => printError(text) }
        : undefined,
    terminal: () => ({
      columns: columnsOfTerminal(),
      color: stdout.isTerminal() && !Deno.noColor && !isDumbTerminal(),
      isTerminal: stdout.isTerminal(),
    }),
    stdin: () => Deno.stdin.isTerminal() ? undefined : standardInput(),
  };
}

/** Whether the terminal only prints text, without colors and movements of the cursor. */
function isDumbTerminal(): boolean {
  // Without the permission, Deno would prompt the user for it.
  const variable = { name: "env", variable: "TERM" } as const;
  const { state } = Deno.permissions.querySync(variable);
  return state === "granted" && Deno.env.get("TERM") === "dumb";
}

/** Columns of the terminal, which are known also if standard output is a pipe to a pager. */
function columnsOfTerminal(): number | undefined {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return undefined;
  }
}

/** Runs a step of writing; an error of the disk names the stream, that of a closed pipe is kept. */
function onStandardOutput(step: () => void): void {
  try {
    step();
  } catch (cause) {
    if (!(cause instanceof Error) || !cause.message.includes("(os error")) {
      throw cause;
    }
    if (cause instanceof Deno.errors.BrokenPipe) throw cause;
    const hint = "redirect it to another file, or read it in a pipe";
    throw new OutputError("standard output", cause.message, { cause, hint });
  }
}

/** Milliseconds until a full pipe is tried again: a reader empties one of 64 KiB meanwhile. */
const FULL_PIPE_WAIT = 2;

/** Writes all of it, also where another program has set the stream not to block. */
function writeAll(
  stream: { writeSync(chunk: Uint8Array): number },
  chunk: Uint8Array,
): void {
  for (let at = 0; at < chunk.length;) {
    try {
      at += stream.writeSync(chunk.subarray(at));
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      pause(FULL_PIPE_WAIT);
    }
  }
}

/** Milliseconds until an empty pipe is tried again, which is set not to block. */
const EMPTY_PIPE_WAIT = 20;

/** The pieces of standard input, also where another program has set it not to block. */
export async function* standardInput(
  stream: Pick<typeof Deno.stdin, "read"> = Deno.stdin,
): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(STDIN_CHUNK_BYTES);
  for (;;) {
    let read: number | null;
    try {
      read = await stream.read(buffer);
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      await new Promise((resolve) => setTimeout(resolve, EMPTY_PIPE_WAIT));
      continue;
    }
    if (read === null) return;
    yield buffer.slice(0, read);
  }
}
