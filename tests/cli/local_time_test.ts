/**
 * Times in the local time zone: `--local`.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { COMMANDS } from "../../lib/cli/catalog/catalog.ts";
import { momentAt, momentOf } from "../../lib/text/figures.ts";
import { PROJECT, TESTDATA } from "../support/paths.ts";
import { slowTest } from "../support/cases.ts";

const BUNDLE = join(TESTDATA, "upstream", "0.164.0-stream_drop", "bundle");

/** Runs the program in a time zone, with permission for the bundle only. */
function printed(zone: string, ...args: string[]): string {
  const { stdout, stderr, success } = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      `--allow-read=${BUNDLE}`,
      join(PROJECT, "main.ts"),
      ...args,
    ],
    env: { TZ: zone, NO_COLOR: "1" },
  }).outputSync();
  const text = new TextDecoder();
  assert(success, text.decode(stderr));
  return text.decode(stdout);
}

Deno.test("momentAt() prints the time of a zone, and its offset", () => {
  const date = new Date("2026-11-22T22:05:43.447Z");
  assertEquals(momentAt(date, 0), "2026-11-22T22:05:43.447+00:00");
  assertEquals(momentAt(date, 120), "2026-11-23T00:05:43.447+02:00");
  assertEquals(momentAt(date, -210), "2026-11-22T18:35:43.447-03:30");
  assertEquals(momentOf(date.getTime()), "2026-11-22T22:05:43.447Z");
  assertEquals(
    momentOf(date.getTime(), true),
    momentAt(date, -date.getTimezoneOffset()),
  );
  assertEquals(momentOf(null, true), "unknown");
});

slowTest(
  "--local prints local times without another permission, UTC is the default",
  () => {
    const local = "2026-11-23T03:50:43.447+05:45";
    const utc = "2026-11-22T22:05:43.447Z";
    const zone = "Asia/Kathmandu";
    assertStringIncludes(printed(zone, "show", BUNDLE), utc);
    assertStringIncludes(printed(zone, "show", BUNDLE, "--local"), local);
    assertStringIncludes(
      printed(zone, "explain", BUNDLE, "thread:1", "--local"),
      "+05:45",
    );
    assertStringIncludes(
      printed(zone, "check", BUNDLE, "--local"),
      local.slice(0, 19),
    );
    assertStringIncludes(
      printed(zone, "list", BUNDLE, "--local", "--columns", "started"),
      local,
    );
    assertStringIncludes(
      printed(zone, "search", BUNDLE, "stream", "-n1", "--local"),
      local,
    );
    const clocks = printed(zone, "timeline", BUNDLE, "--local");
    assert(/^ +2 +03:50:43\.\d{3}\+05:45 /m.test(clocks), clocks);
  },
);

Deno.test("every command that prints times has --local", () => {
  const names = COMMANDS.filter(({ flags }) =>
    flags.some(({ name }) => name === "local")
  ).map(({ name }) => name).sort();
  assertEquals(names, [
    "check",
    "explain",
    "follow",
    "list",
    "report",
    "search",
    "show",
    "timeline",
  ]);
});
