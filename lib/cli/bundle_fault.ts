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

  /** Says no more than which bundle. */
  constructor(bundle: string, cause: unknown) {
    super("a bundle cannot be read", { cause });
    this.bundle = bundle;
  }
}

/** Runs `work` on a bundle; a failure tells which bundle it was. */
export function about<T>(bundle: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new BundleFault(bundle, error);
  }
}
