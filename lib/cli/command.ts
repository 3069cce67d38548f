/**
 * What a command is, and the parts of the outside world that it may use.
 *
 * A command neither ends the process nor writes to a stream itself: it gets its arguments and
 * a {@linkcode CommandIo}, and returns an exit code. So a test can run it in one line.
 *
 * @module
 */

import type { Limits } from "../bundle/limits.ts";
import type { ArgsTable } from "./args/flag.ts";
import type { ParsedArgs } from "./args/parse_args.ts";

/** The terminal that standard output is, or what is known where it is none. */
export interface Terminal {
  /** Columns; `undefined` where they are unknown. */
  readonly columns: number | undefined;
  /** Whether it shows color, and the user wants it. */
  readonly color: boolean;
  /** Whether it is one: what reads a pipe or a file is a program. */
  readonly isTerminal: boolean;
}

/** A terminal on standard error that shows progress. */
export interface StderrTerminal {
  /** It is one. */
  readonly isTTY: true;
  /** Writes a text unchanged, which must not be one of a bundle; returns whether it could. */
  write(text: string): boolean;
}

/** Exit codes of the program. */
export const EXIT = {
  /** Success. */
  ok: 0,
  /** No result; of `check`, errors or warnings. */
  noResult: 1,
  /** Usage or permission error. */
  usage: 2,
  /** Partial result: part of the bundle was skipped. */
  partial: 3,
  /** The bundle cannot be read, or an output cannot be written. */
  failed: 4,
  /** The reader of a pipe closed it: 128 + SIGPIPE, as a shell reports it. */
  pipeClosed: 141,
  /** A signal ended the program while it wrote an output: 128 + its number. */
  interrupted: { SIGINT: 130, SIGTERM: 143 },
} as const;

/** The streams of a command. Data and messages never share one. */
export interface CommandIo {
  /**
   * Writes text to standard output, as bytes. A file or a pipe gets them unchanged; on a terminal,
   * control characters are escaped unless `isForced`. A chunk splits no character.
   */
  writeBytes(chunk: Uint8Array, isForced?: boolean): void;
  /**
   * Sets the maximum bytes of standard output; beyond it, writing throws a `LimitError`. Without
   * a call it is that of the default limits.
   */
  limitOutput(limits: Partial<Limits>): void;
  /** Prints a line to standard output; control characters are escaped on a terminal. */
  printUntrustedLine(text: string): void;
  /** Prints text that is escaped already to standard output, and a line break. */
  printTrusted(block: string): void;
  /** Prints a line to standard error; control characters are always escaped. */
  stderrLine(text: string): void;
  /** The terminal on standard error; `undefined` where there is none. */
  stderrTerminal(): StderrTerminal | undefined;
  /** The terminal on standard output. */
  terminal(): Terminal;
  /** What arrives on standard input; `undefined` where it is a terminal. */
  stdin(): AsyncIterable<Uint8Array> | undefined;
}

/** Does the work of a command and returns the exit code. Throws what it cannot handle. */
export type RunCommand = (
  args: ParsedArgs,
  io: CommandIo,
) => Promise<number> | number;

/** A command line, and what it does. */
export interface Example {
  /** What follows `rollout-trace`, without the name of the command. */
  readonly args: string;
  /** What it does, in a few words. */
  readonly description?: string;
}

/** One command, as data: parsing, help and completion read it. */
export interface Command extends ArgsTable {
  /** The word on the command line. */
  readonly name: string;
  /** What it does: one imperative sentence of half a line, without a full stop. */
  readonly summary: string;
  /** The forms of its arguments, where the operands alone do not show them. */
  readonly forms?: readonly string[];
  /** Paragraphs of help; one with line breaks is printed unchanged, others are wrapped. */
  readonly description: readonly string[];
  /** Command lines to copy. */
  readonly examples: readonly Example[];
  /** Paragraphs that follow the flags. */
  readonly notes?: readonly string[];
  /** The permissions of Deno that it needs. */
  readonly permissions?: string;
  /** What its exit codes mean, where they mean more than usual; null for codes it never returns. */
  readonly exits?: Readonly<Partial<Record<0 | 1 | 2 | 3 | 4, string | null>>>;
  /** Loads its code. */
  load(): Promise<RunCommand>;
}
