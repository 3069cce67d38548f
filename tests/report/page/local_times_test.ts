/**
 * The page prints times in UTC, or in the time zone of its reader where the report requests it.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import {
  momentOf,
  setLocalTimes,
} from "../../../lib/report/page/ui/figures.ts";
import { printed } from "../../cli/commands/command_golden.ts";
import { RawBundle } from "../../support/bundles/raw_bundle.ts";

Deno.test("momentOf() of the page prints the offset of local times, and UTC without a request", () => {
  const ms = 1_700_000_000_000;
  assertEquals(momentOf(ms), "2023-11-14T22:13:20.000Z");
  setLocalTimes(true);
  try {
    assertMatch(momentOf(ms), /^2023-11-1[45]T.*[+-]\d\d:\d\d$/);
  } finally {
    setLocalTimes(false);
  }
});

Deno.test("report --local writes a page with local times", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const bundle = new RawBundle(1).end().writeTo(join(folder, "bundle"));
    for (
      const [flags, isLocal] of [[["--local"], true], [[], false]] as const
    ) {
      const { stdout } = await printed(["report", bundle, "-o", "-", ...flags]);
      assertStringIncludes(stdout, `"has_local_times":${isLocal}`);
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
