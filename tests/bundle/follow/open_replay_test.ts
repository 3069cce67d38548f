/**
 * A session that is reduced while it is recorded: at any moment the graph of what was recorded.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { BundleFormatError } from "../../../lib/errors.ts";
import { stateJson } from "../../../lib/graph/view/state_json.ts";
import { openReplay } from "../../../lib/query/session/open_replay.ts";
import { replayBundle } from "../../../lib/replay.ts";
import { GrowingBundle } from "./growing_bundle.ts";
import {
  COVERS_ALL_CASES,
  everyCase,
  type GoldenCase,
  isInSample,
} from "../../support/cases.ts";
import { inFolder } from "../../support/cli.ts";

/** Prefixes of a log that are compared, about. */
const PREFIXES = COVERS_ALL_CASES ? 40 : 12;

function linesOf(log: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let at = 0; at < log.length;) {
    const end = log.indexOf(10, at);
    const next = end === -1 ? log.length : end + 1;
    lines.push(log.subarray(at, next));
    at = next;
  }
  return lines;
}

function assertSamePrefixes({ bundle }: GoldenCase): void {
  inFolder((folder) => {
    const growing = new GrowingBundle(bundle, folder);
    const lines = linesOf(growing.log);
    const step = Math.max(1, Math.floor(lines.length / PREFIXES));
    using replay = openReplay(growing.path);
    for (const [i, line] of lines.entries()) {
      const half = Math.floor(line.length / 2);
      growing.append(line.subarray(0, half));
      if (i % step === 0) assertEquals([...replay.events()].length, 0);
      growing.append(line.subarray(half));
      for (const _ of replay.events());
      if (i % step !== 0 && i < lines.length - 1) continue;
      const expected = replayBundle(growing.path, { tolerant: true });
      assertEquals(
        stateJson(replay.graph()),
        stateJson(expected),
        `${bundle} after line ${i + 1}`,
      );
    }
  });
}

for (const [at, each] of everyCase().entries()) {
  // All prefixes of the recorded corpus take minutes; a part of it has all of their rules.
  const isTested = isInSample(at) && (!COVERS_ALL_CASES || at % 8 === 0);
  if (!isTested) continue;
  Deno.test(`the graph is that of every prefix of ${each.name}`, () =>
    assertSamePrefixes(each));
}

Deno.test("a graph in between changes nothing of those that follow", () => {
  for (
    const each of everyCase().filter(({ name }) => /agents/.test(name)).slice(
      0,
      6,
    )
  ) {
    inFolder((folder) => {
      const [often, once] = ["often", "once"].map((name) =>
        new GrowingBundle(each.bundle, folder, name)
      );
      assert(often && once);
      using watched = openReplay(often.path);
      using other = openReplay(once.path);
      for (const line of linesOf(often.log)) {
        often.append(line);
        for (const _ of watched.events()) watched.graph();
      }
      once.append(once.log);
      for (const _ of other.events());
      assertEquals(stateJson(watched.graph()), stateJson(other.graph()));
    });
  }
});

Deno.test("a log that shrinks ends an open replay", () => {
  const [each] = everyCase();
  assert(each);
  inFolder((folder) => {
    const growing = new GrowingBundle(each.bundle, folder);
    growing.append(growing.log);
    using replay = openReplay(growing.path);
    for (const _ of replay.events());
    Deno.truncateSync(growing.logFile, 10);
    assertThrows(
      () => [...replay.events()],
      BundleFormatError,
      "was truncated",
    );
  });
});
