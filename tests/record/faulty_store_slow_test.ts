/**
 * Sessions recorded on stores that fail: the host notices nothing, and what is left can be read.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { RolloutTrace } from "../../lib/graph/rollout_trace.ts";
import type { RootTraceOptions } from "../../lib/record/root.ts";
import { replayBundle } from "../../lib/replay.ts";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import type { Schema } from "../../lib/schema/schema.ts";
import {
  playSession,
  recordsWarmUps,
} from "../support/bundles/host/scripted_host.ts";
import { BundleFolder, FaultyStore } from "./faulty_store.ts";

/** Every schema, and those that have limits once more with tight ones. */
const RECORDINGS: readonly { schema: Schema; options: RootTraceOptions }[] = [
  ...SCHEMAS.map((schema) => ({ schema, options: {} })),
  ...SCHEMAS.filter(({ write }) => write.marksCaptures).map((schema) => ({
    schema,
    options: { maxPayloadBytes: 100, maxBytes: 150_000 },
  })),
];

/** Whether a graph is of a recording that was completed; `undefined` where no event reports it. */
function isComplete(trace: RolloutTrace): boolean | undefined {
  const { recording_status, recording_complete } = trace;
  return recording_status === undefined
    ? recording_complete
    : recording_status !== "unclosed";
}

/** Plays the session on a store with faults; the bundle left on it must replay. */
function checkFault(
  { schema, options }: (typeof RECORDINGS)[number],
  folder: BundleFolder,
  fails: (write: number) => boolean,
): void {
  const store = new FaultyStore(fails);
  let errors = 0;
  playSession(store, schema.version, {
    ...options,
    onError: () => {
      errors += 1;
      throw new Error("the callback of the host fails");
    },
  });
  if (options.maxBytes === undefined && errors > 0) {
    assertEquals(store.faults > 0, true);
  }
  if (!store.memory.names().includes("manifest.json")) {
    assertEquals(store.memory.names(), []);
    return;
  }
  folder.hold(store.memory);
  const trace = replayBundle(folder.directory);
  const expected = schema.log.closingEvent === null ? undefined : errors === 0;
  assertEquals(isComplete(trace), expected);
}

/** Writes of the complete session when nothing fails. */
function writesOf({ schema, options }: (typeof RECORDINGS)[number]): number {
  const store = new FaultyStore(() => false);
  playSession(store, schema.version, options);
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

for (const { version, log, write } of SCHEMAS) {
  Deno.test(`a complete session of schema ${version} replays`, () => {
    const root = Deno.makeTempDirSync();
    const thread = playSession(root, version, {
      onError: (error) => {
        throw error;
      },
    });
    const trace = replayBundle(thread.bundleDirectory ?? "");
    assertEquals(trace.status, "completed");
    const isClosed = log.closingEvent === null ? undefined : true;
    assertEquals(isComplete(trace), isClosed);
    // What the script did, not what the log states.
    const [turns, requests] = recordsWarmUps(version) ? [10, 30] : [9, 26];
    assertEquals(
      [
        trace.threads.size,
        trace.codex_turns.size,
        trace.inference_calls.size,
        trace.code_cells.size,
        trace.tool_calls.size - (recordsWarmUps(version) ? 1 : 0),
        trace.terminal_sessions.size,
        trace.compactions.size,
        trace.compaction_requests.size,
        trace.interaction_edges.size,
      ],
      [3, turns, requests, 4, write.cellsAreToolCalls ? 21 : 17, 2, 1, 2, 9],
    );
    Deno.removeSync(root, { recursive: true });
  });
}

for (const recording of RECORDINGS) {
  const limits = recording.options.maxBytes === undefined ? "" : " with limits";
  const session = `a session of schema ${recording.schema.version}${limits}`;

  Deno.test(`${session} survives the loss of any one write`, () => {
    using folder = new BundleFolder();
    for (let lost = 1; lost <= writesOf(recording); lost++) {
      checkFault(recording, folder, (write) => write === lost);
    }
  });

  Deno.test(`${session} survives a disk that fills up at any write`, () => {
    using folder = new BundleFolder();
    for (let full = 1; full <= writesOf(recording); full++) {
      checkFault(recording, folder, (write) => write >= full);
    }
  });

  Deno.test(`${session} survives a flaky disk`, () => {
    using folder = new BundleFolder();
    for (let seed = 1; seed <= 60; seed++) {
      const random = xorshift(seed);
      const rate = [0.01, 0.03, 0.1, 0.3][seed % 4] ?? 0.1;
      const fails = (write: number) => write > 3 && random() < rate;
      try {
        checkFault(recording, folder, fails);
      } catch (cause) {
        throw new Error(`seed ${seed}`, { cause });
      }
    }
  });
}
