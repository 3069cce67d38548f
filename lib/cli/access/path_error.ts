/**
 * A path on the command line that is no bundle, or that cannot be read.
 *
 * @module
 */

/** Why a path is not opened. */
export type PathFault =
  /** It is something else than the command opens: exit code 2. */
  | "wrong kind"
  /** It does not exist, or the system denies access: exit code 4. */
  | "unreadable";

/** A path that is not opened; the message names it. */
export class PathError extends Error {
  override readonly name = "PathError";
  /** Why. */
  readonly fault: PathFault;
  /** What to do about it, one line. */
  readonly hint: string | undefined;

  /** `message` names the path and what is wrong with it. */
  constructor(fault: PathFault, message: string, hint?: string) {
    super(message);
    this.fault = fault;
    this.hint = hint;
  }
}

/** Where the right path is found. */
export const LIST_HINT =
  "rollout-trace list ROOT lists the bundles below a directory";

/** The hint for a path where nothing is. */
export const MISSING_HINT = `is the path correct? ${LIST_HINT}`;
