/**
 * A long session in a browser: few elements, and it scrolls.
 *
 * @module
 */

import { assert } from "@std/assert";
import { join } from "@std/path";
import { writeBenchBundle } from "../../support/bundles/long/long_bundle.ts";
import { browserTest, showPlace } from "./browser.ts";
import { onReport } from "../report_file.ts";

/** Elements of a page, however long the session is. */
const MAX_ELEMENTS = 3000;

browserTest(
  "a session of 200 requests is drawn only where it is visible",
  async (browser) => {
    const folder = Deno.makeTempDirSync();
    try {
      const bundle = join(folder, "bundle");
      writeBenchBundle(bundle, { calls: 200 });
      await onReport(browser, bundle, {}, async ({ page }) => {
        for (const view of ["overview", "timeline", "transcript", "log"]) {
          await showPlace(page, `view=${view}`);
          const elements = await page.evaluate(() =>
            document.querySelectorAll("*").length
          );
          assert(elements < MAX_ELEMENTS, `${view}: ${elements} elements`);
        }
        await showPlace(page, "view=transcript");
        await page.waitForSelector("article");
        const before = await page.locator("article").first().innerText();
        await page.locator(".scroller").evaluate((list) =>
          list.scrollTop = 20_000
        );
        await page.waitForFunction(
          (text) => document.querySelector("article")?.innerText !== text,
          before,
        );
      });
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);
