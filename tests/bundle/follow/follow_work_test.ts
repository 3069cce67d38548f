/**
 * Following a session costs work for what happens in it: not for the history that requests repeat.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../lib/bundle/limits.ts";
import { readManifest } from "../../../lib/bundle/manifest_file.ts";
import { DiskFiles } from "../../../lib/bundle/storage/disk_files.ts";
import { Evidence } from "../../../lib/query/timeline/follow/payload_facts.ts";
import { BundleReplay } from "../../../lib/replay.ts";
import { schemaOfBundle } from "../../../lib/schema/registry.ts";
import { writeBenchBundle } from "../../support/bundles/long/long_bundle.ts";
import { DEFAULT_SHAPE } from "../../support/bundles/long/shape.ts";
import { inFolder } from "../../support/cli.ts";

/** The messages of a user that requests end with, and the characters that were parsed for them. */
function messagesOf(path: string, shares: boolean) {
  const files = new DiskFiles(path);
  const manifest = readManifest(files, DEFAULT_LIMITS);
  const schema = schemaOfBundle(manifest, true);
  using replay = new BundleReplay({ files, manifest, schema }, {
    limits: DEFAULT_LIMITS,
    tolerant: true,
    sharePrefixes: shares,
  });
  const { payloads } = replay;
  const evidence = new Evidence(payloads);
  const messages = [...replay.events()].flatMap(({ event: { payload } }) =>
    payload.type === "inference_started"
      ? [evidence.userMessage(payload.request_payload, payload.thread_id)]
      : []
  );
  return { messages, parsed: payloads.counters.charactersParsed };
}

Deno.test("of a request that a turn begins with, only what is new is parsed", () => {
  inFolder((folder) => {
    const shape = { ...DEFAULT_SHAPE, calls: 40, turn: 2, outBytes: 4000 };
    writeBenchBundle(`${folder}/bundle`, shape);
    const shared = messagesOf(`${folder}/bundle`, true);
    const complete = messagesOf(`${folder}/bundle`, false);
    assertEquals(shared.messages, complete.messages);
    assert(shared.messages.filter((each) => each !== null).length >= 20);
    assert(shared.parsed * 5 < complete.parsed, `${shared.parsed}`);
  });
});
