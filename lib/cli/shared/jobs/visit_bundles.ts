/**
 * Bundles read one after the other, or by several workers at a time; one that cannot be read does
 * not stop the others.
 *
 * @module
 */

import { type CommandIo, EXIT } from "../../command.ts";
import { Progress } from "../../text/progress.ts";
import type { Attempt } from "./attempt.ts";
import type { Job } from "./job.ts";
import { type JobOptions, runJob } from "./run_job.ts";

/** How many bundles could be read. */
export interface Visited {
  /** Bundles that were read. */
  readonly read: number;
  /** Those that could not be. */
  readonly unread: number;
}

/** What is done with what a job made of each bundle, in the order of the bundles. */
export interface Visitor<T> {
  /** Takes it; returns whether it is to be printed. */
  take(read: T): boolean;
  /** Prints it; returns whether another is wanted. */
  print?(read: T): Promise<boolean>;
  /** Called for a bundle that could not be read. */
  skip?(bundle: string, message: string): void;
}

/** Lets a job read every bundle, and reports on standard error those it cannot. */
export async function visitBundles<Settings, T>(
  bundles: readonly string[],
  io: CommandIo,
  job: Job<Settings, string, Attempt<T>>,
  options: JobOptions,
  visitor: Visitor<T>,
): Promise<Visited> {
  const progress = new Progress(io, bundles.length, "bundles read");
  let read = 0;
  let unread = 0;
  for await (const found of runJob(job, bundles, options)) {
    const bundle = bundles[read + unread] ?? "";
    await progress.step();
    if (found.type === "fault") {
      unread++;
      visitor.skip?.(bundle, found.message);
      await progress.aside(() => io.stderrLine(`error: ${found.message}`));
      continue;
    }
    read++;
    const { value } = found;
    if (!visitor.take(value)) continue;
    if (await progress.aside(() => visitor.print?.(value)) === false) break;
  }
  progress.end();
  return { read, unread };
}

/** How the program ends. */
export function exitOf({ read, unread }: Visited, isPartial: boolean): number {
  if (read === 0) return unread === 0 ? EXIT.noResult : EXIT.failed;
  return unread > 0 || isPartial ? EXIT.partial : EXIT.ok;
}
