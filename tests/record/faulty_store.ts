/**
 * Stores whose writes fail when a test requests it, half-way where a disk would fail so.
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
  releaseHandles(): void {}

  #write(damage: () => void): void {
    this.writes += 1;
    if (!this.#fails(this.writes)) return;
    this.faults += 1;
    damage();
    throw new Error(`write ${this.writes} failed`);
  }
}

/**
 * A store of a process that is killed after some writes, or within the next one: what arrives later
 * has no effect.
 */
export class KilledStore implements BundleStore {
  /** There is no folder. */
  readonly directory = undefined;
  /** What was written before. */
  readonly memory = new MemoryStore();
  /** Writes so far, those without effect too. */
  writes = 0;
  readonly #lastWrite: number;

  /** `lastWrite` is the last write that has an effect; half of the next append has one as well. */
  constructor(lastWrite: number) {
    this.#lastWrite = lastWrite;
  }

  /** Makes a folder. */
  makeDirectory(name: string): void {
    this.#write(() => this.memory.makeDirectory(name));
  }

  /** Makes a file. */
  createFile(name: string, content: Uint8Array): void {
    this.#write(() => this.memory.createFile(name, content));
  }

  /** Appends to a file. */
  append(name: string, content: Uint8Array): void {
    const half = content.subarray(0, content.length / 2);
    this.#write(
      () => this.memory.append(name, content),
      () => this.memory.append(name, half),
    );
  }

  /** Cuts a file. */
  truncate(name: string, length: number): void {
    this.#write(() => this.memory.truncate(name, length));
  }

  /** Removes a file. */
  remove(name: string): void {
    this.#write(() => this.memory.remove(name));
  }

  /** Nothing to give back. */
  releaseHandles(): void {}

  #write(full: () => void, half: () => void = () => {}): void {
    this.writes += 1;
    if (this.writes <= this.#lastWrite) full();
    else if (this.writes === this.#lastWrite + 1) half();
  }
}

/** A folder that holds one bundle after another; only what differs is written. */
export class BundleFolder {
  /** The folder. */
  readonly directory: string = Deno.makeTempDirSync();
  #held = new Map<string, Uint8Array>();

  /** Makes the folder hold the bundle that is in memory. */
  hold(memory: MemoryStore): void {
    Deno.mkdirSync(`${this.directory}/payloads`, { recursive: true });
    const held = new Map<string, Uint8Array>();
    for (const name of memory.names()) {
      const bytes = memory.bytes(name) ?? new Uint8Array();
      held.set(name, bytes);
      if (!isEqual(this.#held.get(name), bytes)) {
        Deno.writeFileSync(`${this.directory}/${name}`, bytes);
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

function isEqual(held: Uint8Array | undefined, bytes: Uint8Array): boolean {
  return held?.length === bytes.length &&
    held.every((byte, i) => byte === bytes[i]);
}
