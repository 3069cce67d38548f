/**
 * Bundles opened one after the other; one that cannot be read does not stop the others.
 *
 * @module
 */

import { BundleError } from "../errors/bundle_error.ts";
import { type CommandIo, EXIT } from "../command.ts";
import { PathError } from "../access/path_error.ts";
import { describeError } from "../errors/describe_error.ts";
import { Progress } from "../text/progress.ts";

/** How many bundles could be read. */
export interface Visited {
  /** Bundles that were read. */
  readonly read: number;
  /** Those that could not be. */
  readonly unread: number;
}

/** What is done to each bundle. */
export interface Visitor {
  /** Reads a bundle; throws what is wrong with it. */
  visit(bundle: string): void;
  /** Called for a bundle that could not be read. */
  skip(bundle: string, message: string): void;
}

/** Lets `visitor` read every bundle, and reports on standard error those it cannot. */
export async function visitBundles(
  bundles: readonly string[],
  io: CommandIo,
  visitor: Visitor,
): Promise<Visited> {
  const progress = new Progress(io, bundles.length, "bundles read");
  let unread = 0;
  for (const bundle of bundles) {
    try {
      visitor.visit(bundle);
    } catch (error) {
      const { message, exitCode } = describeError(
        new BundleError(bundle, error),
      );
      // A permission that is missing for one is the user's to give, as for all.
      // A path that is no bundle is reported, and the others are read.
      const isPath = error instanceof PathError;
      if (exitCode === EXIT.usage && !isPath || error instanceof TypeError) {
        throw error;
      }
      unread++;
      visitor.skip(bundle, message);
      await progress.aside(() => io.stderrLine(`error: ${message}`));
    }
    await progress.step();
  }
  progress.end();
  return { read: bundles.length - unread, unread };
}

/** How the program ends. */
export function exitOf({ read, unread }: Visited, isPartial: boolean): number {
  if (read === 0) return unread === 0 ? EXIT.noResult : EXIT.failed;
  return unread > 0 || isPartial ? EXIT.partial : EXIT.ok;
}
