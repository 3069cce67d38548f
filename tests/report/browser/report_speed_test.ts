/**
 * A long session in a browser: few elements, and it scrolls with little work.
 *
 * @module
 */

import { assert } from "@std/assert";
import { join } from "@std/path";
import type { Page } from "playwright-core";
import { writeBenchBundle } from "../../support/bundles/long/long_bundle.ts";
import { browserTest, showPlace } from "./browser.ts";
import { onReport } from "../report_file.ts";

/** Elements of a page, however long the session is. */
const MAX_ELEMENTS = 3000;
/** Steps by which a list is scrolled, in pixels. */
const STEP = 120;
/** Maximum calls of functions of the page in a step; twice what it takes. */
const MAX_CALLS = 5000;
/** Maximum rectangles of one drawing of a chart: the bars of all requests are a few areas. */
const MAX_RECTANGLES = 50;

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
        await showPlace(page, "view=overview");
        const rectangles = await page.evaluate(COUNT_RECTANGLES);
        assert(Number(rectangles) > 0, "the chart was not drawn");
        assert(Number(rectangles) < MAX_RECTANGLES, `${rectangles} rectangles`);
        await showPlace(page, "view=transcript");
        await page.waitForSelector("article");
        const calls = await callsOfScrolling(page, 20);
        assert(calls < MAX_CALLS, `${calls} calls a step`);
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

/** Draws the chart again, and counts the rectangles that are filled. */
const COUNT_RECTANGLES = `(async () => {
  const { rect } = Path2D.prototype;
  let count = 0;
  Path2D.prototype.rect = function (...box) {
    count++;
    rect.apply(this, box);
  };
  document.dispatchEvent(new Event("themechange"));
  for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
  Path2D.prototype.rect = rect;
  return count;
})()`;

/** How many functions of the page were called for each step that its list is scrolled. */
async function callsOfScrolling(page: Page, steps: number): Promise<number> {
  const profiler = await page.context().newCDPSession(page);
  await profiler.send("Profiler.enable");
  await profiler.send("Profiler.startPreciseCoverage", { callCount: true });
  await page.evaluate(`(async () => {
    const list = document.querySelector(".scroller");
    for (let i = 0; i < ${steps}; i++) {
      list.scrollTop += ${STEP};
      for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame);
    }
  })()`);
  const { result } = await profiler.send("Profiler.takePreciseCoverage");
  await profiler.detach();
  const counts = result.flatMap(({ functions }) =>
    functions.map(({ ranges }) => ranges[0]?.count ?? 0)
  );
  return counts.reduce((sum, count) => sum + count, 0) / steps;
}
