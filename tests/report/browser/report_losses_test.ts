/**
 * What the page shows of a session of which evidence was lost, or never recorded.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { browserTest, showPlace } from "./browser.ts";
import { onCopyWithout, onReport, recorded } from "../report_file.ts";

/** The number of a tile of the overview, and the line below it. */
async function tile(page: Page, name: string): Promise<string> {
  const own = page.locator(".tile", { hasText: name });
  return (await own.locator("dd > span").allInnerTexts()).join(" | ");
}

browserTest("after lost events, counts are minimums", async (browser) => {
  const lost = `"inference_completed"`;
  await onCopyWithout("0.169.0-agents_v2", lost, async (bundle) => {
    await onReport(browser, bundle, {}, async ({ page }) => {
      assertStringIncludes(await page.locator(".head").innerText(), "unknown");
      assertEquals(
        await tile(page, "LLM requests"),
        "≥6 | failures unknown",
      );
      const panel = page.locator(".panel", { hasText: "This page is partial" });
      assertStringIncludes(
        await panel.innerText(),
        "Counts and sums are minimums.",
      );
      await showPlace(page, "view=agents");
      assertStringIncludes(
        await page.locator(".agents-tree tbody tr").first().innerText(),
        "unknown failed of",
      );
    });
  });
});

browserTest(
  "without any tool call after lost events, their number is unknown",
  async (browser) => {
    const lost = `"tool_call_`;
    await onCopyWithout("0.169.0-agents_v2", lost, async (bundle) => {
      await onReport(browser, bundle, {}, async ({ page }) => {
        assertEquals(
          await tile(page, "Tool calls"),
          "unknown | failures unknown",
        );
        assertStringIncludes(
          await page.locator(".overview").innerText(),
          "Tool calls are unknown.",
        );
      });
    });
  },
);

browserTest(
  "the chart states of how many requests the size is unknown",
  async (browser) => {
    // In the input of the second request, and of those after it.
    const lost = "function_call_output";
    await onCopyWithout("0.169.0-agents_v2", lost, async (bundle) => {
      await onReport(browser, bundle, {}, async ({ page }) => {
        assertStringIncludes(
          await page.locator(".panel-chart").innerText(),
          "Size unknown of",
        );
        const partial = await page.locator(".panel-warn").innerText();
        assertEquals(partial.includes("could be reduced"), false, partial);
      });
    });
  },
);

browserTest(
  "a thread that failed is marked in its details, whatever its status is",
  async (browser) => {
    const bundle = recorded("0.169.0-agents_v2_fail");
    const look = { fragment: "view=timeline&thread=2" };
    await onReport(browser, bundle, look, async ({ page }) => {
      assertStringIncludes(
        await page.locator(".details-label").innerText(),
        "failed, recorded as completed",
      );
      assertStringIncludes(await page.locator(".head").innerText(), "ok");
    });
  },
);

browserTest("an agent without a result is marked", async (browser) => {
  const result = `"agent_result_observed"`;
  await onCopyWithout("0.169.0-agents_v2", result, async (bundle) => {
    const look = { fragment: "view=agents&thread=2" };
    await onReport(browser, bundle, look, async ({ page }) => {
      const lines = await page.locator(".agents-tree tbody tr").allInnerTexts();
      assertEquals(
        lines.map((line) => line.includes("no result recorded")),
        [false, true],
      );
      assertStringIncludes(
        await page.locator(".details .facts").innerText(),
        "none was recorded",
      );
    });
  }, false);
});

browserTest(
  "what an object cannot have is no unknown fact of it",
  async (browser) => {
    const factsOf = async (name: string, fragment: string) => {
      let facts: string[] = [];
      await onReport(
        browser,
        recorded(name),
        { fragment },
        async ({ page }) => {
          facts = await page.locator(".details .facts > div").allInnerTexts();
        },
      );
      return facts.map((each) => each.replace(/\s+/g, " "));
    };
    const root = await factsOf("0.169.0-agents_v2", "view=agents&thread=1");
    assertEquals(root.filter((each) => each.includes("unknown")), []);
    const terminal = await factsOf("0.169.0-stdin_session", "terminal=1");
    assertEquals(terminal.filter((each) => each.includes("unknown")), []);
    assertEquals(terminal.includes("exit code 3"), true, terminal.join());
  },
);

browserTest(
  "a response that was not recorded is none without tool calls",
  async (browser) => {
    const bundle = recorded("0.171.0-lim_p300");
    const look = { fragment: "view=transcript" };
    await onReport(browser, bundle, look, async ({ page }) => {
      const entries = await page.locator(".outline .entry-call")
        .allInnerTexts();
      assertEquals(
        entries.map((each) => each.includes("not recorded")),
        [false, true, true],
      );
    });
  },
);
