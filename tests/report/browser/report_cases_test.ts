/**
 * Every recorded case as a page: all views open, every kind of object can be read.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { browserTest } from "./browser.ts";
import { TESTDATA } from "../../support/paths.ts";
import { onReport, recorded } from "../report_file.ts";

const CASES = [...Deno.readDirSync(join(TESTDATA, "upstream"))]
  .map(({ name }) => name).sort();
const VIEWS = ["overview", "timeline", "transcript", "agents", "search", "log"];
const KINDS = [
  "thread",
  "turn",
  "item",
  "call",
  "tool",
  "cell",
  "terminal",
  "op",
  "compaction",
  "summary",
  "edge",
  "payload",
];

browserTest(
  "every recorded case opens, in every view and with every kind of object",
  async (browser) => {
    for (const name of CASES) {
      const flags = ["--payloads", "all"];
      await onReport(browser, recorded(name), { flags }, async ({ page }) => {
        for (const view of VIEWS) {
          await page.evaluate((to) => location.hash = `#view=${to}`, view);
          await page.waitForSelector(
            `main section[aria-label="${
              view.charAt(0).toUpperCase() + view.slice(1)
            }"], main .empty`,
          );
          assertEquals(await page.locator("main > *").count(), 1);
        }
        for (const kind of KINDS) {
          await page.evaluate(
            (of) => location.hash = `#view=log&${of}=1`,
            kind,
          );
          await page.waitForTimeout(10);
        }
      });
    }
  },
);
