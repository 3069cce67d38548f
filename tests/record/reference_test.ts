/**
 * Recordings of our contexts, reduced by us and by the reference: the same bytes.
 *
 * Runs for the schemas whose reference is available, see `tests/reduce/reference/oracle.ts` for the environment
 * variables that name one.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { BundleStore } from "../../lib/bundle/write/store.ts";
import type { RootTraceOptions } from "../../lib/record/root.ts";
import { replayBundle } from "../../lib/replay.ts";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import { stateJson } from "../../lib/graph/view/state_json.ts";
import { ThreadTraceContext } from "../../lib/record/thread.ts";
import { CALLS, VALUES } from "../support/bundles/host/hostile_host.ts";
import {
  deterministic,
  playSession,
  ROOT_METADATA,
} from "../support/bundles/host/scripted_host.ts";
import { BundleFolder, FaultyStore, KilledStore } from "./faulty_store.ts";
import { Oracle, oracleVariable } from "../reduce/reference/oracle.ts";

/** Limits on payloads and on bundles, each with the other and alone. */
const LIMITS: readonly RootTraceOptions[] = [
  {},
  ...[0, 1, 40, 100, 200, 300, 1000, 2000].map((maxPayloadBytes) => ({
    maxPayloadBytes,
  })),
  ...[1000, 5000, 20_000, 60_000, 120_000, 150_000].flatMap((maxBytes) => [
    { maxBytes },
    { maxBytes, maxPayloadBytes: 150 },
  ]),
];

/** Why the reference refuses evidence that is recorded: the deviations of `lib/reduce/README.md`. */
const NARROWER: readonly RegExp[] = [
  /unsupported model item type/,
  /unsupported message role/,
  /reasoning item in payload \S+ contained no content/,
  /tool runtime (?:start|end) referenced unknown call/,
  /wait tool request payload/,
  /parse wait /,
  /parse write_stdin dispatch function arguments/,
  /referenced unknown previous_response_id/,
];

/** Every how many writes one is tried; a run of the reference takes a while. */
const STRIDE = 7;

for (const { version, reference, write } of SCHEMAS) {
  const binary = Deno.env.get(oracleVariable(reference));
  const ignore = binary === undefined;
  const test = (name: string, fn: (check: Check) => Promise<void>) =>
    Deno.test({
      name: `${name}, schema ${version}, as Codex ${reference} reduces it`,
      ignore,
      fn: async () => {
        using oracle = new Oracle(binary ?? "");
        using folder = new BundleFolder();
        await fn((store, label, narrower = []) =>
          compare({ oracle, folder, narrower }, store, label)
        );
      },
    });
  const play = <T extends BundleStore>(
    store: T,
    options: RootTraceOptions = {},
  ) => {
    playSession(store, version, options);
    return store;
  };
  const writes = ignore ? 0 : play(new FaultyStore(() => false)).writes;

  test("a session that uses everything is reduced", async (check) => {
    const limits = write.marksCaptures ? LIMITS : [{}];
    for (const options of limits) {
      const store = play(new FaultyStore(() => false), options);
      await check(store, JSON.stringify(options));
    }
  });

  test("a session that lost a write is reduced", async (check) => {
    for (let lost = 1; lost <= writes; lost += STRIDE) {
      const store = play(new FaultyStore((write) => write === lost));
      await check(store, `write ${lost}`);
    }
  });

  test("a session on a disk that is full is reduced", async (check) => {
    for (let full = 1; full <= writes; full += STRIDE) {
      const store = play(new FaultyStore((write) => write >= full));
      await check(store, `from write ${full} on`);
    }
  });

  test("what a host with errors of its own records is reduced", async (check) => {
    for (const [name, call] of Object.entries(CALLS)) {
      for (const [value, make] of Object.entries(VALUES)) {
        const store = new FaultyStore(() => false);
        const thread = ThreadTraceContext.startRoot(store, ROOT_METADATA, {
          ...deterministic(),
          schemaVersion: version,
        });
        thread.recordCodexTurnStarted("turn");
        call(thread, make() as never);
        thread.recordEnded("completed");
        await check(store, `${name} of ${value}`, NARROWER);
      }
    }
  });

  test("a session that was killed is reduced", async (check) => {
    for (let last = 3; last <= writes; last += STRIDE) {
      await check(play(new KilledStore(last)), `after write ${last}`);
    }
  });
}

type Check = (
  store: FaultyStore | KilledStore,
  label: string,
  narrower?: readonly RegExp[],
) => Promise<void>;

async function compare(
  { oracle, folder, narrower }: {
    oracle: Oracle;
    folder: BundleFolder;
    narrower: readonly RegExp[];
  },
  { memory }: FaultyStore | KilledStore,
  label: string,
): Promise<void> {
  if (!memory.names().includes("manifest.json")) return;
  // A line that is half there is refused by both.
  const log = memory.text("trace.jsonl") ?? "";
  memory.truncate("trace.jsonl", bytesOfLines(log));
  folder.hold(memory);
  const theirs = await oracle.reduce(folder.directory);
  const ours = stateJson(replayBundle(folder.directory));
  const isNarrower = theirs.kind === "error" &&
    narrower.some((refusal) => refusal.test(theirs.text));
  if (isNarrower) return;
  const state = theirs.kind === "state"
    ? new TextDecoder().decode(theirs.bytes)
    : JSON.stringify(theirs);
  assertEquals(ours, state, label);
}

function bytesOfLines(log: string): number {
  const lines = log.slice(0, log.lastIndexOf("\n") + 1);
  return new TextEncoder().encode(lines).length;
}
