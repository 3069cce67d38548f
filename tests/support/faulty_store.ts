/**
 * A store whose writes fail when they are told to, half-way where a disk would.
 *
 * @module
 */

import { type BundleStore, MemoryStore } from "../../lib/bundle/write/store.ts";

/** Fails the writes that `fails` picks, counted from 1; everything else works in memory. */
export class FaultyStore implements BundleStore {
  /** There is no folder. */
  readonly directory = undefined;
  /** What was written in spite of everything. */
  readonly memory = new MemoryStore();
  /** Writes so far, failed ones too. */
  writes = 0;
  /** Failed writes so far. */
  faults = 0;
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
    this.faults += 1;
    damage();
    throw new Error(`write ${this.writes} failed`);
  }
}

/** A folder that holds one bundle after another; only what differs is written. */
export class BundleFolder {
  /** The folder. */
  readonly directory: string = Deno.makeTempDirSync();
  #held = new Map<string, string>();

  /** Makes the folder hold the bundle that is in memory. */
  hold(memory: MemoryStore): void {
    Deno.mkdirSync(`${this.directory}/payloads`, { recursive: true });
    const held = new Map<string, string>();
    for (const name of memory.names()) {
      const text = memory.text(name) ?? "";
      held.set(name, text);
      if (this.#held.get(name) !== text) {
        Deno.writeTextFileSync(`${this.directory}/${name}`, text);
      }
      this.#held.delete(name);
    }
    for (const name of this.#held.keys()) {
      Deno.removeSync(`${this.directory}/${name}`);
    }
    this.#held = held;
  }

  /** Removes the folder. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.directory, { recursive: true });
  }
}
