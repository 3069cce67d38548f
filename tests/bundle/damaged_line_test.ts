import { assert, assertEquals } from "@std/assert";
import { searchDamagedLine } from "../../lib/bundle/log/damaged_line.ts";

const FIRST = '{"schema_version":2,"seq":1,"text":"a \\" } { \\\\"}';
const SECOND = '{"schema_version":2,"seq":2,"list":[{"a":{}}]}';

function search(line: string) {
  const { events, nuls } = searchDamagedLine(line, (text) => {
    try {
      return Number(JSON.parse(text).seq);
    } catch {
      return undefined;
    }
  });
  return [...events, nuls];
}

Deno.test("a line of NUL bytes has no event, and its length in bytes is counted", () => {
  const after = ": the machine went down while the recorder wrote";
  assertEquals(search("\0".repeat(4096)), [`4,096 NUL bytes${after}`]);
  assertEquals(search(`${FIRST}\0`), [1, `1 NUL byte${after}`]);
  assertEquals(search(`\0\0${FIRST}\0`), [1, `3 NUL bytes${after}`]);
  assertEquals(search(`${FIRST}\0${SECOND}`), [1, 2, `1 NUL byte${after}`]);
});

Deno.test("a complete event behind a torn one is found, wherever the other was torn", () => {
  for (let length = 0; length < FIRST.length; length++) {
    const torn = FIRST.slice(0, length);
    assertEquals(search(torn + SECOND), [2, null], torn);
  }
});

Deno.test("a complete event before a torn one is found, wherever the other was torn", () => {
  for (let length = 1; length < SECOND.length; length++) {
    const torn = SECOND.slice(0, length);
    assertEquals(search(FIRST + torn), [1, null], torn);
    assertEquals(search(FIRST + torn + SECOND), [1, 2, null], torn);
  }
});

Deno.test("a line of many torn events, or of events inside others, takes linear work", () => {
  const start = '{"schema_version":';
  for (
    const line of [
      start.repeat(1000),
      `${start.repeat(1000)}1${"}".repeat(1000)}`,
    ]
  ) {
    let decoded = 0;
    searchDamagedLine(line, (text) => void (decoded += text.length));
    assert(decoded <= 8 * line.length, `${decoded} of ${line.length}`);
  }
});
