/**
 * Real bundles recorded once more through our contexts: what Codex wrote, byte for byte.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { rerecord } from "../support/bundles/host/rerecord.ts";
import { TESTDATA } from "../support/paths.ts";
import { readShard } from "../support/bundles/shards.ts";

/** Bundles of earlier schemas whose payloads Codex wrote in the order of their events. */
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

/**
 * Bundles of 0.171.0 that cannot be recorded once more: those under limits lack what a host
 * had, and in the others payloads are in another order than their events, an aborted call has
 * no result, or a thread is of an earlier bundle.
 */
const NOT_AGAIN =
  /[.]limit_|-(lim_|tot_|agents_v2_two|interrupt_tool|.*_resume-2)/;

const SHARDED = [...Deno.readDirSync(join(TESTDATA, "upstream"))]
  .map(({ name }) => name)
  .filter((name) => name.startsWith("0.171.0-") && !NOT_AGAIN.test(name));

/** JSON with numbers as JavaScript spells them: 6.5e-6 may be spelled in other ways. */
function respelled(json: string, indent?: number): string {
  return JSON.stringify(JSON.parse(json), null, indent);
}

function contentOf(shard: Uint8Array): [id: string, data: string][] {
  return readShard(shard).records.map(({ id, data }) => [
    id,
    respelled(new TextDecoder().decode(data)),
  ]);
}

for (const name of [...CASES, ...SHARDED]) {
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
    for (const payload of payloads) {
      const file = `payloads/${payload.name}`;
      if (file.endsWith(".zst")) {
        assertEquals(
          contentOf(store.bytes(file) ?? new Uint8Array()),
          contentOf(Deno.readFileSync(join(directory, file))),
        );
      } else assertEquals(store.text(file), respelled(original(file), 2));
    }
  });
}
