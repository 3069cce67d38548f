/**
 * An error of a worker: what it reported arrives, its class does not.
 *
 * @module
 */

/** An error with all that the program reports of it. */
export class ReportedError extends Error {
  override readonly name = "ReportedError";
  /** What to do about it. */
  readonly hint: string | undefined;
  /** The exit code of the program. */
  readonly exitCode: number;

  /** The error that a worker reported. */
  constructor(
    { message, hint, exitCode }: {
      readonly message: string;
      readonly hint: string | undefined;
      readonly exitCode: number;
    },
  ) {
    super(message);
    this.hint = hint;
    this.exitCode = exitCode;
  }
}
