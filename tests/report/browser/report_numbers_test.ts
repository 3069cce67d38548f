/**
 * Numbers of the page are those that the commands print for the same bundle.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { getContextGrowth } from "../../../lib/query/context/context_growth.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { ShowAnswer } from "../../../lib/query/show/show_answer.ts";
import type { StatsAnswer } from "../../../lib/query/stats/stats_answer.ts";
import { durationOf } from "../../../lib/text/figures.ts";
import { browserTest } from "./browser.ts";
import { ask, onReport, recorded } from "../report_file.ts";

const CASES = [
  "0.164.0-agents_v2_sol_tree",
  "0.164.0-stream_drop",
  "0.169.0-agents_v2_fail",
  "0.169.0-code_mode_tools",
  "0.169.0-compact_remote_manual",
  "0.169.0-mcp",
];

/** `12,345` for 12345, `unknown` for null. */
function spelled(value: number | bigint | null): string {
  return value === null ? "unknown" : value.toLocaleString("en-US");
}

/** The tiles of the overview: name → number, and the line below it. */
async function tilesOf(page: Page): Promise<Map<string, string>> {
  const found = await page.locator(".tile").evaluateAll((tiles) =>
    tiles.map((tile): [string, string] => [
      tile.querySelector("dt")?.textContent?.trim() ?? "",
      [...tile.querySelectorAll("dd > span")]
        .map((each) => each.textContent?.trim()).join(" | "),
    ])
  );
  return new Map(found);
}

/** Rows of the table under a head, as texts. */
function rowsUnder(page: Page, head: string): Promise<string[][]> {
  return page.locator("table", {
    has: page.locator("thead th", { hasText: new RegExp(`^${head}$`) }),
  }).first().locator("tbody tr").evaluateAll((rows) =>
    rows.map((row) =>
      [...row.children].map((cell) => cell.textContent?.trim() ?? "")
    )
  );
}

/** The last row of the table of threads, without its bar: times. */
async function timesByThread(page: Page): Promise<(string | undefined)[]> {
  return (await rowsUnder(page, "time in turns")).map((cells) => cells.at(-2));
}

/** The same by `stats --by thread`; none for a single thread, which has no table. */
async function timesOfStats(bundle: string): Promise<string[]> {
  const { stdout } = await ask("stats", bundle, "--by", "thread", "--json");
  const rows: StatsAnswer["rows"] = JSON.parse(stdout).answer.rows;
  return rows.length < 2
    ? []
    : rows.map(({ time }) => durationOf(time?.turns_ms ?? null));
}

for (const name of CASES) {
  const bundle = recorded(name);
  browserTest(
    `the overview of ${name} shows what show prints`,
    async (browser) => {
      const { stdout } = await ask("show", bundle, "--json");
      const answer: ShowAnswer = JSON.parse(stdout).answer;
      const { tokens, tools, threads, turns, time } = answer;
      const sum = (values: readonly (number | null)[]) =>
        values.reduce<number>((a, b) => a + (b ?? 0), 0);
      const failed = (count: number) =>
        count === 0 ? "none failed" : `${count} failed`;
      await onReport(browser, bundle, {}, async ({ page }) => {
        const tiles = await tilesOf(page);
        assertEquals(
          tiles.get("LLM requests"),
          `${spelled(sum(threads.map(({ calls }) => calls)))} | ${
            failed(sum(threads.map(({ failed_calls }) => failed_calls)))
          }`,
        );
        assertEquals(
          tiles.get("Tool calls"),
          `${spelled(sum(tools.map(({ calls }) => calls)))} | ${
            failed(sum(tools.map((each) => each.failed)))
          }`,
        );
        assertEquals(
          tiles.get("Threads"),
          `${threads.length} | ${turns.length} turn${
            turns.length === 1 ? "" : "s"
          }`,
        );
        const input = tiles.get("Tokens in") ?? "";
        assert(input.startsWith(spelled(tokens.input_tokens)), input);
        assert(
          input.includes(`| ${spelled(tokens.cached_input_tokens)} of them`),
          input,
        );
        const output = tiles.get("Tokens out") ?? "";
        assert(output.startsWith(spelled(tokens.output_tokens)), output);
        assert(
          output.includes(
            `| ${spelled(tokens.reasoning_output_tokens)} of them`,
          ),
          output,
        );
        assertEquals(
          (await rowsUnder(page, "tool")).map(([, calls, bad]) => [calls, bad]),
          tools.map((each) => [spelled(each.calls), spelled(each.failed)]),
        );
        const shares = await page.locator(".bar-part").evaluateAll((parts) =>
          parts.map((part) =>
            part instanceof HTMLElement ? part.style.width : ""
          )
        );
        assertEquals(
          shares,
          [time.model_ms, time.tool_ms, time.idle_ms].map((ms) => ms ?? NaN)
            .filter((ms) => ms > 0).map((ms) =>
              `${+(100 * ms / (time.turns_ms ?? NaN)).toPrecision(6)}%`
            ),
        );
        await page.evaluate(() => {
          for (const each of document.querySelectorAll("details")) {
            each.open = true;
          }
        });
        const causes = await page.locator(".failure-group > summary")
          .allInnerTexts();
        const groups = answer.error_groups;
        const isShownAlready = groups.length === 1 && groups[0]?.count === 1;
        assertEquals(
          causes.map((each) => each.split(/\s*×\s*/)[0]),
          isShownAlready ? [] : groups.map(({ count }) => spelled(count)),
        );
        assertStringIncludes(
          await page.locator(".outcome").innerText(),
          answer.identity.outcome ?? "unknown",
        );
        assertEquals(await timesByThread(page), await timesOfStats(bundle));
      });
    },
  );

  browserTest(
    `the sizes of prompts of ${name} are those of context`,
    async (browser) => {
      const session = openBundle(bundle);
      const growth = getContextGrowth(session, session.trace.root_thread_id);
      await onReport(browser, bundle, {}, async ({ page }) => {
        await page.locator(".panel-chart summary").click();
        await page.locator(".panel-chart tbody tr").first().waitFor();
        assertEquals(
          (await rowsUnder(page, "LLM request")).map((cells) =>
            cells.slice(1, 5)
          ),
          growth?.calls.map((point) =>
            [
              point.bytes,
              point.new_bytes,
              point.items,
              point.input_tokens,
            ].map(spelled)
          ),
        );
      });
    },
  );
}

browserTest(
  "the tools of a kind keep their figures when only it is shown",
  async (browser) => {
    const bundle = recorded("0.169.0-mcp");
    const { stdout } = await ask("show", bundle, "--json");
    const { tools }: ShowAnswer = JSON.parse(stdout).answer;
    const expected = tools.map(({ tool }) => tool)
      .filter((tool) => tool.startsWith("mcp "));
    assert(expected.length > 1 && expected.length < tools.length);
    const look = { fragment: "kind=mcp" };
    await onReport(browser, bundle, look, async ({ page }) => {
      const rows = await rowsUnder(page, "tool");
      assertEquals(rows.map(([name]) => name), expected);
    });
  },
);
