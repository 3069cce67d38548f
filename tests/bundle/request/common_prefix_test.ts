/**
 * The comparison of prefixes against the plainest one there is.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { ByteBuffer } from "../../../lib/bundle/byte_buffer.ts";
import { PrefixComparer } from "../../../lib/bundle/request/common_prefix.ts";

function holding(
  bytes: Uint8Array,
  start: number,
  buffer = new ByteBuffer(),
): ByteBuffer {
  buffer.replaceFrom(start, bytes);
  return buffer;
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
  const comparer = new PrefixComparer();
  const [one, two] = [new ByteBuffer(), new ByteBuffer()];
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
    holding(a, x, one);
    holding(b, y, two);
    const found = comparer.commonPrefix(one, x, two, y, limit);
    assertEquals(found, expected, `round ${round}`);
  }
});

Deno.test("commonPrefix() finds the one byte that differs in a long text", () => {
  const size = 100_000;
  const text = Uint8Array.from({ length: size }, (_, i) => 32 + i * 7 % 90);
  for (const difference of [0, 1, 4095, 32_768, 32_775, 65_536, size - 1]) {
    for (const [x, y] of [[0, 0], [8, 16], [3, 8], [5, 5]] as const) {
      const comparer = new PrefixComparer();
      const other = text.slice();
      other[difference] = 0;
      const a = holding(text, x);
      const b = holding(other, y);
      // Often enough that the native comparison takes over.
      for (let bytes = 0; bytes < 30e6; bytes += size) {
        assertEquals(comparer.commonPrefix(a, x, b, y, size), difference);
      }
      assertEquals(comparer.commonPrefix(a, x, a, x, size), size);
    }
  }
});

Deno.test("hasAt() is exact at both ends, and beyond the end of the bytes", () => {
  const text = Uint8Array.from({ length: 3000 }, (_, i) => 32 + i * 7 % 90);
  const comparer = new PrefixComparer();
  for (const [at, end] of [[0, 3000], [1, 2999], [17, 1500], [9, 9]] as const) {
    const expected = text.slice(at, end);
    assertEquals(comparer.hasAt(text, at, expected), true);
    for (const difference of [0, 1100, expected.length - 1]) {
      if (difference >= expected.length || difference < 0) continue;
      const other = expected.slice();
      other[difference] = 0;
      assertEquals(comparer.hasAt(text, at, other), false);
    }
  }
  assertEquals(comparer.hasAt(text, 2, text), false);
});
