/**
 * The page of a report, read as a reader does: views, search, addresses, keys, sizes.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { walkSync } from "@std/fs";
import { join } from "@std/path";
import type { Page } from "playwright-core";
import { browserTest, rendered, showPlace } from "./browser.ts";
import { TESTDATA } from "../../support/paths.ts";
import { onReport, recorded } from "../report_file.ts";

const AGENTS = recorded("0.164.0-agents_v2_sol_tree");
const CODE = recorded("0.169.0-code_mode_tools");
const COMPACTED = recorded("0.169.0-compact_remote_manual");
const DROPPED = recorded("0.164.0-stream_drop");

const VIEWS = ["Overview", "Timeline", "Transcript", "Agents", "Search", "Log"];

function hashOf(page: Page): Promise<string> {
  return page.evaluate(() => location.hash);
}

browserTest(
  "every view opens by its key and by its tab, and marks itself as current",
  async (browser) => {
    await onReport(browser, AGENTS, {}, async ({ page }) => {
      for (const [i, name] of VIEWS.entries()) {
        await page.evaluate(() => {
          const { activeElement } = document;
          if (activeElement instanceof HTMLElement) activeElement.blur();
        });
        await page.keyboard.press(String(i + 1));
        await page.waitForSelector(`main section[aria-label="${name}"]`);
        assertEquals(
          await page.locator("nav [aria-current=page]").innerText(),
          name,
        );
        assertEquals(await hashOf(page), `#view=${name.toLowerCase()}`);
      }
      await page.getByRole("button", { name: "Overview" }).click();
      await page.waitForSelector(`main section[aria-label="Overview"]`);
      await page.goBack();
      await page.waitForSelector(`main section[aria-label="${VIEWS.at(-1)}"]`);
    });
  },
);

browserTest("an address with an object survives a reload", async (browser) => {
  await onReport(browser, CODE, { fragment: "item=8" }, async ({ page }) => {
    await page.waitForSelector("aside.details");
    const result = () => page.locator("aside.details h2").innerText();
    assertStringIncludes(await result(), "item:8");
    await page.waitForSelector(".card.selected");
    assert(await page.locator(".card.selected").isVisible());
    await page.locator("aside.details .object.kind-turn").first().click();
    await page.locator("aside.details h2", { hasText: "turn:1" }).waitFor();
    const hash = await hashOf(page);
    assertStringIncludes(hash, "turn=1");
    await page.reload();
    await page.waitForSelector("aside.details");
    assertStringIncludes(await result(), "turn:1");
    assertEquals(await hashOf(page), hash);
    await page.goBack();
    await page.locator("aside.details h2", { hasText: "item:8" }).waitFor();
  });
});

browserTest(
  "the transcript shows what a request saw, and what was new in it",
  async (browser) => {
    await onReport(
      browser,
      COMPACTED,
      { fragment: "view=transcript&at=2", height: 3000 },
      async ({ page }) => {
        await page.waitForSelector(".mark-answer");
        assertStringIncludes(
          await page.locator(".mark-new").innerText(),
          "new since",
        );
        assert(await page.locator(".card .badge").count() > 0);
        await page.locator(".scroller").focus();
        await page.keyboard.press("]");
        await page.waitForSelector(".mark-compacted");
        assertStringIncludes(await hashOf(page), "at=3");
        assertStringIncludes(
          await page.locator(".mark-compacted").innerText(),
          "history compacted",
        );
        await page.locator(".scroller").focus();
        await page.keyboard.press("[");
        assertStringIncludes(await hashOf(page), "at=2");
      },
    );
  },
);

browserTest(
  "search finds text, names and errors, and marks where",
  async (browser) => {
    await onReport(
      browser,
      DROPPED,
      { fragment: "view=search" },
      async ({ page }) => {
        const search = async (words: string) => {
          await page.fill("input[type=search]", words);
          await page.waitForFunction((wanted) => {
            const result =
              document.querySelector("[role=status]")?.textContent ??
                "";
            const query = new URLSearchParams(location.hash.slice(1)).get("q");
            return query === wanted && !result.includes("so far");
          }, words);
          await rendered(page);
        };
        await search("STREAM DISCONNECTED");
        const marked = await page.locator("mark").allInnerTexts();
        assert(marked.length > 0);
        for (const each of marked) {
          assertEquals(each.toLowerCase(), "stream disconnected");
        }
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("Enter");
        await page.waitForSelector("aside.details");
        assertStringIncludes(
          await page.locator("aside.details").innerText(),
          "stream disconnected",
        );
        await search("no such words");
        assertStringIncludes(
          await page.locator("main").innerText(),
          "Nothing found",
        );
        await search("call:1");
        assert(await page.locator("mark").count() > 0);
      },
    );
  },
);

browserTest(
  "filters hold in every view and in the address",
  async (browser) => {
    await onReport(
      browser,
      DROPPED,
      { fragment: "view=log" },
      async ({ page }) => {
        const all = await page.locator("article").first().getAttribute(
          "aria-setsize",
        );
        await page.keyboard.press("f");
        await page.waitForFunction(
          (before) =>
            document.querySelector("article")?.getAttribute("aria-setsize") !==
              before,
          all,
        );
        assertStringIncludes(await hashOf(page), "failed=1");
        assert(await page.locator(".filters input").isChecked());
        await page.getByRole("button", { name: "clear" }).click();
        assertEquals(await hashOf(page), "#view=log");
      },
    );
  },
);

/** Presses keys faster than the page draws, where the focus is at each. */
function pressFast(page: Page, keys: readonly string[]): Promise<void> {
  return page.evaluate(async (all) => {
    for (const key of all) {
      const event = { key, bubbles: true, cancelable: true };
      document.activeElement?.dispatchEvent(
        new KeyboardEvent("keydown", event),
      );
      await new Promise((handled) => setTimeout(handled));
    }
  }, keys);
}

browserTest("the complete page can be used by keys alone", async (browser) => {
  await onReport(browser, CODE, {}, async ({ page }) => {
    await page.keyboard.press("Tab");
    assertEquals(
      await page.locator(":focus").innerText(),
      "Skip to the content",
    );
    await page.keyboard.press("Enter");
    assertEquals(await page.locator("main:focus").count(), 1);
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
    assertStringIncludes(
      await page.locator("dialog").innerText(),
      "Transcript",
    );
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    await page.keyboard.press("3");
    await page.locator(".scroller").focus();
    await pressFast(page, ["j", "ArrowDown", "j", "k"]);
    await page.waitForSelector('article[data-index="2"]:focus');
    await page.keyboard.press("Enter");
    await page.waitForSelector("aside.details");
    assertStringIncludes(await hashOf(page), "item=2");
    await page.keyboard.press("d");
    assertEquals(await page.locator("aside :focus").count(), 1);
    await page.keyboard.press("d");
    assertEquals(await page.locator("article:focus").count(), 1);
    await page.keyboard.press("Escape");
    await page.waitForSelector("aside.details", { state: "detached" });
    await page.locator(".scroller").focus();
    const setSize = await page.locator("article").first()
      .getAttribute("aria-setsize");
    await page.waitForSelector("article");
    await pressFast(page, ["End", "k", "j"]);
    await page.waitForSelector(`article[aria-posinset="${setSize}"]:focus`);
    await page.keyboard.press("/");
    await page.waitForSelector("input[type=search]:focus");
  });
});

browserTest(
  "everything that can be used has a name, and focus is seen",
  async (browser) => {
    await onReport(
      browser,
      AGENTS,
      { fragment: "tool=1&view=transcript" },
      async ({ page }) => {
        await page.waitForSelector("aside.details");
        const nameless = await page.evaluate(() =>
          [...document.querySelectorAll("button, select, input")].filter((
            each,
          ) =>
            !(each.textContent?.trim() || each.getAttribute("aria-label") ||
              each.closest("label"))
          ).map(({ outerHTML }) => outerHTML.slice(0, 120))
        );
        assertEquals(nameless, []);
        assertEquals(
          await page.evaluate(() =>
            ["header", "nav", "main", "aside"].map((tag) =>
              document.querySelectorAll(tag).length
            )
          ),
          // The views, and the outline of the transcript.
          [1, 2, 1, 1],
        );
        await page.keyboard.press("Tab");
        await page.keyboard.press("Tab");
        const width = await page.evaluate(() =>
          getComputedStyle(document.activeElement ?? document.body).outlineWidth
        );
        assertEquals(width, "2px");
      },
    );
  },
);

browserTest("on a phone nothing is wider than the page", async (browser) => {
  const look = { width: 390, height: 844, touch: true };
  for (const bundle of [AGENTS, CODE, COMPACTED, DROPPED]) {
    await onReport(browser, bundle, look, async ({ page }) => {
      for (const name of VIEWS) {
        await page.getByRole("button", { name, exact: true }).tap();
        await page.waitForSelector(`main section[aria-label="${name}"]`);
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          const wide = await page.evaluate(() =>
            document.documentElement.scrollWidth
          );
          assertEquals(wide, 390, `${bundle} ${name} ${colorScheme}`);
        }
      }
    });
  }
});

browserTest(
  "on a phone the head has the name and every button",
  async (browser) => {
    const logs = walkSync(join(TESTDATA, "sessions"), { match: [/rollout-/] });
    const [log] = logs;
    assert(log !== undefined);
    const look = { width: 390, fragment: "view=overview" };
    await onReport(browser, log.path, look, async ({ page }) => {
      const boxes = await page.locator(".head > :is(h1, button)").evaluateAll(
        (all) => all.map((each) => each.getBoundingClientRect().toJSON()),
      );
      assertEquals(boxes.length, 3);
      for (const { left, right, width } of boxes) {
        assert(left >= 0 && right <= 390 && width > 30, JSON.stringify(boxes));
      }
    });
  },
);

browserTest(
  "the theme follows the system until the reader chooses",
  async (browser) => {
    await onReport(browser, DROPPED, { scheme: "dark" }, async ({ page }) => {
      const ground = () =>
        page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const dark = await ground();
      await page.keyboard.press("t");
      const light = await ground();
      assert(dark !== light);
      await page.keyboard.press("t");
      assertEquals(await ground(), dark);
    });
  },
);

browserTest(
  "a page printed holds the complete list, not what was visible",
  async (browser) => {
    const look = { height: 400, fragment: "view=transcript" };
    await onReport(browser, CODE, look, async ({ page }) => {
      await page.waitForSelector("article");
      const all = Number(
        await page.locator("article").first().getAttribute("aria-setsize"),
      );
      assert(await page.locator("article").count() < all);
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      assertEquals(await page.locator("article").count(), all);
      await page.evaluate(() => dispatchEvent(new Event("afterprint")));
      assert(await page.locator("article").count() < all);
    });
  },
);

browserTest(
  "an address made by a third party selects nothing and breaks nothing",
  async (browser) => {
    const addresses = [
      "item=__proto__",
      "item=999999",
      "view=constructor",
      "tool=%3Cscript%3E&kind=%3Cimg%3E&only=unknown",
      "q=%3Cscript%3Ealert(1)%3C/script%3E&view=search",
      "%E0%A4%A",
      "view=transcript&at=toString&of=constructor",
    ];
    // The first as it is opened, the others as the address changes.
    const [fragment = "", ...others] = addresses;
    await onReport(browser, DROPPED, { fragment }, async ({ page }) => {
      for (const each of [fragment, ...others]) {
        if (each !== fragment) await showPlace(page, each);
        assertEquals(await page.locator("main > *").count(), 1, each);
      }
    });
  },
);

browserTest(
  "excerpts of hits have an ellipsis where the text continues",
  async (browser) => {
    const look = { fragment: "view=search&q=exec" };
    await onReport(browser, CODE, look, async ({ page }) => {
      const [first = ""] = await page.locator(".snippet").allInnerTexts();
      assertEquals(first.endsWith("…"), true, first);
    });
  },
);
