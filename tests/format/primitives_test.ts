import { assertEquals } from "@std/assert";
import { type IntegerRange, toInteger } from "../../lib/format/integers.ts";
import { sha256Hex } from "../../lib/format/sha256.ts";
import { compareUtf8, sortUtf8 } from "../../lib/format/json/utf8_order.ts";

Deno.test("sha256Hex() returns the published hashes", () => {
  assertEquals(
    sha256Hex(""),
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
  assertEquals(
    sha256Hex("abc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  assertEquals(
    sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  );
});

Deno.test("sha256Hex() agrees with the platform for every length around a block", async () => {
  for (let length = 0; length < 200; length++) {
    const text = "é".repeat(length >> 2) + "x".repeat(length - (length >> 2));
    const bytes = new TextEncoder().encode(text);
    const digest = await crypto.subtle.digest("SHA-256", bytes);
    assertEquals(sha256Hex(text), new Uint8Array(digest).toHex());
  }
});

Deno.test("compareUtf8() orders strings as their bytes", () => {
  const texts = [
    "",
    "a",
    "ab",
    "b",
    "\u00e9",
    "\ud7ff",
    "\ue000",
    "\uffff",
    "\u{10000}",
    "\u{10000}a",
    "\u{10001}",
    "item:10",
    "item:2",
    "item:2\u{1f600}",
    "item:2\uff5e",
  ];
  const encoder = new TextEncoder();
  const byBytes = (a: string, b: string) => {
    const x = encoder.encode(a);
    const y = encoder.encode(b);
    const i = x.findIndex((byte, at) => byte !== y[at]);
    return i < 0 ? x.length - y.length : (x[i] ?? -1) - (y[i] ?? -1);
  };
  for (const a of texts) {
    for (const b of texts) {
      assertEquals(
        Math.sign(compareUtf8(a, b)),
        Math.sign(byBytes(a, b)),
        `${a} ${b}`,
      );
    }
  }
  assertEquals(sortUtf8([...texts].reverse()), [...texts].sort(byBytes));
  assertEquals(sortUtf8(["item:2", "item:10"]), ["item:10", "item:2"]);
});

Deno.test("toInteger() takes integer spellings within the range, exactly", () => {
  const cases: [string, IntegerRange, number | bigint | undefined][] = [
    ["0", "u64", 0],
    ["-0", "u64", 0],
    ["-1", "u64", undefined],
    ["9007199254740991", "u64", 9007199254740991],
    ["9007199254740993", "u64", 9007199254740993n],
    ["18446744073709551615", "u64", 18446744073709551615n],
    ["18446744073709551616", "u64", undefined],
    ["9223372036854775807", "i64", 9223372036854775807n],
    ["9223372036854775808", "i64", undefined],
    ["-9223372036854775808", "i64", -9223372036854775808n],
    ["-9223372036854775809", "i64", undefined],
    ["4294967295", "u32", 4294967295],
    ["4294967296", "u32", undefined],
    ["2147483647", "i32", 2147483647],
    ["2147483648", "i32", undefined],
    ["-2147483648", "i32", -2147483648],
    ["-2147483649", "i32", undefined],
    ["1.0", "u64", undefined],
    ["1e+3", "u64", undefined],
    ["1".repeat(30), "u64", undefined],
  ];
  for (const [spelling, range, value] of cases) {
    assertEquals(toInteger(spelling, range), value, `${spelling} ${range}`);
  }
});
