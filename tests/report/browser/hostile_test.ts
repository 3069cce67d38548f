/**
 * A hostile bundle in a browser: every name, id and text attacks; nothing runs, nothing leaves.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Page } from "playwright-core";
import { browserTest, showPlace } from "./browser.ts";
import { MARK, writeHostileBundle } from "./hostile_bundle.ts";
import { onReport, recorded } from "../report_file.ts";

/** Every view, and the details of an object of every kind. */
const PLACES = [
  ...["overview", "timeline", "transcript", "agents", "search", "log"],
  "search&q=script",
  ...["thread", "turn", "item", "call", "tool", "cell", "op", "edge", "payload"]
    .map((kind) => `transcript&${kind}=${kind}:1`),
];

const CASES = [
  "0.164.0-agents_v2_sol_tree",
  "0.169.0-code_mode_tools",
  "0.169.0-compact_remote_manual",
  "0.164.0-stream_drop",
];

/** Elements that only the bundle could have brought: the page itself has none of them. */
const SMUGGLED =
  "img, iframe, base, a[href^='javascript'], svg[onload], [onerror]";

async function isIdle(page: Page): Promise<void> {
  assertEquals(await page.evaluate(`globalThis.${MARK}`), undefined);
  assertEquals(await page.locator(SMUGGLED).count(), 0);
  const scripts = await page.locator("body script:not([type])").count();
  assert(scripts <= 1, `${scripts} scripts`);
}

for (const name of CASES) {
  browserTest(
    `nothing of a hostile ${name} runs or leaves`,
    async (browser) => {
      const folder = Deno.makeTempDirSync();
      try {
        const bundle = writeHostileBundle(
          recorded(name),
          join(folder, "bundle"),
        );
        await onReport(browser, bundle, {
          fragment: "view=timeline",
        }, async (watched) => {
          const { page } = watched;
          await page.locator(".tl-stage").focus();
          for (const key of ["Home", "ArrowDown", "ArrowRight", "e", "Enter"]) {
            await page.keyboard.press(key);
          }
          const words = await page.locator(".tl-spoken").innerText();
          assert(words !== "" && !/[\u202e\u2066]/.test(words), words);
          const box = await page.locator(".tl-canvas").boundingBox();
          for (let x = 10; x < 600; x += 30) {
            await page.mouse.move((box?.x ?? 0) + x, (box?.y ?? 0) + 70);
          }
          for (const place of PLACES) {
            await showPlace(page, `view=${place}`);
            await page.locator(`main > section`).waitFor();
            // Other kinds are not in every case.
            if (/&(?:thread|turn|item|call|tool)=/.test(place)) {
              await page.locator(".details").waitFor();
            }
            await isIdle(page);
            const text = await page.locator("#app").innerText();
            assert(!/[\u202e\u2066\u200b]/.test(text), place);
          }
          await showPlace(page, "view=transcript");
          await page.locator("article").first().waitFor();
          const read = await page.locator("main").innerText();
          assert(read.includes(`<script>globalThis.${MARK}=1</script>`), read);
        });
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    },
  );
}
