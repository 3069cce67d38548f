/**
 * A command line that cannot be run.
 *
 * @module
 */

/** The command line has to change: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** What to do about it, one line. */
  readonly hint: string | undefined;
  /** The usage of the command, one line, once the command is known. */
  readonly usage: string | undefined;

  /** `message` is what is wrong, `hint` what to do. */
  constructor(message: string, hint?: string, usage?: string) {
    super(message);
    this.hint = hint;
    this.usage = usage;
  }

  /** The same error with the usage of the command. */
  withUsage(usage: string): UsageError {
    return new UsageError(this.message, this.hint, usage);
  }
}
