/**
 * Which bundle a failure is about: errors of the library name files inside a bundle only.
 *
 * @module
 */

/** A failure while a bundle was read; `cause` is the failure. */
export class BundleFault extends Error {
  override readonly name = "BundleFault";
  /** The bundle, as the user named it. */
  readonly bundle: string;
  /** What to do about it, where more is known than the failure itself tells. */
  readonly hint: string | undefined;

  /** Says no more than which bundle. */
  constructor(bundle: string, cause: unknown, hint?: string) {
    super("a bundle cannot be read", { cause });
    this.bundle = bundle;
    this.hint = hint;
  }
}

/** Runs `work` on a bundle; a failure tells which bundle it was, and `hint` what may help. */
export function about<T>(
  bundle: string,
  work: () => T,
  hint: (error: unknown) => string | undefined = () => undefined,
): T {
  try {
    return work();
  } catch (error) {
    throw new BundleFault(bundle, error, hint(error));
  }
}
