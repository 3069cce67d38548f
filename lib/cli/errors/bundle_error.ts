/**
 * Which bundle an error is about: errors of the library name only files inside a bundle.
 *
 * @module
 */

/** An error while a bundle was read; `cause` is that error. */
export class BundleError extends Error {
  override readonly name = "BundleError";
  /** The bundle, as the user named it. */
  readonly bundle: string;
  /** What to do about it, where more is known than from the cause. */
  readonly hint: string | undefined;

  /** Names the bundle; the message is that of `cause`. */
  constructor(bundle: string, cause: unknown, hint?: string) {
    super("a bundle cannot be read", { cause });
    this.bundle = bundle;
    this.hint = hint;
  }
}

/**
 * Runs `work` on a bundle and returns its result.
 *
 * @throws {BundleError} If `work` throws; with what `hint` returns for the error.
 */
export function withBundleContext<T>(
  bundle: string,
  work: () => T,
  hint: (error: unknown) => string | undefined = () => undefined,
): T {
  try {
    return work();
  } catch (error) {
    throw new BundleError(bundle, error, hint(error));
  }
}
