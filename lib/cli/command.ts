/**
 * What a command is, and the little of the outside world it may use.
 *
 * A command neither ends the process nor writes to a stream itself: it gets its arguments and
 * a {@linkcode CommandIo}, and answers with an exit code. So a test runs one in a line.
 *
 * @module
 */

import type { FlagSpec } from "./flags.ts";

/** What standard output is. */
export interface Screen {
  /** Columns, where a terminal tells. */
  readonly columns: number | undefined;
  /** Whether a person looks at it and wants colour. */
  readonly color: boolean;
}

/** A terminal that somebody looks at while the program works. */
export interface Watcher {
  /** It is one. */
  readonly isTTY: true;
  /** Writes to it as it is; nothing of a bundle goes there. */
  write(text: string): boolean;
}

/** How the program ends. */
export const EXIT = {
  /** The command did what it was asked to do. */
  ok: 0,
  /** There is nothing of what was asked for. */
  nothing: 1,
  /** The bundle, or the disk, does not allow it. */
  bundle: 1,
  /** The command line, or a permission, has to change. */
  usage: 2,
  /** The command did what it could: something of the bundle was skipped. */
  partial: 3,
} as const;

/** Where a command writes. Data and remarks never share a stream. */
export interface CommandIo {
  /** Writes bytes of data to standard output, exactly as they are. */
  data(chunk: Uint8Array): void;
  /** Writes one line of data to standard output; made harmless where a person reads it. */
  line(text: string): void;
  /** Writes text of our own, with its line breaks, to standard output. */
  text(block: string): void;
  /** Writes one line about the work to standard error; always made harmless. */
  remark(text: string): void;
  /** The terminal on standard error; `undefined` where nobody looks at it. */
  watcher(): Watcher | undefined;
  /** What standard output is: how wide, and whether it shows colour. */
  screen(): Screen;
}

/** One command, loaded. */
export interface Command {
  /** Help: how to call it, what it does, an example. Ends without a line break. */
  readonly usage: string;
  /** The flags it takes. */
  readonly flags: FlagSpec;
  /** Words it takes, where there are only so many; otherwise it takes paths. */
  readonly words?: readonly string[];
  /** Does the work and tells how the program ends. Throws what it cannot handle. */
  run(args: readonly string[], io: CommandIo): Promise<number> | number;
}

/** A command in the table: its file is loaded when somebody calls for it. */
export interface CommandEntry {
  /** The word on the command line. */
  readonly name: string;
  /** What it does, in half a line. */
  readonly summary: string;
  /** Loads its file. */
  load(): Promise<Command>;
}
