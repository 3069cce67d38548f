/**
 * Ways through a transcript: headings, outline, step-through, find, compactions, rewound items.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import type { ShowAnswer } from "../../../../lib/query/show/show_answer.ts";
import { browserTest } from "../browser.ts";
import { ask, onReport, recorded } from "../../report_file.ts";

const COMPACTED = recorded("0.169.0-compact_remote_manual");
const LOOK = { fragment: "view=transcript", height: 4000 };

async function answerOf(bundle: string): Promise<ShowAnswer> {
  const { stdout } = await ask("show", bundle, "--json");
  return JSON.parse(stdout).answer;
}

function handlesIn(page: Page): Promise<string[]> {
  return page.locator(".card").evaluateAll((cards) =>
    cards.map((card) => card.getAttribute("aria-label")?.split(",")[0] ?? "")
  );
}

for (
  const name of [
    "0.169.0-compact_remote_manual",
    "0.164.0-stream_drop",
    "0.164.0-shell",
  ]
) {
  browserTest(
    `the turns of ${name} have the figures that show prints`,
    async (browser) => {
      const bundle = recorded(name);
      const { turns } = await answerOf(bundle);
      await onReport(browser, bundle, LOOK, async ({ page }) => {
        const shown = await page.locator(".turn-heading").allInnerTexts();
        assertEquals(shown.length, turns.length);
        turns.forEach(({ outcome, calls, tokens, turn }, i) => {
          const text = (shown[i] ?? "").replaceAll(/\s+/g, " ");
          assertStringIncludes(text, turn.handle);
          assertStringIncludes(text, outcome ?? "unknown");
          assertStringIncludes(text, `${calls} LLM request`);
          if (tokens.input_tokens === null) return;
          assertStringIncludes(
            text,
            `${tokens.input_tokens.toLocaleString("en-US")} tokens in`,
          );
        });
      });
    },
  );
}

browserTest(
  "the outline lists turns, requests and compactions, and goes to each",
  async (browser) => {
    await onReport(
      browser,
      COMPACTED,
      { ...LOOK, height: 500 },
      async ({ page }) => {
        const entries = await page.locator(".outline button").allInnerTexts();
        assertStringIncludes(entries[0] ?? "", "turn:1 · ok");
        assert(entries.some((each) => each.includes("call:1 · exec_command")));
        assert(entries.some((each) => each.includes("history compacted")));
        await page.locator(".outline button", { hasText: "call:4" }).click();
        const mark = page.locator(".mark-answer", { hasText: "call:4" });
        await mark.waitFor();
        await page.waitForFunction(() => {
          const each = [...document.querySelectorAll(".mark-answer")]
            .find((mark) => mark.textContent?.includes("call:4"));
          const box = each?.getBoundingClientRect();
          return box !== undefined && box.top > 100 && box.bottom < 500;
        });
      },
    );
  },
);

browserTest(
  "a step to the next request shows its new input and its output",
  async (browser) => {
    await onReport(
      browser,
      recorded("0.164.0-shell"),
      { ...LOOK, fragment: "view=transcript&at=1" },
      async ({ page }) => {
        assertEquals(await page.locator(".card").count(), 4 + 2);
        await page.locator(".scroller").focus();
        await page.keyboard.press("]");
        await page.locator(".mark-new").waitFor();
        assertEquals(await handlesIn(page), [
          "item:5",
          "item:6",
          "item:7",
          "item:8",
          "item:9",
        ]);
        assertStringIncludes(
          await page.locator(".mark-new").innerText(),
          "input: 3 items new since",
        );
        assertStringIncludes(
          await page.locator(".mark-answer").innerText(),
          "output: response of",
        );
        await page.getByRole("button", { name: "show 4 items" }).click();
        assertEquals((await handlesIn(page)).length, 9);
        // What a link selects is never hidden.
        await page.evaluate(() =>
          location.hash = "view=transcript&at=3&item=2"
        );
        await page.locator(".card.selected").waitFor();
      },
    );
  },
);

browserTest(
  "find goes from match to match, and opens what is folded",
  async (browser) => {
    await onReport(
      browser,
      recorded("0.164.0-shell"),
      { ...LOOK, height: 500 },
      async ({ page }) => {
        await page.keyboard.press("/");
        assertEquals(
          await page.locator(":focus").getAttribute("aria-label"),
          "Find in this transcript",
        );
        await page.keyboard.type("NOTES.TXT");
        const status = page.locator(".find-bar [role=status]");
        await page.waitForFunction(() =>
          document.querySelector(".find-bar [role=status]")?.textContent ===
            "4 items"
        );
        await page.keyboard.press("Enter");
        assertEquals(await status.innerText(), "1 of 4");
        await page.locator(".scroller").focus();
        await page.keyboard.press("n");
        assertEquals(await status.innerText(), "2 of 4");
        await page.keyboard.press("N");
        await page.keyboard.press("N");
        assertEquals(await status.innerText(), "4 of 4");
        await page.waitForFunction(() =>
          (CSS.highlights.get("find")?.size ?? 0) > 0
        );
        await page.fill(".find-bar input", "look first");
        await page.locator(".card.role-assistant pre", {
          hasText: "Look first",
        }).first().waitFor();
        await page.fill(".find-bar input", "no such words");
        await page.waitForFunction(() =>
          document.querySelector(".find-bar [role=status]")?.textContent ===
            "none"
        );
      },
    );
  },
);

browserTest(
  "a compaction shows what was kept, dropped and added, as show counts it",
  async (browser) => {
    const { compactions: [first] } = await answerOf(COMPACTED);
    const effect = first?.effect;
    assert(effect !== undefined && effect !== null);
    await onReport(browser, COMPACTED, LOOK, async ({ page }) => {
      const mark = page.locator(".mark-compacted").first();
      await mark.getByRole("button", { name: "show what was kept" }).click();
      const text = await mark.locator(".effect").innerText();
      assertStringIncludes(text, `kept, ${effect.kept.length}`);
      assertStringIncludes(text, `dropped, ${effect.dropped.length}`);
      assertStringIncludes(text, `added, ${effect.added.length}`);
      assertStringIncludes(text, "repeated");
      assertStringIncludes(text, effect.prompt_before?.call.handle ?? "?");
    });
  },
);
