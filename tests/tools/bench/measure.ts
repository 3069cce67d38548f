/**
 * Time and memory of other processes.
 *
 * Deno reports neither the CPU time nor the memory of a child. A shell that can (bash) and GNU
 * `time` are in between where they are there; where not, only the wall clock is known.
 *
 * @module
 */

import { join } from "@std/path";
import { run } from "../../support/processes.ts";

/** What a process cost. */
export interface Cost {
  readonly wallMs: number;
  /** Undefined where nothing on this machine reports it. */
  readonly userMs: number | undefined;
  readonly systemMs: number | undefined;
  readonly peakMb: number | undefined;
}

/** A program and its arguments. */
export interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
}

const GNU_TIME = "/usr/bin/time";
// Standard error goes to a file, so that the shell's own stays clean for the times.
const TIMED_SHELL = `TIMEFORMAT='%3R %3U %3S'; time "$@" 2>"$BENCH_STDERR"`;

/** Measures children of this process. */
export class Meter {
  readonly #folder: string;
  readonly #shell: boolean;
  readonly #memory: boolean;

  /** Finds out what can be measured here; `folder` takes small files. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#shell = isThere("bash", ["-c", "times"]);
    this.#memory = isThere(GNU_TIME, ["-f", "%M", "true"]);
  }

  /** What cannot be measured on this machine, in words; empty when everything can. */
  get blindSpots(): string[] {
    return [
      ...(this.#shell ? [] : ["no CPU times: there is no bash"]),
      ...(this.#memory ? [] : [`no peak memory: there is no GNU ${GNU_TIME}`]),
    ];
  }

  /**
   * Runs a command to its end.
   *
   * @throws {Error} If it fails.
   */
  measure(command: CommandLine): Cost {
    const errors = join(this.#folder, "stderr.txt");
    const memory = join(this.#folder, "memory.txt");
    const words = [
      ...(this.#memory ? [GNU_TIME, "-q", "-f", "%M", "-o", memory] : []),
      command.program,
      ...command.args,
    ];
    const [first = "", ...rest] = this.#shell
      ? ["bash", "-c", TIMED_SHELL, "bash", ...words]
      : words;
    const env = { ...command.env, BENCH_STDERR: errors };
    const started = performance.now();
    const ended = run(first, rest, { env });
    const wallMs = performance.now() - started;
    if (ended.code !== 0) {
      const result = this.#shell ? Deno.readTextFileSync(errors) : ended.stderr;
      throw new Error(`${command.program} ended with ${ended.code}: ${result}`);
    }
    return {
      ...(this.#shell ? timesOf(ended.stderr) : { ...NO_TIMES, wallMs }),
      peakMb: this.#memory
        ? Number(Deno.readTextFileSync(memory)) / 1024
        : undefined,
    };
  }
}

const NO_TIMES = { userMs: undefined, systemMs: undefined };

function timesOf(text: string): Omit<Cost, "peakMb"> {
  const [wall, user, system] = text.trim().split(" ").map(Number);
  if (wall === undefined || user === undefined || system === undefined) {
    throw new Error(`Cannot read the times that bash printed: ${text}`);
  }
  return { wallMs: 1000 * wall, userMs: 1000 * user, systemMs: 1000 * system };
}

function isThere(program: string, args: readonly string[]): boolean {
  try {
    return run(program, args).code === 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The middle one of each figure. */
export function medianCost(costs: readonly Cost[]): Cost {
  return {
    wallMs: median(costs.map((cost) => cost.wallMs)) ?? NaN,
    userMs: median(known(costs.map((cost) => cost.userMs))),
    systemMs: median(known(costs.map((cost) => cost.systemMs))),
    peakMb: median(known(costs.map((cost) => cost.peakMb))),
  };
}

function known(figures: readonly (number | undefined)[]): number[] {
  return figures.filter((figure) => figure !== undefined);
}

function median(figures: readonly number[]): number | undefined {
  const sorted = figures.toSorted((a, b) => a - b);
  const low = sorted[(sorted.length - 1) >> 1];
  const high = sorted[sorted.length >> 1];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
