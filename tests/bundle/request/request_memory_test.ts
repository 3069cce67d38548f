/**
 * Buffers that lie side by side in one memory, and what becomes of them as it grows.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { ByteBuffer } from "../../../lib/bundle/byte_buffer.ts";
import { RequestMemory } from "../../../lib/bundle/request/request_memory.ts";
import { MADE, translated } from "../../tools/wasm.ts";

const PAGE = 64 * 1024;

function memoryOf(...sizes: number[]): RequestMemory {
  const memory = RequestMemory.create(sizes);
  assert(memory !== undefined);
  return memory;
}

function filled(length: number, first: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => first + i % 7);
}

function held(buffer: ByteBuffer): Uint8Array {
  assertEquals(buffer.bytes[buffer.length], 0);
  assertEquals(buffer.words.length, buffer.bytes.length / 8);
  return buffer.from(0).slice();
}

function lieTogether(...buffers: ByteBuffer[]): boolean {
  return new Set(buffers.map(({ bytes }) => bytes.buffer)).size === 1;
}

Deno.test("the last buffer grows with the memory, and all keep what they hold", () => {
  const memory = memoryOf(PAGE, PAGE, PAGE);
  const [a, b, c] = [memory.buffer(0), memory.buffer(1), memory.buffer(2)];
  a.replaceFrom(0, filled(PAGE - 1, 10));
  b.replaceFrom(0, filled(5, 20));
  for (const size of [10, PAGE, 3 * PAGE, 40 * PAGE, 7]) {
    c.replaceFrom(0, filled(size, 30));
    assert(lieTogether(a, b, c), `${size}`);
    assertEquals(held(a), filled(PAGE - 1, 10));
    assertEquals(held(b), filled(5, 20));
    assertEquals(held(c), filled(size, 30));
  }
});

Deno.test("a buffer that needs more than its place moves out, and the others stay", () => {
  const memory = memoryOf(PAGE, PAGE, PAGE);
  const [a, b, c] = [memory.buffer(0), memory.buffer(1), memory.buffer(2)];
  b.replaceFrom(0, filled(100, 20));
  a.replaceFrom(0, filled(PAGE, 10));
  assert(!lieTogether(a, b) && lieTogether(b, c));
  c.replaceFrom(0, filled(9 * PAGE, 30));
  assert(!lieTogether(a, b) && lieTogether(b, c));
  assertEquals(held(a), filled(PAGE, 10));
  assertEquals(held(b), filled(100, 20));
  a.replaceFrom(PAGE, filled(50, 40));
  assertEquals(a.length, PAGE + 50);
});

Deno.test("what one buffer takes from another comes along when the memory grows", () => {
  const memory = memoryOf(2 * PAGE, PAGE);
  const [a, b] = [memory.buffer(0), memory.buffer(1)];
  a.replaceFrom(0, filled(2 * PAGE - 1, 10));
  b.replaceFrom(0, filled(3, 20));
  b.copyFrom(3, a, 7);
  assert(lieTogether(a, b));
  const expected = [...filled(3, 20), ...filled(2 * PAGE - 1, 10).slice(7)];
  assertEquals(held(b), Uint8Array.from(expected));
});

Deno.test("commonBlocks() tells whole blocks up to the first that differs", () => {
  const memory = memoryOf(PAGE, PAGE);
  const [a, b] = [memory.buffer(0), memory.buffer(1)];
  for (let at = 0; at < 300; at++) {
    a.replaceFrom(0, filled(300, 1));
    b.replaceFrom(0, filled(300, 1));
    const { bytes } = b;
    bytes[at] = 0;
    for (const limit of [0, 1, 63, 64, 65, 128, 300]) {
      const blocks = Math.floor(Math.min(at, limit) / 64) * 64;
      const found = memory.commonBlocks(0, bytes.byteOffset, limit);
      assertEquals(found, blocks, `${at} of ${limit}`);
    }
  }
});

Deno.test("the comparison is what its text form says", async () => {
  assertEquals(
    Deno.readTextFileSync(MADE),
    await translated(),
    "run `deno task wasm`",
  );
});
