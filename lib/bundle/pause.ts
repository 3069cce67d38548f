/**
 * Waits without a promise: reading and writing bundles is synchronous.
 *
 * @module
 */

/** Stops this thread for as many milliseconds. */
export function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
