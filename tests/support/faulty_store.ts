/**
 * A store whose writes fail when they are told to, half-way where a disk would.
 *
 * @module
 */

import { type BundleStore, MemoryStore } from "../../lib/bundle/store.ts";

/** Fails the writes that `fails` picks, counted from 1; everything else works in memory. */
export class FaultyStore implements BundleStore {
  /** There is no folder. */
  readonly directory = undefined;
  /** What was written in spite of everything. */
  readonly memory = new MemoryStore();
  /** Writes so far, failed ones too. */
  writes = 0;
  readonly #fails: (write: number) => boolean;

  /** Truncation is no write: shrinking a file works on a full disk. */
  constructor(fails: (write: number) => boolean) {
    this.#fails = fails;
  }

  /** Makes a folder, or fails. */
  makeDirectory(name: string): void {
    this.#write(() => {});
    this.memory.makeDirectory(name);
  }

  /** Makes a file, or fails and leaves none. */
  createFile(name: string, content: Uint8Array): void {
    this.#write(() => {});
    this.memory.createFile(name, content);
  }

  /** Appends, or fails after half of it. */
  append(name: string, content: Uint8Array): void {
    const half = content.subarray(0, content.length / 2);
    this.#write(() => this.memory.append(name, half));
    this.memory.append(name, content);
  }

  /** Cuts a file. */
  truncate(name: string, length: number): void {
    this.memory.truncate(name, length);
  }

  /** Removes a file. */
  remove(name: string): void {
    this.memory.remove(name);
  }

  /** Nothing to give back. */
  rest(): void {}

  #write(damage: () => void): void {
    this.writes += 1;
    if (!this.#fails(this.writes)) return;
    damage();
    throw new Error(`write ${this.writes} failed`);
  }
}

/** Puts a bundle that is in memory into folder `directory`. */
export function saveBundle(memory: MemoryStore, directory: string): void {
  Deno.mkdirSync(`${directory}/payloads`, { recursive: true });
  for (const name of memory.names()) {
    const bytes = memory.bytes(name);
    if (bytes !== undefined) Deno.writeFileSync(`${directory}/${name}`, bytes);
  }
}
