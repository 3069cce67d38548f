/**
 * Reports for tests of the page: written by the program, opened by a browser, gone afterwards.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Browser } from "playwright-core";
import { runProgram } from "../../../lib/cli/program.ts";
import { type Look, WatchedPage } from "./browser.ts";
import { recordedIo } from "../../support/cli.ts";
import { TESTDATA } from "../../support/paths.ts";

/** The bundle of a case that Codex recorded. */
export function recordedBundle(name: string): string {
  return join(TESTDATA, "upstream", name, "bundle");
}

/** Writes the report of a bundle. */
export async function writeReport(
  bundle: string,
  path: string,
  ...flags: string[]
): Promise<void> {
  const io = recordedIo();
  const code = await runProgram(["report", bundle, "-o", path, ...flags], io);
  assertEquals(code, 0, io.stderr);
}

/** Opens the report of a bundle at `fragment` and hands it to a test; a good page stays quiet. */
export async function withReport(
  browser: Browser,
  bundle: string,
  { fragment, ...look }: Look & { readonly fragment: string },
  test: (watched: WatchedPage) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    const path = join(folder, "report.html");
    await writeReport(bundle, path);
    const watched = await WatchedPage.open(browser, path, look, fragment);
    await test(watched);
    assertEquals(watched.offences, []);
    await watched.close();
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
