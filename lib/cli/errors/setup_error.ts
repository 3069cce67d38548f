/**
 * A checkout that lacks what a command needs.
 *
 * @module
 */

/** Something that the command needs has not been built yet: exit code 2. */
export class SetupError extends Error {
  override readonly name = "SetupError";
  /** What to do about it, one line. */
  readonly hint: string;

  /** `message` is what is missing, `hint` what to do. */
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
