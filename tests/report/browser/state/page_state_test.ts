/**
 * The page keeps where the reader is: over views, in the address, for the keyboard, in print.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import {
  browserTest,
  rendered,
  settledBox,
  showPlace,
  WatchedPage,
} from "../browser.ts";
import { amountText } from "../../../../lib/text/figures.ts";
import { ask, onReport, recorded, reportOf } from "../../report_file.ts";

const AGENTS = recorded("0.164.0-agents_v2_sol_tree");
const CODE = recorded("0.169.0-code_mode_tools");
const DROPPED = recorded("0.164.0-stream_drop");

/** The word of an address. */
function wordOf(page: Page, name: string): Promise<string | null> {
  return page.evaluate(
    (word) => new URLSearchParams(location.hash.slice(1)).get(word),
    name,
  );
}

/** Waits until a word of the address has a value. */
async function waitForWord(
  page: Page,
  name: string,
  value: string,
): Promise<void> {
  await page.waitForFunction(
    ([word, wanted]) =>
      new URLSearchParams(location.hash.slice(1)).get(word ?? "") === wanted,
    [name, value],
  );
}

/** Waits until the address has the first row of a list that is in view; it is not the first of all. */
async function restingRow(page: Page): Promise<number> {
  const row = await page.waitForFunction(() => {
    const scroller = document.querySelector(".scroller");
    const top = scroller?.getBoundingClientRect().top ?? 0;
    const rows = [...document.querySelectorAll(".scroller article")]
      .filter((each) => each.getBoundingClientRect().bottom > top + 1)
      .map((each) => Number(each.getAttribute("data-index")));
    const first = Math.min(...rows);
    const kept = new URLSearchParams(location.hash.slice(1)).get("y");
    return kept === String(first) ? first : 0;
  });
  return await row.jsonValue();
}

browserTest(
  "a view that the reader returns to shows the same rows, also after a reload",
  async (browser) => {
    await onReport(
      browser,
      CODE,
      { fragment: "view=transcript", height: 500 },
      async ({ page }) => {
        await page.waitForSelector("article");
        await page.locator(".scroller").hover();
        await page.mouse.wheel(0, 1500);
        const row = await restingRow(page);
        await page.keyboard.press("1");
        await page.waitForSelector(".overview");
        assertEquals(await wordOf(page, "y"), null);
        await page.locator(".overview").evaluate((view) =>
          view.scrollTop = 200
        );
        await waitForWord(page, "y", "200");
        await page.keyboard.press("3");
        await page.waitForSelector("article");
        assertEquals(await restingRow(page), row);
        await page.reload();
        await page.waitForSelector("article");
        assertEquals(await restingRow(page), row);
        await page.goBack();
        await page.waitForSelector(".overview");
        await page.waitForFunction(() =>
          document.querySelector(".overview")?.scrollTop === 200
        );
      },
    );
  },
);

browserTest(
  "a key that opens a view moves the focus into it, and Escape moves it back",
  async (browser) => {
    await onReport(browser, CODE, {}, async ({ page }) => {
      await page.keyboard.press("2");
      await page.waitForSelector(".tl-stage:focus");
      await page.keyboard.press("Home");
      await page.keyboard.press("Enter");
      await page.waitForSelector("aside.details");
      assertEquals(await page.locator(".tl-stage:focus").count(), 1);
      await page.keyboard.press("i");
      assertEquals(await page.locator("aside :focus").count(), 1);
      await page.keyboard.press("Escape");
      await page.waitForSelector("aside.details", { state: "detached" });
      assertEquals(await page.locator(".tl-stage:focus").count(), 1);
      await page.keyboard.press("3");
      await page.waitForSelector("article:focus");
      await page.keyboard.press("j");
      await page.waitForSelector("article:focus");
      await page.keyboard.press("5");
      await page.waitForSelector("input[type=search]:focus");
    });
  },
);

browserTest(
  "every object is shown in timeline and transcript from its details",
  async (browser) => {
    const objects = ["tool=1", "call=2", "item=4", "turn=1", "thread=2"];
    await onReport(browser, AGENTS, {}, async ({ page }) => {
      for (const object of [...objects, "edge=1", "payload=5"]) {
        await page.evaluate(
          (words) => location.hash = `#view=log&${words}`,
          object,
        );
        const links = page.getByRole("group", { name: "Show in" });
        await links.getByRole("button", { name: "timeline" }).click();
        await page.waitForSelector(".tl-stage:focus");
        await links.getByRole("button", { name: "transcript" }).click();
        await page.waitForSelector("article:focus");
        assertEquals(await wordOf(page, "view"), "transcript", object);
      }
    });
  },
);

browserTest(
  "details have tabs, and their size follows mouse and keys",
  async (browser) => {
    await onReport(
      browser,
      AGENTS,
      { fragment: "view=log&call=2" },
      async ({ page }) => {
        await page.getByRole("tab", { name: "overview" }).focus();
        await page.keyboard.press("ArrowRight");
        await page.waitForSelector("[role=tab][data-tab=evidence]:focus");
        assertStringIncludes(
          await page.getByRole("tabpanel").innerText(),
          "inference_started",
        );
        assertEquals(await wordOf(page, "tab"), "evidence");
        await page.keyboard.press("ArrowRight");
        assertStringIncludes(
          await page.getByRole("tabpanel").innerText(),
          "inference_call",
        );
        await page.reload();
        await page.waitForSelector("[data-tab=raw][aria-selected=true]");
        const width = async () =>
          (await page.locator("aside.details").boundingBox())?.width ?? 0;
        const before = await width();
        const separator = page.getByRole("separator");
        await separator.focus();
        await page.keyboard.press("ArrowLeft");
        const wider = await width();
        assert(wider > before + 30, `${wider} and ${before}`);
        assertEquals(await separator.getAttribute("aria-valuenow"), "42");
        const box = await separator.boundingBox();
        assert(box !== null);
        await page.mouse.move(box.x + 2, box.y + 100);
        await page.mouse.down();
        await page.mouse.move(box.x + 202, box.y + 100);
        await page.mouse.up();
        assert(await width() < wider - 150, "the mouse makes it smaller");
      },
    );
  },
);

browserTest(
  "an object is copied as text, JSON, handle, command and request",
  async (browser) => {
    const look = { fragment: "view=log&call=2", flags: ["--payloads", "all"] };
    await onReport(browser, AGENTS, look, async ({ page }) => {
      const origin = await page.evaluate(() => location.origin);
      await page.context().grantPermissions(
        ["clipboard-read", "clipboard-write"],
        origin === "null" || origin === "file://" ? {} : { origin },
      );
      const copy = async (name: string) => {
        const group = page.getByRole("group", { name: "Copy" });
        await group.getByRole("button", { name, exact: true }).click();
        await group.getByRole("status").filter({ hasText: `${name} copied` })
          .waitFor();
        return await page.evaluate(() => navigator.clipboard.readText());
      };
      assertEquals(await copy("handle"), "call:2");
      assertEquals(
        await copy("CLI command"),
        "rollout-trace explain 0.164.0-agents_v2_sol_tree/bundle call:2",
      );
      const object = JSON.parse(await copy("JSON"));
      assertEquals(object.handle, "call:2");
      assert(object.request.every((each: string) => /^item:\d+$/.test(each)));
      assert((await copy("text")).length > 0);
      const [first, body, ...rest] = (await copy("curl")).split(
        /\n(?=\{|JSON)/,
      );
      assertEquals(first, `curl --json @- "$URL" <<'JSON'`);
      assertEquals(typeof JSON.parse(body ?? "").model, "string");
      assertEquals(rest, ["JSON\n"]);
    });
  },
);

browserTest(
  "a view that fails does not affect the others",
  async (browser) => {
    // The overview reads these figures, no other view does.
    const page = Deno.readTextFileSync(await reportOf(AGENTS));
    const damaged = page.replace(`"stats":{"models":[`, `"stats":{"m":[`);
    assert(damaged !== page);
    const path = Deno.makeTempFileSync({ suffix: ".html" });
    try {
      Deno.writeTextFileSync(path, damaged);
      const watched = await WatchedPage.open(browser, path, {}, "");
      await watched.page.waitForSelector("main .broken");
      await watched.page.keyboard.press("2");
      await watched.page.waitForSelector("main .timeline");
      await watched.page.keyboard.press("1");
      await watched.page.waitForSelector("main .broken");
      assertEquals(watched.offences, []);
      await watched.close();
    } finally {
      Deno.removeSync(path);
    }
  },
);

browserTest(
  "an address with places that are not valid shows the view from its start",
  async (browser) => {
    const addresses = [
      "v=1&view=timeline&t=1e999_2&range=__proto__&fold=1-999999.&y=1e9",
      "v=1&view=timeline&t=5_1&range=-5_-1&fold=0-0&idle=__proto__&path=2",
      "v=1&view=timeline&t=1_2&t=3&y=999999999&tab=constructor&tool=1",
      "v=2&view=timeline&t=1_2&y=50",
      "v=1&view=transcript&y=999999999",
    ];
    for (const fragment of addresses) {
      await onReport(browser, DROPPED, { fragment }, async ({ page }) => {
        await rendered(page);
        assertEquals(await page.locator("main > section").count(), 1, fragment);
        assertEquals(await page.locator(".broken").count(), 0, fragment);
      });
    }
  },
);

browserTest(
  "a printed page has every row of its lists and tables, and the details",
  async (browser) => {
    const agents = recorded("0.169.0-agents_v2_fail");
    await onReport(browser, agents, {}, async ({ page }) => {
      await page.evaluate(`addEventListener("beforeprint", () => {
        const counts = {
          hidden: [...document.querySelectorAll("main .link")]
            .filter((each) => /more$|^show all/.test(each.textContent)).length,
          scrollers: document.querySelectorAll("main .scroller").length,
          details: document.querySelectorAll("aside.details .facts").length,
        };
        document.body.dataset.printed = JSON.stringify(counts);
      })`);
      for (const view of ["overview", "timeline", "transcript", "log"]) {
        await showPlace(page, `view=${view}&call=1`);
        await page.evaluate(() => delete document.body.dataset["printed"]);
        const pdf = await page.pdf();
        assertEquals(
          await page.evaluate(() => document.body.dataset["printed"]),
          JSON.stringify({ hidden: 0, scrollers: 0, details: 1 }),
          view,
        );
        const text = new TextDecoder("latin1").decode(pdf);
        const pages = text.match(/\/Type ?\/Page\b(?!s)/g)?.length ?? 0;
        assert(pages >= 1 && pages < 40, `${view}: ${pages} pages`);
      }
    });
  },
);

browserTest(
  "the timeline opens on the object of a link, and keeps its zoom",
  async (browser) => {
    const look = { fragment: "view=timeline&call=2" };
    await onReport(browser, AGENTS, look, async ({ page }) => {
      const brush = () => settledBox(page, ".tl-brush");
      const map = await page.locator(".tl-map").boundingBox();
      const opened = await brush();
      assert(map !== null);
      assert(opened.width < map.width * 0.95, `${opened.width} is everything`);
      const before = await wordOf(page, "t");
      await page.locator(".tl-stage").focus();
      await page.keyboard.press("+");
      const zoomed = await brush();
      assert(zoomed.width < opened.width, `${zoomed.width}, ${opened.width}`);
      await page.waitForFunction(
        (old) => new URLSearchParams(location.hash.slice(1)).get("t") !== old,
        before,
      );
      const range = await wordOf(page, "t") ?? "";
      assert(/^-?[\d.]+_[\d.]+$/.test(range), range);
      await page.keyboard.press("4");
      await page.waitForSelector(".agents");
      await page.keyboard.press("2");
      await page.waitForSelector(".timeline");
      assertEquals(await brush(), zoomed, "after another view");
      await page.reload();
      await page.waitForSelector(".timeline");
      assertEquals(await brush(), zoomed, "after a reload");
    });
  },
);

browserTest(
  "the timeline adds up a range, shows a critical path, and folds lanes",
  async (browser) => {
    const look = { fragment: "view=timeline" };
    await onReport(browser, AGENTS, look, async ({ page }) => {
      await page.locator(".tl-stage").focus();
      for (const key of ["Home", "r"]) await page.keyboard.press(key);
      const range = page.getByRole("group", { name: "Range" });
      assertStringIncludes(await range.innerText(), "LLM requests");
      assert(await wordOf(page, "range") !== "", "the address has the range");
      await page.keyboard.press("Escape");
      await range.waitFor({ state: "detached" });
      const box = await page.locator(".tl-canvas").boundingBox();
      assert(box !== null);
      await page.mouse.move(box.x + 100, box.y + 10);
      await page.mouse.down();
      await page.mouse.move(box.x + 600, box.y + 14, { steps: 4 });
      await page.mouse.up();
      assertStringIncludes(await range.innerText(), "tool calls");
      await page.getByRole("button", { name: "Critical path" }).click();
      const path = page.getByRole("group", { name: "Critical path" });
      const text = await path.innerText();
      assertStringIncludes(text, "turn:1");
      assertStringIncludes(text, "Huygens");
      const height = () =>
        page.locator(".tl-body").evaluate((body) => body.clientHeight);
      const full = await height();
      await page.getByRole("button", { name: "Fold all", exact: true }).click();
      assert(await height() <= full);
      assertEquals(await page.locator(".tl-folded").count(), 3);
      await waitForWord(page, "fold", "1-3");
      await page.reload();
      await page.waitForSelector(".tl-folded");
      assertEquals(await page.locator(".tl-folded").count(), 3);
      assertEquals(await path.innerText(), text);
      assertStringIncludes(await range.innerText(), "tool calls");
      await page.getByRole("button", { name: "Lane of /root" }).click();
      assertEquals(await page.locator(".tl-folded").count(), 2);
      const before = await settledBox(page, ".tl-brush");
      await page.locator(".tl-stage").focus();
      await page.keyboard.press("w");
      const closer = await settledBox(page, ".tl-brush");
      assert(closer.width < before.width);
      await page.keyboard.press("d");
      const later = await settledBox(page, ".tl-brush");
      assert(later.left > closer.left, "d moves in time");
    });
  },
);

browserTest(
  "the overview shows errors by cause, and the filters act on it",
  async (browser) => {
    const failing = recorded("0.169.0-agents_v2_fail");
    await onReport(browser, failing, {}, async ({ page }) => {
      const panel = page.locator(".panel", { hasText: "Errors by cause" });
      assertStringIncludes(await panel.innerText(), "3 errors");
      const threads = page.locator("table", { hasText: "time in turns" });
      assertEquals(await threads.locator("tbody tr").count(), 2);
      await page.getByLabel("Thread", { exact: true }).selectOption({
        index: 2,
      });
      assertEquals(await threads.locator("tbody tr").count(), 1);
      const tile = page.locator(".tile", { hasText: "LLM requests" });
      assertStringIncludes(await tile.innerText(), "1 failed");
      assertStringIncludes(
        await page.locator(".tile").first().innerText(),
        "Time in turns",
      );
    });
  },
);

browserTest(
  "costs by the prices of the reader are those of the commands",
  async (browser) => {
    const folder = Deno.makeTempDirSync();
    try {
      const prices = `${folder}/prices.jsonc`;
      const model = { input: 1.25, cached_input: 0.125, output: 10 };
      const models = { "gpt-5.6-sol": model };
      Deno.writeTextFileSync(
        prices,
        JSON.stringify({ prices: { currency: "USD", models } }),
      );
      const shown = await ask("show", AGENTS, "--json", "--config", prices);
      const { cost } = JSON.parse(shown.stdout).answer;
      assert(cost.amount > 0);
      const look = { flags: ["--config", prices], fragment: "view=timeline" };
      await onReport(browser, AGENTS, look, async ({ page }) => {
        await page.locator(".tl-stage").focus();
        for (const key of ["Home", "r"]) await page.keyboard.press(key);
        const sums = page.getByRole("group", { name: "Range" });
        assertStringIncludes(await sums.innerText(), "USD");
        await page.keyboard.press("1");
        const tile = page.locator(".tile", { hasText: "Cost" });
        assertStringIncludes(
          await tile.innerText(),
          `${amountText(cost.amount)} USD`,
        );
      });
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);
