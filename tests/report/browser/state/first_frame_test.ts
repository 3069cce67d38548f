/**
 * What a reader does right after something was shown counts, and is not undone by a later frame: on a
 * busy machine the first frame is late.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { browserTest, releaseFrames, rendered } from "../browser.ts";
import { onReport, recorded } from "../../report_file.ts";

const AGENTS = recorded("0.164.0-agents_v2_sol_tree");
const CODE = recorded("0.169.0-code_mode_tools");

/** A page whose frames and timers wait. */
function held(fragment: string) {
  return { fragment, height: 500, heldFrames: true };
}

browserTest(
  "keys and addresses count before the first frame",
  async (browser) => {
    await onReport(browser, CODE, held("view=overview"), async ({ page }) => {
      await page.keyboard.press("6");
      await page.locator("main > .log").waitFor();
    });
    await onReport(browser, CODE, held("view=overview"), async ({ page }) => {
      await page.evaluate("location.hash = 'view=agents'");
      await page.locator('[aria-current="page"]', { hasText: "Agents" })
        .waitFor();
    });
  },
);

browserTest(
  "a row that is reached before the first frame stays the current one",
  async (browser) => {
    const look = held("view=overview&item=2");
    await onReport(browser, CODE, look, async ({ page }) => {
      await page.keyboard.press("3");
      const all = await page.locator("article").first().getAttribute(
        "aria-setsize",
      );
      await page.locator(".scroller").focus();
      await page.keyboard.press("End");
      await page.locator(`article.current[aria-posinset="${all}"]`).waitFor();
      await releaseFrames(page);
      await rendered(page);
      assertEquals(
        await page.locator("article.current").getAttribute("aria-posinset"),
        all,
      );
    });
  },
);

browserTest(
  "a key in the timeline counts before the first frame",
  async (browser) => {
    await onReport(browser, AGENTS, held("view=overview"), async ({ page }) => {
      await page.keyboard.press("2");
      await page.keyboard.press("Home");
      await page.locator(".tl-spoken", { hasText: "Turn turn:1" }).waitFor();
    });
  },
);

browserTest(
  "what is typed after the key of the search goes into its field",
  async (browser) => {
    await onReport(browser, AGENTS, held("view=overview"), async ({ page }) => {
      await page.keyboard.press("/");
      await page.keyboard.type("call:1");
      assertEquals(await page.inputValue("input[type=search]"), "call:1");
      await releaseFrames(page);
      await page.locator("mark").first().waitFor();
    });
  },
);

browserTest(
  "the help is closed by the key after the one that opens it",
  async (browser) => {
    await onReport(browser, AGENTS, held("view=overview"), async ({ page }) => {
      await page.keyboard.press("?");
      await page.keyboard.press("Escape");
      await page.locator("dialog").waitFor({ state: "detached" });
      await releaseFrames(page);
      assertEquals(await page.locator("dialog").count(), 0);
    });
  },
);
