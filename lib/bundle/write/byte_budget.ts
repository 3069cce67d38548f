/**
 * The bytes of a bundle on disk, counted against their limit.
 *
 * @module
 */

/** Which part of the limit payloads leave to events. */
const RESERVED_FRACTION = 1 / 8;
/** Bytes that payloads leave to events at most. */
const MAX_RESERVE = 256 * 1024;

/**
 * Counts the manifest, the log and the payloads of one bundle.
 *
 * Payloads leave a part of the limit to events: a bundle with omitted payloads shows more of a
 * session than one whose log ends early.
 */
export class ByteBudget {
  /** How many bytes the bundle may have; infinite when it has no limit. */
  readonly max: number;
  readonly #maxWithPayload: number;
  #used = 0;

  /** Nothing is used at first. */
  constructor(max: number = Infinity) {
    this.max = max;
    const reserve = Math.min(Math.ceil(max * RESERVED_FRACTION), MAX_RESERVE);
    this.#maxWithPayload = max - reserve;
  }

  /** Whether an event of so many bytes fits. */
  hasRoom(bytes: number): boolean {
    return this.#used + bytes <= this.max;
  }

  /** Whether a payload fits that takes so many bytes on disk. */
  hasRoomForPayload(bytes: number): boolean {
    return this.#used + bytes <= this.#maxWithPayload;
  }

  /** Counts bytes that were written, or that are no longer there when negative. */
  add(bytes: number): void {
    this.#used += bytes;
  }
}
