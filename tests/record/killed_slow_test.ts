/**
 * A recorder that is killed: what it wrote until then can be reduced.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { replayBundle } from "../../lib/replay.ts";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import { playSession } from "../support/bundles/host/scripted_host.ts";
import { BundleFolder, FaultyStore, KilledStore } from "./faulty_store.ts";

for (const { version } of SCHEMAS) {
  Deno.test(`a session of schema ${version} can be reduced after any number of its writes`, () => {
    using folder = new BundleFolder();
    const full = new FaultyStore(() => false);
    playSession(full, version);
    let events = 0;
    // Before the third one there is no manifest.
    for (let last = 3; last <= full.writes; last++) {
      const store = new KilledStore(last);
      playSession(store, version, {
        onError: (error) => {
          throw error;
        },
      });
      folder.hold(store.memory);
      let reduced = 0;
      // The last line may be half there, which only a tolerant reader takes.
      replayBundle(folder.directory, {
        tolerant: true,
        onEvent: () => reduced++,
        onDiagnostic: ({ code }) => assertEquals(code, "truncated_line"),
      });
      assert(reduced === events || reduced === events + 1);
      events = reduced;
    }
  });
}
