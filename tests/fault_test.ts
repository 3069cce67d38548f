import { assertEquals } from "@std/assert";
import type { SchemaVersion } from "../lib/format/manifest.ts";
import { replayBundle } from "../lib/replay.ts";
import { playSession } from "./support/fake_host.ts";
import { BundleFolder, FaultyStore } from "./support/faulty_store.ts";

/** Plays the session on a store that fails as told; the bundle left behind must replay. */
function checkFault(
  schema: SchemaVersion,
  folder: BundleFolder,
  fails: (write: number) => boolean,
): void {
  const store = new FaultyStore(fails);
  let told = 0;
  playSession(store, schema, {
    onError: () => {
      told += 1;
      throw new Error("the host's own trouble");
    },
  });
  assertEquals(told > 0, store.faults > 0);
  if (!store.memory.names().includes("manifest.json")) {
    assertEquals(store.memory.names(), []);
    return;
  }
  folder.hold(store.memory);
  const trace = replayBundle(folder.directory);
  // Who lost something does not say that the recording is complete.
  const complete = schema === 1 ? undefined : store.faults === 0;
  assertEquals(trace.recording_complete, complete);
}

/** Writes of the whole session when nothing fails. */
function writesOf(schema: SchemaVersion): number {
  const store = new FaultyStore(() => false);
  playSession(store, schema);
  return store.writes;
}

/** Small, and the same in every run. */
function xorshift(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

for (const schema of [1, 2] as const) {
  Deno.test(`a whole session of schema ${schema} replays`, () => {
    const root = Deno.makeTempDirSync();
    const thread = playSession(root, schema, {
      onError: (error) => {
        throw error;
      },
    });
    const trace = replayBundle(thread.bundleDirectory ?? "");
    assertEquals(trace.status, "completed");
    assertEquals(trace.recording_complete, schema === 1 ? undefined : true);
    // What the script did, not what the log says.
    assertEquals(
      [
        trace.threads.size,
        trace.codex_turns.size,
        trace.inference_calls.size,
        trace.code_cells.size,
        trace.tool_calls.size,
        trace.terminal_sessions.size,
        trace.compactions.size,
        trace.compaction_requests.size,
        trace.interaction_edges.size,
      ],
      [3, 9, 26, 4, schema === 1 ? 17 : 21, 2, 1, 2, 9],
    );
    Deno.removeSync(root, { recursive: true });
  });

  Deno.test(`a session of schema ${schema} survives the loss of any one write`, () => {
    using folder = new BundleFolder();
    for (let lost = 1; lost <= writesOf(schema); lost++) {
      checkFault(schema, folder, (write) => write === lost);
    }
  });

  Deno.test(`a session of schema ${schema} survives a disk that fills up at any write`, () => {
    using folder = new BundleFolder();
    for (let full = 1; full <= writesOf(schema); full++) {
      checkFault(schema, folder, (write) => write >= full);
    }
  });

  Deno.test(`a session of schema ${schema} survives a flaky disk`, () => {
    using folder = new BundleFolder();
    for (let seed = 1; seed <= 60; seed++) {
      const random = xorshift(seed);
      const rate = [0.01, 0.03, 0.1, 0.3][seed % 4] ?? 0.1;
      const fails = (write: number) => write > 3 && random() < rate;
      try {
        checkFault(schema, folder, fails);
      } catch (cause) {
        throw new Error(`seed ${seed}`, { cause });
      }
    }
  });
}
