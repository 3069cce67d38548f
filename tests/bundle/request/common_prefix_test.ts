/**
 * The comparison of prefixes against the plainest one there is.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { ByteBuffer } from "../../../lib/bundle/byte_buffer.ts";
import { PrefixComparer } from "../../../lib/bundle/request/common_prefix.ts";
import { RequestMemory } from "../../../lib/bundle/request/request_memory.ts";

const PAGE = 64 * 1024;

function holding(
  bytes: Uint8Array,
  start: number,
  buffer = new ByteBuffer(),
): ByteBuffer {
  buffer.replaceFrom(start, bytes);
  return buffer;
}

/** A comparer, and two buffers in storage of each kind. */
function kinds(): {
  name: string;
  comparer: PrefixComparer;
  buffers: [ByteBuffer, ByteBuffer];
}[] {
  const memory = RequestMemory.create([4 * PAGE, 4 * PAGE]);
  assert(memory !== undefined);
  return [{
    name: "ordinary",
    comparer: new PrefixComparer(),
    buffers: [new ByteBuffer(), new ByteBuffer()],
  }, {
    name: "one memory",
    comparer: new PrefixComparer({ memory }),
    buffers: [memory.buffer(0), memory.buffer(1)],
  }, {
    name: "a memory and another",
    comparer: new PrefixComparer({ memory }),
    buffers: [memory.buffer(0), new ByteBuffer()],
  }];
}

function plainPrefix(a: Uint8Array, b: Uint8Array, limit: number): number {
  let length = 0;
  while (length < limit && a[length] === b[length]) length++;
  return length;
}

Deno.test("commonPrefix() is exact for all bytes, at every place and length", () => {
  let seed = 20261125;
  const below = (n: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * n);
  };
  // Words of these are 0, -0, NaN, infinite, and ordinary numbers.
  const BYTES = [0x00, 0x80, 0xff, 0x7f, 0xf0, 0xf8, 0x41];
  const places = kinds();
  for (let round = 0; round < 3000; round++) {
    const different = 1 + below(BYTES.length);
    const a = Uint8Array.from(
      { length: 1 + below(round % 2 === 0 ? 90 : 400) },
      () => BYTES[below(different)] ?? 0,
    );
    const b = a.slice();
    if (below(4) > 0) b[below(b.length)] = BYTES[below(BYTES.length)] ?? 0;
    const limit = below(a.length + 1);
    const [x, y] = [below(10), below(10)];
    const expected = plainPrefix(a, b, limit);
    for (const { name, comparer, buffers: [one, two] } of places) {
      holding(a, x, one);
      holding(b, y, two);
      const found = comparer.commonPrefix(one, x, two, y, limit);
      assertEquals(found, expected, `round ${round}, ${name}`);
    }
  }
});

Deno.test("commonPrefix() finds the one byte that differs in a long text", () => {
  const size = 100_000;
  const text = Uint8Array.from({ length: size }, (_, i) => 32 + i * 7 % 90);
  for (const difference of [0, 1, 4095, 32_768, 32_775, 65_536, size - 1]) {
    for (const [x, y] of [[0, 0], [8, 16], [3, 8], [5, 5]] as const) {
      for (const { name, comparer, buffers: [one, two] } of kinds()) {
        const other = text.slice();
        other[difference] = 0;
        const a = holding(text, x, one);
        const b = holding(other, y, two);
        assertEquals(a.bytes.buffer === b.bytes.buffer, name === "one memory");
        const found = () => comparer.commonPrefix(a, x, b, y, size);
        // Often enough that the native comparison takes over.
        for (let bytes = 0; bytes < 30e6; bytes += size) {
          assertEquals(found(), difference, name);
        }
        assertEquals(comparer.commonPrefix(a, x, a, x, size), size, name);
      }
    }
  }
});
