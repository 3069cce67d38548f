import { assertEquals, assertThrows } from "@std/assert";
import { DecodeError } from "../../lib/format/decode/decode.ts";
import { decodeManifest } from "../../lib/format/manifest.ts";

const MANIFEST = {
  schema_version: 2,
  trace_id: "t",
  rollout_id: "r",
  root_thread_id: "T",
  started_at_unix_ms: -9,
  raw_event_log: "trace.jsonl",
  payloads_dir: "payloads",
};
const TEXT = JSON.stringify(MANIFEST, null, 2);

Deno.test("decodeManifest() reads the seven keys, as object or array, and ignores others", () => {
  assertEquals(decodeManifest(TEXT), MANIFEST);
  assertEquals(decodeManifest(JSON.stringify(MANIFEST)), MANIFEST);
  assertEquals(
    decodeManifest(JSON.stringify(Object.values(MANIFEST))),
    MANIFEST,
  );
  const deep = "[".repeat(500) + "]".repeat(500);
  for (const extra of ['"z":1,"z":2', '"z":"\\ud800"', `"z":${deep}`]) {
    assertEquals(decodeManifest(TEXT.replace("{", `{${extra},`)), MANIFEST);
  }
  assertEquals(
    decodeManifest(TEXT.replace("-9", "9223372036854775807")),
    { ...MANIFEST, started_at_unix_ms: 9223372036854775807n },
  );
});

Deno.test("decodeManifest() names what is wrong", () => {
  const wrong: [string, string, string][] = [
    ["{", '{"trace_id":"q",', "trace_id: key occurs more than once"],
    ['"payloads"', "null", "payloads_dir: expected a string, found null"],
    ["-9", "-0", "started_at_unix_ms: expected an integer (i64)"],
    ["-9", "1.0", "started_at_unix_ms: expected an integer (i64)"],
    ["2", "4294967296", "schema_version: expected an integer (u32)"],
    ['"trace_id"', '"traceid"', "trace_id: key is missing"],
    ["}", "} x", "unexpected text after the value at line 9 column 3"],
    ["{", "\ufeff{", "expected a value at line 1 column 1"],
    ["}", "", "text ends too early at line 9 column 1"],
  ];
  for (const [from, to, message] of wrong) {
    const text = TEXT.replace(from, to);
    const error = assertThrows(() => decodeManifest(text), DecodeError);
    assertEquals(error.message, message);
  }
});
