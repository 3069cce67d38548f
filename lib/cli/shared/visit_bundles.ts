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
export interface Visitor<T> {
  /** Reads a bundle; throws what is wrong with it. */
  visit(bundle: string): T;
  /** Prints what a visit returned, if that was anything; returns whether another is wanted. */
  print?(read: NonNullable<T>): Promise<boolean>;
  /** Called for a bundle that could not be read. */
  skip(bundle: string, message: string): void;
}

/** Lets `visitor` read every bundle, and reports on standard error those it cannot. */
export async function visitBundles<T>(
  bundles: readonly string[],
  io: CommandIo,
  visitor: Visitor<T>,
): Promise<Visited> {
  const progress = new Progress(io, bundles.length, "bundles read");
  let read = 0;
  let unread = 0;
  for (const bundle of bundles) {
    const found = attempt(() => visitor.visit(bundle), bundle);
    await progress.step();
    if (found.type === "fault") {
      unread++;
      visitor.skip(bundle, found.message);
      await progress.aside(() => io.stderrLine(`error: ${found.message}`));
      continue;
    }
    read++;
    const { value } = found;
    if (value === undefined || value === null) continue;
    if (await progress.aside(() => visitor.print?.(value)) === false) break;
  }
  progress.end();
  return { read, unread };
}

/** How a visit ended. */
type Attempt<T> =
  | { readonly type: "read"; readonly value: T }
  | { readonly type: "fault"; readonly message: string };

function attempt<T>(visit: () => T, bundle: string): Attempt<T> {
  try {
    return { type: "read", value: visit() };
  } catch (error) {
    const { message, exitCode } = describeError(new BundleError(bundle, error));
    // A permission that is missing for one is the user's to give, as for all.
    // A path that is no bundle is reported, and the others are read.
    const isPath = error instanceof PathError;
    if (exitCode === EXIT.usage && !isPath || error instanceof TypeError) {
      throw error;
    }
    return { type: "fault", message };
  }
}

/** How the program ends. */
export function exitOf({ read, unread }: Visited, isPartial: boolean): number {
  if (read === 0) return unread === 0 ? EXIT.noResult : EXIT.failed;
  return unread > 0 || isPartial ? EXIT.partial : EXIT.ok;
}
