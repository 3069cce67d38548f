/**
 * The request windows of all threads, within bounded memory.
 *
 * A thread without a window loses nothing but time: its next request is parsed whole.
 *
 * @module
 */

import type { ThreadId } from "../../format/ids.ts";
import { MEMORY_FROM, MemoryPlace, OrdinaryPlaces } from "./request_place.ts";
import { RequestWindowState } from "./request_window.ts";

/** Most bytes that all windows may keep, the one in use aside. */
const MOST_BYTES = 128 * 1024 * 1024;
/** Most memories at a time: each takes some gigabytes of addresses, of which few are used. */
const MOST_MEMORIES = 16;
/** A memory with a larger home is not kept for another thread. */
const MOST_SPARE_BYTES = 4 * 1024 * 1024;

/** A thread's window, and the place in a memory that it has, if it has one. */
interface Kept {
  readonly window: RequestWindowState;
  memory: MemoryPlace | undefined;
}

/** Keeps the windows that were used last. */
export class RequestWindows {
  readonly #share: boolean;
  readonly #memoryFrom: number;
  /** The one used last is the last one. */
  readonly #windows: Map<ThreadId, Kept> = new Map();
  readonly #ordinary: OrdinaryPlaces = new OrdinaryPlaces();
  /** Memories of threads that are gone. */
  readonly #spare: MemoryPlace[] = [];
  /** Those that are in use or spare. */
  #memories = 0;
  /** Whether there was none to be had. */
  #isOut = false;
  /** What all windows keep. */
  #bytes = 0;
  /** What all requests had so far that were kept. */
  #read = 0;

  /** Without `share`, nothing is kept. After `memoryFrom` bytes, memories are worth it. */
  constructor(share: boolean, memoryFrom: number = MEMORY_FROM) {
    this.#share = share;
    this.#memoryFrom = memoryFrom;
  }

  /** How many memories there are. */
  get memories(): number {
    return this.#memories;
  }

  /** Works with the window of a thread, an empty one if none is kept. */
  use<T>(thread: ThreadId, work: (window: RequestWindowState) => T): T {
    const kept = this.#take(thread) ?? this.#open();
    if (!this.#share) return work(kept.window);
    try {
      if (this.#read >= this.#memoryFrom) this.#moveToMemory(kept);
      const result = work(kept.window);
      this.#read += kept.window.read;
      return result;
    } finally {
      this.#keep(thread, kept);
    }
  }

  /** Forgets the window of a thread. */
  delete(thread: ThreadId): void {
    const kept = this.#take(thread);
    if (kept !== undefined) this.#release(kept);
  }

  #open(): Kept {
    const window = new RequestWindowState(this.#ordinary.next());
    return { window, memory: undefined };
  }

  #moveToMemory(kept: Kept): void {
    if (kept.memory !== undefined) return;
    kept.memory = this.#spare.pop() ?? this.#newMemory();
    if (kept.memory !== undefined) kept.window.moveTo(kept.memory);
  }

  #newMemory(): MemoryPlace | undefined {
    if (this.#isOut || this.#memories === MOST_MEMORIES) return undefined;
    const place = MemoryPlace.create();
    if (place === undefined) this.#isOut = true;
    else this.#memories++;
    return place;
  }

  #take(thread: ThreadId): Kept | undefined {
    const kept = this.#windows.get(thread);
    if (kept === undefined) return undefined;
    this.#bytes -= sizeOf(kept);
    this.#windows.delete(thread);
    return kept;
  }

  #release({ memory }: Kept): void {
    if (memory === undefined) return;
    const isReusable = memory.isWhole &&
      memory.home.bytes.length <= MOST_SPARE_BYTES;
    if (isReusable) this.#spare.push(memory);
    else this.#memories--;
  }

  #keep(thread: ThreadId, kept: Kept): void {
    this.#windows.set(thread, kept);
    this.#bytes += sizeOf(kept);
    for (const oldest of this.#windows.keys()) {
      if (this.#bytes <= MOST_BYTES || oldest === thread) return;
      this.delete(oldest);
    }
  }
}

function sizeOf({ window, memory }: Kept): number {
  return window.size + (memory?.size ?? 0);
}
