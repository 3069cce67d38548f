/**
 * Pages of reports for tests: written once for each bundle, opened in a browser.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { copySync } from "@std/fs";
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

/**
 * Uses a copy of the bundle of a recorded case, without the lines of the log and the payload files
 * that contain a text. Without a gap in the log it is as if that had never happened.
 */
export async function onCopyWithout(
  name: string,
  text: string,
  use: (bundle: string) => void | Promise<void>,
  hasGap = true,
): Promise<void> {
  const root = Deno.makeTempDirSync();
  try {
    const bundle = join(root, "bundle");
    copySync(recorded(name), bundle);
    const log = join(bundle, "trace.jsonl");
    const lines = Deno.readTextFileSync(log).split("\n");
    const kept = lines.filter((line) => !line.includes(text)).map((line, i) =>
      hasGap ? line : line.replace(/"seq":\d+/, `"seq":${i + 1}`)
    );
    Deno.writeTextFileSync(log, kept.join("\n"));
    for (const { name } of Deno.readDirSync(join(bundle, "payloads"))) {
      const path = join(bundle, "payloads", name);
      if (Deno.readTextFileSync(path).includes(text)) Deno.removeSync(path);
    }
    await use(bundle);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

/** Runs a command, and reports what resulted from it. */
export async function ask(
  ...args: readonly string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const io = recordedIo();
  const code = await runProgram(args, io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

/** Reports of this file of tests, by bundle and flags, and the folder that has them. */
const reports = new Map<string, Promise<string>>();
let folder: string | undefined;

Deno.test.afterAll(() => {
  if (folder !== undefined) Deno.removeSync(folder, { recursive: true });
});

/** Returns the path of the report of a bundle; it is written once, and gone after the tests. */
export function reportOf(
  bundle: string,
  ...flags: readonly string[]
): Promise<string> {
  const key = [bundle, ...flags].join("\n");
  let report = reports.get(key);
  if (report === undefined) {
    folder ??= Deno.realPathSync(Deno.makeTempDirSync());
    const path = join(folder, `${reports.size}.html`);
    report = writeReport(bundle, path, flags);
    reports.set(key, report);
  }
  return report;
}

async function writeReport(
  bundle: string,
  path: string,
  flags: readonly string[],
): Promise<string> {
  const { code, stderr } = await ask("report", bundle, "-o", path, ...flags);
  assertEquals([0, 3].includes(code), true, stderr);
  return path;
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
  use: (watched: WatchedPage) => Promise<void>,
): Promise<void> {
  const path = await reportOf(bundle, ...look.flags ?? []);
  const watched = await WatchedPage.open(
    browser,
    path,
    look,
    look.fragment ?? "",
  );
  await watched.page.waitForSelector("main > section");
  await use(watched);
  // To load the page itself again is no offence.
  const again = `request: ${toFileUrl(path).href}`;
  assertEquals(
    watched.offences.filter((each) => each.split("#")[0] !== again),
    [],
  );
  await watched.close();
}
