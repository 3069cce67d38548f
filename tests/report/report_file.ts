/**
 * Pages of reports for tests: written once for each bundle, opened in a browser.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import type { Browser } from "playwright-core";
import { runProgram } from "../../lib/cli/program.ts";
import type { Look } from "./browser/browser.ts";
import { WatchedPage } from "./browser/browser.ts";
import { recordedIo } from "../support/cli.ts";
import { TESTDATA } from "../support/paths.ts";

/** The bundle of a recorded case. */
export function recorded(name: string): string {
  return join(TESTDATA, "upstream", name, "bundle");
}

/** Runs a command, and reports what resulted from it. */
export async function ask(
  ...args: readonly string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const io = recordedIo();
  const code = await runProgram(args, io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

/** Writes the report of a bundle into a folder that is gone afterwards. */
export async function withReport(
  bundle: string,
  use: (path: string) => Promise<void>,
  ...flags: readonly string[]
): Promise<void> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    const path = join(folder, "report.html");
    const { code, stderr } = await ask("report", bundle, "-o", path, ...flags);
    assertEquals([0, 3].includes(code), true, stderr);
    await use(path);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** What a page is read with. */
export interface ReportLook extends Look {
  /** What follows `#`. */
  readonly fragment?: string;
  /** More flags of `report`. */
  readonly flags?: readonly string[];
}

/** Opens the report of a bundle; afterwards nothing must have run or left that should not. */
export async function onReport(
  browser: Browser,
  bundle: string,
  look: ReportLook,
  use: (watched: WatchedPage, path: string) => Promise<void>,
): Promise<void> {
  await withReport(bundle, async (path) => {
    const watched = await WatchedPage.open(
      browser,
      path,
      look,
      look.fragment ?? "",
    );
    await watched.page.waitForSelector("main > section");
    await use(watched, path);
    // To load the page itself again is no offence.
    const again = `request: ${toFileUrl(path).href}`;
    assertEquals(
      watched.offences.filter((each) => each.split("#")[0] !== again),
      [],
    );
    await watched.close();
  }, ...look.flags ?? []);
}
