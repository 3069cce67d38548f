/**
 * Recorded bundles of every schema in the viewer: the state of each is that of `reduce`, and its page
 * that of `report`.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { existsSync } from "@std/fs";
import { dirname, join } from "@std/path";
import type { Page } from "playwright-core";
import { browserTest, showPlace, WatchedPage } from "../../browser/browser.ts";
import { reportOf } from "../../report_file.ts";
import {
  assertSameBytes,
  CORPUS,
  COVERS_ALL_CASES,
  recordedCases,
} from "../../../support/cases.ts";
import { TESTDATA } from "../../../support/paths.ts";
import {
  downloadState,
  isRead,
  openFolder,
  withViewer,
} from "./viewer_page.ts";

/** Folders of recorded cases: those of the sources, and where all are tested, those of each release. */
const ROOTS = COVERS_ALL_CASES
  ? [join(TESTDATA, "upstream"), ...releases()]
  : [join(TESTDATA, "upstream")];

function releases(): string[] {
  return recordedCases(CORPUS, 1).map(({ name }) => join(CORPUS, name));
}

browserTest(
  "the state of every bundle of a folder is that of reduce",
  async (browser) => {
    const look = { downloads: true };
    await withViewer(browser, look, async (page) => {
      for (const root of ROOTS) {
        await page.locator("input[webkitdirectory]").setInputFiles(root);
        const bundles = page.getByLabel("Session", { exact: true });
        await bundles.waitFor();
        const paths = (await bundles.locator("option").allInnerTexts()).slice(
          1,
        );
        assert(paths.length > 5, paths.join());
        for (const path of paths) {
          const name = join(dirname(root), path, "..");
          await bundles.selectOption({ label: path });
          await isRead(page);
          const isRefused = existsSync(join(name, "expected.error.txt"));
          const refusals = await page.locator(".viewer-error").count();
          assertEquals(refusals, isRefused ? 1 : 0, name);
          if (isRefused) continue;
          assertSameBytes(
            await downloadState(page),
            Deno.readFileSync(join(name, "expected.state.json")),
          );
        }
      }
    });
  },
);

/** One of each schema, with agents, code cells and a composed request. */
const CASES = [
  "0.164.0-agents_v2_sol_tree",
  "0.169.0-code_mode_tools",
  "0.171.0-agents_v2",
];

/** So tall that all rows of a list are in view, in spite of the bar above a report. */
const TALL = { height: 12_000 };

browserTest("the page of a bundle is that of report", async (browser) => {
  await withViewer(browser, TALL, async (page) => {
    for (const name of CASES) {
      // The name of a folder that is called bundle has that of the folder around it.
      const bundle = join(TESTDATA, "upstream", name, "bundle");
      const report = await WatchedPage.open(
        browser,
        await reportOf(bundle),
        TALL,
      );
      await openFolder(page, dirname(bundle));
      for (const view of ["overview", "timeline", "transcript", "log"]) {
        assertEquals(
          await textOf(page, view),
          await textOf(report.page, view),
          `${name} ${view}`,
        );
      }
      await report.close();
    }
  });
});

async function textOf(page: Page, view: string): Promise<string> {
  await showPlace(page, `view=${view}`);
  await page.locator(`.tab[aria-current]`, { hasText: new RegExp(view, "i") })
    .waitFor();
  return await page.locator(".shell").innerText();
}
