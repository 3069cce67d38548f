/**
 * A command that is worth running next.
 *
 * @module
 */

/** A command that is worth running next. */
export interface Suggestion {
  /** Name of the command, such as `explain`. */
  readonly command: string;
  /** Its arguments after the bundle. */
  readonly args: readonly string[];
  /** What it prints, in a few words. */
  readonly reason: string;
}
