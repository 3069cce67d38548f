/**
 * Work on one bundle that does not stop the work on others.
 *
 * @module
 */

import { PathError } from "../../access/path_error.ts";
import { EXIT } from "../../command.ts";
import { BundleError } from "../../errors/bundle_error.ts";
import { describeError } from "../../errors/describe_error.ts";

/** What became of the work on a bundle. */
export type Attempt<T> =
  | { readonly type: "read"; readonly value: T }
  /** The bundle cannot be read. */
  | { readonly type: "fault"; readonly message: string };

/** Works on a bundle; throws only what is about all bundles, such as a missing permission. */
export function attempt<T>(bundle: string, work: () => T): Attempt<T> {
  try {
    return { type: "read", value: work() };
  } catch (error) {
    const { message, exitCode } = describeError(new BundleError(bundle, error));
    // A permission that is missing for one is the user's to give, as for all. What a scan found in
    // one may be in the output of all.
    // A path that is no bundle is reported, and the others are read.
    const isPath = error instanceof PathError;
    const isOfAll = exitCode === EXIT.usage && !isPath ||
      exitCode === EXIT.partial;
    if (isOfAll || error instanceof TypeError) throw error;
    return { type: "fault", message };
  }
}
