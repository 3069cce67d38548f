/**
 * Memory for the requests of a thread, in which they are compared many bytes at a time.
 *
 * A function of WebAssembly compares as fast as the system's own does, and is there in half a
 * millisecond; to load the runtime's native comparison takes five. But it sees its own memory
 * alone, so requests are read into that.
 *
 * @module
 */

import { ByteBuffer } from "../byte_buffer.ts";
import { COMMON_BLOCKS } from "./common_blocks.ts";
import type { ComparingMemory } from "./common_prefix.ts";

const PAGE_BYTES = 64 * 1024;

let compiled: WebAssembly.Module | undefined;

/** Compares places of its memory, counted from the start, in blocks of 64 bytes. */
type CommonBlocks = (a: number, b: number, limit: number) => number;

/** Buffers side by side in one memory. The last one grows with it, others move out. */
export class RequestMemory implements ComparingMemory {
  /** {@inheritDoc ComparingMemory.commonBlocks} */
  readonly commonBlocks: CommonBlocks;
  readonly #memory: WebAssembly.Memory;
  readonly #buffers: ByteBuffer[] = [];
  /** Where each buffer begins. */
  readonly #offsets: number[] = [];

  private constructor(
    memory: WebAssembly.Memory,
    commonBlocks: CommonBlocks,
    sizes: readonly number[],
  ) {
    this.#memory = memory;
    this.commonBlocks = commonBlocks;
    let offset = 0;
    sizes.forEach((size, index) => {
      const grow = (capacity: number) => this.#grow(index, capacity);
      const bytes = this.#view(offset, size);
      this.#offsets.push(offset);
      this.#buffers.push(ByteBuffer.within({ grow }, bytes));
      offset += size;
    });
  }

  /**
   * A memory with empty buffers; `undefined` where the engine or the system has none.
   *
   * @param sizes Bytes of each buffer, whole pages of 64 KiB.
   */
  static create(sizes: readonly number[]): RequestMemory | undefined {
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    // An engine that may not make code at run time has none of it.
    if (typeof WebAssembly === "undefined") return undefined;
    try {
      compiled ??= new WebAssembly.Module(bytesOf(COMMON_BLOCKS));
      const memory = new WebAssembly.Memory({ initial: bytes / PAGE_BYTES });
      const imports = { bundle: { memory } };
      const { exports } = new WebAssembly.Instance(compiled, imports);
      const commonBlocks = exports["commonBlocks"] as CommonBlocks;
      return new RequestMemory(memory, commonBlocks, sizes);
    } catch (error) {
      const isMissing = error instanceof WebAssembly.CompileError ||
        error instanceof RangeError;
      if (isMissing) return undefined;
      throw error;
    }
  }

  /** One of the buffers, in the order of their sizes. */
  buffer(index: number): ByteBuffer {
    const buffer = this.#buffers[index];
    if (buffer === undefined) throw new RangeError(`no buffer ${index}`);
    return buffer;
  }

  /** {@inheritDoc ComparingMemory.holds} */
  holds(bytes: Uint8Array): boolean {
    return bytes.buffer === this.#memory.buffer;
  }

  #grow(
    index: number,
    capacity: number,
  ): Uint8Array<ArrayBuffer> | undefined {
    if (index < this.#buffers.length - 1) return undefined;
    const offset = this.#offsets[index] ?? 0;
    const { byteLength } = this.#memory.buffer;
    const more = Math.ceil((offset + capacity - byteLength) / PAGE_BYTES);
    const stayed = this.#buffers.slice(0, index)
      .filter(({ bytes }) => this.holds(bytes));
    try {
      this.#memory.grow(more);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
    // To grow gives the memory a new buffer and takes the old one from every view.
    for (const buffer of stayed) buffer.lieIn(this.#viewOf(buffer));
    return this.#view(offset, this.#memory.buffer.byteLength - offset);
  }

  #viewOf(buffer: ByteBuffer): Uint8Array<ArrayBuffer> {
    const index = this.#buffers.indexOf(buffer);
    const start = this.#offsets[index] ?? 0;
    return this.#view(start, (this.#offsets[index + 1] ?? start) - start);
  }

  #view(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const { buffer } = this.#memory;
    // Of another kind are only memories that threads share.
    if (!(buffer instanceof ArrayBuffer)) throw new TypeError("shared memory");
    return new Uint8Array(buffer, offset, length);
  }
}

function bytesOf(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    { length: digits.length / 2 },
    (_, index) => parseInt(digits.slice(2 * index, 2 * index + 2), 16),
  );
}
