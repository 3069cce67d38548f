/**
 * The agents in a browser: the tree with its numbers, and messages that open both their ends.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { browserTest } from "./browser.ts";
import { onReport, recorded } from "../report_file.ts";

const AGENTS = recorded("0.164.0-agents_v2_sol_tree");
const VIEW = { fragment: "view=agents" };

interface Call {
  readonly thread_id: string;
  readonly usage: { input_tokens: number; output_tokens: number } | null;
}

/** Tokens in and out of each thread, from the state that the reference made of the bundle. */
function tokensOfReference(): string[] {
  const state = JSON.parse(
    Deno.readTextFileSync(join(AGENTS, "..", "expected.state.json")),
  );
  const sums = new Map<string, [number, number]>();
  for (const call of Object.values<Call>(state.inference_calls)) {
    const [input, output] = sums.get(call.thread_id) ?? [0, 0];
    sums.set(call.thread_id, [
      input + (call.usage?.input_tokens ?? 0),
      output + (call.usage?.output_tokens ?? 0),
    ]);
  }
  return [...sums.values()].map((sum) =>
    sum.map((n) => n.toLocaleString("en")).join(" ")
  ).sort();
}

browserTest(
  "every thread has its row, with the tokens of its requests",
  async (browser) => {
    await onReport(browser, AGENTS, VIEW, async ({ page }) => {
      const rows = page.locator(".agents-tree tbody tr");
      assertEquals(await rows.count(), 3);
      const shown: string[] = [];
      for (const row of await rows.all()) {
        const cells = await row.locator("td").allInnerTexts();
        shown.push(cells.slice(-2).map((text) => text.trim()).join(" "));
      }
      assertEquals(shown.sort(), tokensOfReference());
    });
  },
);

browserTest(
  "every message is in order and opens both its ends",
  async (browser) => {
    await onReport(browser, AGENTS, VIEW, async ({ page }) => {
      const messages = page.locator(".agents-message");
      assertEquals(await messages.locator(".agents-kind").allTextContents(), [
        ...["spawn", "spawn", "message", "message", "result"],
      ]);
      const times = await messages.locator(".agents-time").allTextContents();
      const sorted = times.toSorted((a, b) => parseInt(a) - parseInt(b));
      assertEquals(times, sorted);
      const third = messages.nth(2);
      const text = await third.innerText();
      for (
        const result of [
          "Huygens",
          "/root",
          "delivered after",
          "sent by",
          "delivered in",
        ]
      ) {
        assert(text.includes(result), `${result} is missing in: ${text}`);
      }
      const ends = third.locator(".agents-ends .object");
      for (const [index, kind] of [[0, "tool:"], [1, "item:"]] as const) {
        await ends.nth(index).click();
        await page.locator(".details", { hasText: kind }).waitFor();
      }
      await third.locator(".agents-kind").click();
      await page.locator(".details", { hasText: "edge:" }).waitFor();
      assert(page.url().includes("edge="), page.url());
    });
  },
);

browserTest(
  "a session of one thread reports that it has no edge between threads",
  async (browser) => {
    const alone = recorded("0.164.0-shell");
    await onReport(browser, alone, VIEW, async ({ page }) => {
      const text = await page.locator(".agents").innerText();
      assert(text.includes("No edge between threads was recorded"), text);
    });
  },
);
