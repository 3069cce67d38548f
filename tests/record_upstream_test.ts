import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { TESTDATA } from "./support/paths.ts";
import { rerecord } from "./support/rerecord.ts";

/** Bundles whose payloads Codex wrote in the order of their events. */
const CASES = [
  "0.164.0-agents_v2",
  "0.164.0-code_mode",
  "0.164.0-compact_remote_manual",
  "0.164.0-dup_call_id",
  "0.164.0-shell",
  "0.164.0-stdin_session",
  "0.164.0-stream_drop",
  "0.169.0-agents_v2",
  "0.169.0-code_mode",
  "0.169.0-compact_remote_manual",
  "0.169.0-dup_call_same_response",
  "0.169.0-hello",
  "0.169.0-stdin_session",
  "0.169.0-view_image",
];

for (const name of CASES) {
  Deno.test(`contexts record ${name} once more as Codex did, byte for byte`, () => {
    const directory = join(TESTDATA, "upstream", name, "bundle");
    const original = (file: string) =>
      Deno.readTextFileSync(join(directory, file));
    const store = rerecord(directory);
    for (const file of ["manifest.json", "trace.jsonl"]) {
      assertEquals(store.text(file), original(file));
    }
    const payloads = [...Deno.readDirSync(join(directory, "payloads"))];
    assertEquals(store.names().length, 2 + payloads.length);
    for (const { name: file } of payloads) {
      // Numbers that JavaScript spells otherwise (6.5e-6) are the same numbers.
      const text = JSON.stringify(
        JSON.parse(original(`payloads/${file}`)),
        null,
        2,
      );
      assertEquals(store.text(`payloads/${file}`), text);
    }
  });
}
