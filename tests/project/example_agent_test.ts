/**
 * The agent of `examples/agent/`: what its session leaves, and what remains when it is killed.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { checkBundle } from "../../lib/check/check.ts";
import { stateJson } from "../../lib/graph/view/state_json.ts";
import { replayBundle } from "../../lib/replay.ts";
import { eventTypes } from "../reduce/reference/conformance.ts";
import { eventTypesOf } from "../reduce/reference/coverage.ts";
import { Oracle, oracleVariable } from "../reduce/reference/oracle.ts";
import { slowTest } from "../support/cases.ts";
import { PROJECT } from "../support/paths.ts";

const EXAMPLE = join(PROJECT, "examples/agent/offline/example.ts");
const REFERENCE = "0.171.0";
/** How often the session is killed. */
const KILLS = 12;

function startExample(folder: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-check",
      "--no-prompt",
      "--allow-read",
      "--allow-write",
      "--allow-run",
      "--allow-net=127.0.0.1",
      EXAMPLE,
      folder,
    ],
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

/** The only bundle below a folder; undefined while there is none. */
function bundleIn(folder: string): string | undefined {
  const [entry] = [...Deno.readDirSync(folder)];
  return entry && join(folder, entry.name);
}

async function withFolder(use: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir({ prefix: "example-" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The shell tool of the example is that of POSIX. */
const POSIX = Deno.build.os !== "windows";
const test = POSIX ? Deno.test : Deno.test.ignore;

test("the example records every event type and every kind of object, as both reducers read", () =>
  withFolder(async (folder) => {
    const { code, stderr } = await startExample(folder).output();
    assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
    const bundle = bundleIn(folder) ?? "";
    const types = eventTypes(bundle);
    assertEquals(eventTypesOf(3).filter((type) => !types.has(type)), []);
    const trace = replayBundle(bundle);
    const kinds = Object.entries(trace).filter(([, of]) => of instanceof Map);
    assert(kinds.length > 10);
    assertEquals(kinds.filter(([, of]) => of.size === 0), []);
    assertEquals(trace.recording_status, "complete");
    assertEquals(checkBundle(bundle).findings, []);
    const binary = Deno.env.get(oracleVariable(REFERENCE));
    if (binary === undefined) return;
    using oracle = new Oracle(binary);
    const theirs = await oracle.reduce(bundle);
    assert(theirs.kind === "state");
    const ours = new TextEncoder().encode(stateJson(trace));
    assertEquals(ours, theirs.bytes);
  }));

slowTest({
  name:
    `what remains of the example can be reduced when it is killed, ${KILLS} times`,
  ignore: !POSIX,
  fn: async () => {
    let complete = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      await withFolder(async (folder) => {
        const example = startExample(folder);
        const ended = example.output();
        let log: string | undefined;
        // At a size of the log, because the start of a process takes more time than the session.
        const size = 2000 + Math.random() * 90_000;
        const hasSize = () => {
          const bundle = bundleIn(folder);
          log = bundle && join(bundle, "trace.jsonl");
          try {
            return log !== undefined && Deno.statSync(log).size >= size;
          } catch {
            // The bundle is being made.
            return false;
          }
        };
        while (!hasSize()) {
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        example.kill("SIGKILL");
        await ended;
        const bundle = bundleIn(folder) ?? "";
        const trace = replayBundle(bundle, {
          tolerant: true,
          onDiagnostic: ({ code }) => assertEquals(code, "truncated_line"),
        });
        assert(trace.threads.size > 0, `killed at ${size} bytes`);
        if (trace.recording_status === "complete") complete++;
      });
    }
    assert(complete < KILLS, "the session was never killed in time");
  },
});
