/**
 * A page of two sessions: side by side, each with its own views, by mouse, keyboard and address.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import axe from "axe-core";
import { browserTest, WatchedPage } from "../browser.ts";
import { ask, recorded } from "../../report_file.ts";

browserTest(
  "two sessions are shown side by side, and each with its views",
  async (browser) => {
    const folder = Deno.makeTempDirSync();
    try {
      const path = join(folder, "both.html");
      const [a, b] = [recorded("0.164.0-shell"), recorded("0.145.0-shell")];
      assertEquals((await ask("report", a, b, "-o", path)).code, 0);
      const watched = await WatchedPage.open(browser, path, { width: 390 }, "");
      const { page } = watched;
      await page.waitForSelector("main.compare");
      const overflow = await page.evaluate(
        "document.documentElement.scrollWidth - innerWidth",
      );
      assertEquals(overflow, 0);
      // The first turn opens by the keyboard, and lists its steps.
      await page.focus(".turn-pair > summary");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".step-row");
      assert(page.url().endsWith("#compare=2&open=1"), page.url());
      const overlaps = await page.evaluate(`
      Array.from(document.querySelectorAll("main > section"), (each) =>
        each.getBoundingClientRect()).filter(({ top }, at, all) =>
          at > 0 && top < all[at - 1].bottom || all[at].height > 4000).length
    `);
      assertEquals(overlaps, 0);
      await page.evaluate(axe.source);
      const found = await page.evaluate(`axe.run(document, {
      resultTypes: ["violations"],
    }).then(({ violations }) => violations.map(({ id, nodes }) =>
      id + ": " + nodes.map(({ html }) => html.slice(0, 100)).join(" ")
    ))`);
      assertEquals(found, []);
      // The theme stays selected in a session.
      await page.keyboard.press("t");
      await page.getByRole("button", { name: "Theme: light" }).waitFor();
      // A link leads to the step in its own session, which the address names.
      const link = page.locator(".parting .pair > div").nth(1).locator("a").nth(
        1,
      );
      const handle = await link.textContent();
      await link.focus();
      await page.keyboard.press("Enter");
      await page.waitForSelector(".details");
      await page.getByRole("button", { name: "Theme: light" }).waitFor();
      assert(page.url().includes("s=2"), page.url());
      assertEquals(
        await page.locator(".session-link[aria-current]").textContent(),
        "B 0.145.0-shell/bundle",
      );
      assert(
        (await page.locator(".details").textContent())?.includes(`${handle}`),
      );
      await page.keyboard.press("2");
      await page.waitForURL(/s=2&view=timeline/);
      await page.goBack();
      await page.goBack();
      await page.waitForSelector("main.compare .step-row");
      assertEquals(watched.offences, []);
      await watched.close();
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);
