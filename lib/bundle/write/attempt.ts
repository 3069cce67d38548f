/**
 * For cleaning up after an error that matters more than one of the cleaning.
 *
 * @module
 */

/** Does something. @returns Whether it did not throw. */
export function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
