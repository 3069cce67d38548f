/**
 * The one argument that most commands take.
 *
 * @module
 */

import { UsageError } from "./usage_error.ts";

/** The one bundle that a command is called for. */
export function onlyBundle(
  positionals: readonly string[],
  command: string,
): string {
  const [bundle, extra] = positionals;
  if (bundle === undefined || bundle === "") {
    throw new UsageError(
      "which bundle?",
      "name the folder that holds manifest.json",
    );
  }
  if (extra !== undefined) {
    throw new UsageError(
      `${command} takes one bundle at a time`,
      "call it once for each",
    );
  }
  return bundle;
}
