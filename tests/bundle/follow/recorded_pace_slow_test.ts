/**
 * Real sessions are recorded again, at their pace and at a thousand events a second, with pauses in
 * the middle of lines, while `follow` prints them and the library reduces them: nothing is missed
 * or repeated, and the last graph is that of the finished bundle.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { runProgram } from "../../../lib/cli/program.ts";
import { stateJson } from "../../../lib/graph/view/state_json.ts";
import { jsonText } from "../../../lib/cli/text/json_document.ts";
import { openReplay } from "../../../lib/query/session/open_replay.ts";
import { SessionFollower } from "../../../lib/query/timeline/follow/session_follower.ts";
import { replayBundle } from "../../../lib/replay.ts";
import { everyCase } from "../../support/cases.ts";
import { inFolderAsync, recordedIo } from "../../support/cli.ts";
import { GrowingBundle } from "./growing_bundle.ts";

/** Every so many lines one is interrupted. */
const INTERRUPTED = 7;
/** Milliseconds of such a pause. */
const PAUSE_MS = 5;
/** Milliseconds that a session takes at its own pace, scaled. */
const SCALED_MS = 1000;
const BUNDLES = 8;
/** Milliseconds between two graphs of a session that is reduced meanwhile. */
const GRAPH_MS = 150;

/** Milliseconds from the start of a session until each of its lines was written. */
type Pace = (lines: readonly string[]) => readonly number[];

const recordedPace: Pace = (lines) => {
  const times = lines.map((line) => Number(JSON.parse(line).wall_time_unix_ms));
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const scale = SCALED_MS / Math.max(1, last - first);
  return times.map((at) => (at - first) * scale);
};
/** A thousand events a second. */
const fastPace: Pace = (lines) => lines.map((_, index) => index);

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Writes the log of a bundle, and each payload file just before the event that names it. */
async function record(to: GrowingBundle, from: string, pace: Pace) {
  const lines = new TextDecoder().decode(to.log).split(/(?<=\n)/);
  const written = new Set<string>();
  const start = performance.now();
  const times = pace(lines);
  for (const [index, line] of lines.entries()) {
    const left = (times[index] ?? 0) - (performance.now() - start);
    if (left > 0) await pause(left);
    for (const [path] of line.matchAll(/payloads\/\d+\.json/g)) {
      if (written.has(path)) continue;
      written.add(path);
      Deno.copyFileSync(join(from, path), join(to.path, path));
    }
    if (index % INTERRUPTED !== 0) {
      to.appendText(line);
      continue;
    }
    // Also inside a character of several bytes.
    const bytes = new TextEncoder().encode(line);
    const middle = Math.floor(bytes.length / 2);
    to.append(bytes.slice(0, middle));
    await pause(PAUSE_MS);
    to.append(bytes.slice(middle));
  }
}

/** Reduces a bundle while it is recorded, and returns the last state. */
async function reduceLive(path: string, isRecorded: () => boolean) {
  using replay = openReplay(path);
  for (let isLast = false; !isLast; await pause(GRAPH_MS)) {
    isLast = isRecorded();
    for (const _ of replay.events());
    replay.graph();
  }
  return stateJson(replay.graph());
}

async function follow(path: string): Promise<unknown[]> {
  const io = recordedIo();
  await runProgram(
    ["follow", path, "--from-start", "--until-end", "--json"],
    io,
  );
  return io.stdout.trimEnd().split("\n").map((line) => {
    const { bundle, ...event } = JSON.parse(line);
    assertEquals(bundle, path);
    return event;
  });
}

/** Empties the folder of payload files, which are written again. */
function withoutPayloads(bundle: GrowingBundle): void {
  const folder = join(bundle.path, "payloads");
  for (const { name, isFile } of Deno.readDirSync(folder)) {
    if (isFile && /^\d+\.json$/.test(name)) Deno.removeSync(join(folder, name));
  }
}

/** Bundles whose recording ended, of every version of Codex. */
function sessions(): string[] {
  const complete = everyCase().filter(({ bundle, state }) =>
    state !== undefined &&
    /"(?:rollout_ended|recording_completed)"/.test(
      Deno.readTextFileSync(join(bundle, "trace.jsonl")).slice(-2000),
    )
  );
  const agents = complete.filter(({ name }) =>
    /agents|code_mode|shell/.test(name)
  );
  const bySchema = Map.groupBy(agents, ({ bundle }) => schemaOf(bundle));
  const share = Math.ceil(BUNDLES / bySchema.size);
  return bySchema.values().toArray().flatMap((same) => {
    const step = Math.max(1, Math.floor(same.length / share));
    return same.filter((_, at) => at % step === 0).slice(0, share)
      .map(({ bundle }) => bundle);
  });
}

function schemaOf(bundle: string): number {
  const manifest = Deno.readTextFileSync(join(bundle, "manifest.json"));
  return JSON.parse(manifest).schema_version;
}

Deno.test("sessions that are recorded at their pace or at a thousand events a second are followed and reduced as the finished ones", async () => {
  const schemas = new Set<number>();
  await inFolderAsync(async (folder) => {
    await Promise.all(
      sessions().map(async (from, at) => {
        const growing = new GrowingBundle(from, folder, `bundle-${at}`);
        withoutPayloads(growing);
        let isRecorded = false;
        const pace = at % 2 === 0 ? recordedPace : fastPace;
        const [, events, state] = await Promise.all([
          record(growing, from, pace).then(() => void (isRecorded = true)),
          follow(growing.path),
          reduceLive(growing.path, () => isRecorded),
        ]);
        using finished = new SessionFollower(from);
        const expected = [...finished.read()].map((each) => jsonText(each));
        assertEquals(events, expected.map((each) => JSON.parse(each)), from);
        const graph = replayBundle(from, { tolerant: true });
        assertEquals(state, stateJson(graph), from);
        schemas.add(schemaOf(from));
      }),
    );
  });
  assert(schemas.size >= 3, [...schemas].join());
});
