/**
 * Durations across a clock that was set back: they are unknown, neither negative nor 0.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { listBundle } from "../../../lib/query/list/list_bundles.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { summarize } from "../../../lib/query/show/show.ts";
import { getTimeline } from "../../../lib/query/timeline/timeline.ts";
import { RawBundle } from "../../support/bundles/raw_bundle.ts";
import { inFolder } from "../../support/cli.ts";

/** When the bundle begins, and a clock that is an hour behind it. */
const BEGIN = 10_000_000;
const BEHIND = BEGIN - 3_600_000;

Deno.test("a duration is unknown when the clock was set back meanwhile", () => {
  const bundle = new RawBundle(1);
  bundle.changeManifest({ started_at_unix_ms: BEGIN });
  bundle.tool("t1").toolEnd("t1").end();
  bundle.rewrite((log) => {
    let line = 0;
    return log.replaceAll(/"wall_time_unix_ms":\d+/g, () => {
      line++;
      // The start of the tool call is the third event.
      return `"wall_time_unix_ms":${line <= 3 ? BEGIN + line : BEHIND + line}`;
    });
  });
  inFolder((folder) => {
    const place = bundle.writeTo(join(folder, "bundle"));
    const session = openBundle(place);
    const { identity, turns, tools } = summarize(session);
    assertEquals(identity.duration_ms, null);
    assertEquals(turns.map(({ duration_ms }) => duration_ms), [null]);
    assertEquals(
      tools.map(({ total_ms, incomplete }) => [total_ms, incomplete]),
      [[null, 0]],
    );
    assertEquals(listBundle(place).duration_ms, null);
    const durations = getTimeline(session).entries
      .flatMap(({ status, duration_ms }) => status === null ? [] : duration_ms);
    assertEquals(durations, [null, null, null]);
  });
});

Deno.test("a call that took no time has a duration of 0", () => {
  const bundle = new RawBundle(1).tool("t1").toolEnd("t1").end();
  bundle.rewrite((log) =>
    log.replaceAll(/"wall_time_unix_ms":\d+/g, '"wall_time_unix_ms":7')
  );
  inFolder((folder) => {
    const place = bundle.writeTo(join(folder, "bundle"));
    assertEquals(summarize(openBundle(place)).tools[0]?.total_ms, 0);
  });
});
