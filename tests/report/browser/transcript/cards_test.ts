/**
 * The cards of the transcript: what a tool did, how it ended, and what it printed.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { Page } from "playwright-core";
import { browserTest } from "../browser.ts";
import { onReport, recorded } from "../../report_file.ts";

const LOOK = { fragment: "view=transcript", height: 4000 };

/** The card of an item, by the number of its handle. */
function card(page: Page, number: number) {
  return page.locator(`.card[aria-label^="item:${number},"]`);
}

/** A copy of a recorded bundle in which one text is another; both as they are inside JSON. */
async function withText(
  name: string,
  [from, to]: readonly [string, string],
  use: (bundle: string) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    const source = recorded(name);
    const bundle = join(folder, "bundle");
    Deno.mkdirSync(join(bundle, "payloads"), { recursive: true });
    const payloads = Array.from(
      Deno.readDirSync(join(source, "payloads")),
      (each) => join("payloads", each.name),
    );
    for (const path of ["manifest.json", "trace.jsonl", ...payloads]) {
      const text = Deno.readTextFileSync(join(source, path));
      Deno.writeTextFileSync(join(bundle, path), text.replaceAll(from, to));
    }
    await use(bundle);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** A text as a part of a JSON string. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

browserTest(
  "a command has its title, its exit code and its duration up front",
  async (browser) => {
    await onReport(
      browser,
      recorded("0.164.0-shell"),
      LOOK,
      async ({ page }) => {
        const listing = await card(page, 6).innerText();
        assertStringIncludes(
          listing,
          "exec_command · printf 'a\\nb\\nc\\n' > notes.txt; ls",
        );
        assertStringIncludes(listing, "exit 0");
        assertStringIncludes(listing, "67 ms");
        assertStringIncludes(listing, "yield_time_ms 1000");
        // The title has all of the command.
        assertEquals(await card(page, 6).locator("pre").count(), 0);
        const failed = await card(page, 9).innerText();
        assertStringIncludes(failed, "failed, recorded as completed");
        assertStringIncludes(failed, "exit 1");
        assertEquals(await card(page, 11).locator(".failed").count(), 1);
        assertEquals(await card(page, 10).locator(".failed").count(), 0);
        assertStringIncludes(await card(page, 11).innerText(), "no output");
      },
    );
  },
);

browserTest(
  "calls of servers and agents are named by what they reach",
  async (browser) => {
    await onReport(browser, recorded("0.169.0-mcp"), LOOK, async ({ page }) => {
      assertStringIncludes(
        await card(page, 5).innerText(),
        "mcp lab/echo · héllo 🌍",
      );
      const failed = await card(page, 6).innerText();
      assertStringIncludes(failed, "mcp lab/fail");
      assertStringIncludes(failed, "the tool failed on purpose");
      await card(page, 16).locator(".json-key").first().waitFor();
      assertEquals(
        await card(page, 16).locator(".json-other").allInnerTexts(),
        ["1", "2.5", "3000"],
      );
    });
    await onReport(
      browser,
      recorded("0.169.0-agents_v2"),
      LOOK,
      async ({ page }) => {
        const title = page.locator(".tool-name", { hasText: "spawn_agent" });
        assertStringIncludes(await title.first().innerText(), "· /root/");
      },
    );
  },
);

browserTest(
  "a patch is shown by file, also one inside a command",
  async (browser) => {
    await onReport(
      browser,
      recorded("0.169.0-patch_in_shell"),
      LOOK,
      async ({ page }) => {
        const shown = card(page, 5);
        assertStringIncludes(
          await shown.innerText(),
          "apply_patch · 1 file +1 −0",
        );
        assertStringIncludes(
          await shown.innerText(),
          "called as exec_command, ran as apply_patch",
        );
        assertEquals(await shown.locator(".patch-path").innerText(), "s.txt");
        assertEquals(
          await shown.locator(".patch-added").allTextContents(),
          ["+hi"],
        );
        await shown.getByRole("button", { name: "as recorded" }).click();
        assertStringIncludes(
          await shown.locator("pre").innerText(),
          '{"cmd":"apply_patch',
        );
      },
    );
  },
);

browserTest(
  "a command of several lines is shown as lines, complete although the graph truncates it",
  async (browser) => {
    const script = `cat > a.py <<'EOF'\n${
      "print('a line of the script')\n".repeat(40)
    }EOF`;
    const change = [inJson(inJson("wc -l notes.txt")), inJson(inJson(script))];
    await withText(
      "0.164.0-shell",
      [change[0] ?? "", change[1] ?? ""],
      async (bundle) => {
        await onReport(browser, bundle, LOOK, async ({ page }) => {
          const shown = card(page, 8);
          assertStringIncludes(
            await shown.innerText(),
            "exec_command · cat > a.py <<'EOF'",
          );
          await shown.getByRole("button", { name: "more characters" }).click();
          assertEquals(await shown.locator("pre").innerText(), script);
          assert(await shown.locator("pre .code-string").count() > 0);
          assert(!(await shown.innerText()).includes("truncated"));
        });
      },
    );
  },
);

browserTest(
  "an output has the colours of a terminal, and no sequence of it is shown",
  async (browser) => {
    const output =
      "\u001b[1m\u001b[31merror\u001b[0m plain\n10%\r100%\n\u001b[38;5;208morange\u001b[0m";
    await withText(
      "0.164.0-shell",
      ["3 notes.txt\\n", inJson(output)],
      async (bundle) => {
        for (const scheme of ["light", "dark"] as const) {
          await onReport(
            browser,
            bundle,
            { ...LOOK, scheme },
            async ({ page }) => {
              const shown = card(page, 10).locator("pre.terminal");
              assertEquals(
                await shown.innerText(),
                "error plain\n100%\norange",
              );
              const error = shown.locator("span", { hasText: "error" });
              const look = await error.evaluate((node) => {
                const { color, fontWeight } = getComputedStyle(node);
                return { color, fontWeight };
              });
              assertEquals(look.fontWeight, "700");
              const [red = 0, green = 0] =
                look.color.match(/\d+/g)?.map(Number) ?? [];
              assert(red > green + 60, look.color);
              await card(page, 10).getByRole("button", { name: "as recorded" })
                .click();
              assertStringIncludes(await shown.innerText(), "\\u001b[31merror");
            },
          );
        }
      },
    );
  },
);

browserTest(
  "a long output is folded with its size, and opens",
  async (browser) => {
    const lines = Array.from({ length: 400 }, (_, i) => `line ${i}\n`).join("");
    await withText(
      "0.164.0-shell",
      ["3 notes.txt\\n", inJson(lines)],
      async (bundle) => {
        await onReport(browser, bundle, LOOK, async ({ page }) => {
          const shown = card(page, 10);
          const fold = shown.locator(".fold-line");
          assertStringIncludes(
            await fold.innerText(),
            "show 380 more lines (of 400 lines, 3.4 KiB)",
          );
          await fold.click();
          const all = await shown.locator("pre").innerText();
          assertEquals(all.trimEnd(), lines.trimEnd());
        });
      },
    );
  },
);

for (const depth of [5_000, 20_000, 200_000]) {
  browserTest(
    `an output of ${depth} nested arrays opens level by level, and the page lives`,
    async (browser) => {
      const deep = "[".repeat(depth) + "]".repeat(depth);
      await withText(
        "0.164.0-shell",
        ["3 notes.txt\\n", deep],
        async (bundle) => {
          const look = { fragment: "view=timeline&tool=2" };
          await onReport(browser, bundle, look, async ({ page }) => {
            await page.locator("aside .json-tree").first().waitFor();
            await page.evaluate(`location.hash = "view=transcript&item=10"`);
            const tree = card(page, 10).locator(".json-tree");
            const levels = () => tree.locator(".json-toggle").count();
            const before = await levels();
            await tree.locator(".json-toggle").last().click();
            assert(await levels() > before);
            await page.evaluate(`location.hash = "view=log&call=1"`);
            await page.locator("main > section").waitFor();
          });
        },
      );
    },
  );
}

browserTest(
  "reasoning and texts of the program are collapsed, and stay open where they were opened",
  async (browser) => {
    await onReport(
      browser,
      recorded("0.164.0-shell"),
      { ...LOOK, height: 500 },
      async ({ page }) => {
        const toggle = card(page, 1).getByRole("button", { expanded: false });
        assertStringIncludes(await toggle.innerText(), "characters");
        assertEquals(await card(page, 1).locator("pre").count(), 0);
        await toggle.click();
        assertEquals(await card(page, 1).locator("pre").count(), 1);
        const scroller = page.locator(".scroller");
        await scroller.evaluate((list) => list.scrollTop = list.scrollHeight);
        await card(page, 1).waitFor({ state: "detached" });
        await scroller.evaluate((list) => list.scrollTop = 0);
        await card(page, 1).locator("pre").waitFor();
      },
    );
  },
);

browserTest(
  "a message is Markdown made of text nodes, with a switch to what was recorded",
  async (browser) => {
    const message = [
      "# Heading",
      "Some **bold** text, `code`, and a [link](https://example.com/x).",
      "- one\n- two",
      "| a | b |\n|---|---|\n| 1 | 2 |",
      "![pixel](https://evil.example/pixel.png) <img src=x onerror=alert(1)>",
      "[run](javascript:alert(1))",
    ].join("\n\n");
    await withText(
      "0.164.0-shell",
      ["Three lines.", inJson(message)],
      async (bundle) => {
        await onReport(browser, bundle, LOOK, async ({ page }) => {
          const shown = card(page, 12);
          assertEquals(await shown.locator(".md-h1").innerText(), "Heading");
          assertEquals(await shown.locator("strong").innerText(), "bold");
          assertEquals(await shown.locator("li").allInnerTexts(), [
            "one",
            "two",
          ]);
          assertEquals(await shown.locator("td").allInnerTexts(), ["1", "2"]);
          assertEquals(await shown.locator("a, img").count(), 0);
          const text = await shown.innerText();
          assertStringIncludes(text, "link (https://example.com/x)");
          assertStringIncludes(
            text,
            "[image pixel: https://evil.example/pixel.png]",
          );
          assertStringIncludes(text, "<img src=x onerror=alert(1)>");
          assertStringIncludes(text, "run (javascript:alert(1))");
          await shown.getByRole("button", { name: "as recorded" }).click();
          assertEquals(await shown.locator("pre").innerText(), message);
        });
      },
    );
  },
);

browserTest(
  "an image is shown when the reader asks for it, from the data in the page",
  async (browser) => {
    await onReport(
      browser,
      recorded("0.169.0-view_image"),
      LOOK,
      async ({ page }) => {
        assertEquals(await page.locator("img").count(), 0);
        await card(page, 6).getByRole("button", { name: "show the image" })
          .click();
        const image = card(page, 6).locator("img");
        await image.waitFor();
        const { src, width } = await image.evaluate((node) => ({
          src: node.getAttribute("src") ?? "",
          width: node instanceof HTMLImageElement ? node.naturalWidth : 0,
        }));
        assert(src.startsWith("data:image/png;base64,"), src.slice(0, 40));
        assert(width > 0);
        assertStringIncludes(await card(page, 6).innerText(), "PNG, ");
        await card(page, 6).getByRole("button", { name: "hide" }).click();
        assertEquals(await page.locator("img").count(), 0);
      },
    );
  },
);

browserTest(
  "an output of 10 MB is folded, and the page stays usable",
  async (browser) => {
    const lines = "a line of a very long output\\n".repeat(330_000);
    await withText(
      "0.164.0-shell",
      ["3 notes.txt\\n", lines],
      async (bundle) => {
        await onReport(browser, bundle, LOOK, async ({ page }) => {
          const shown = card(page, 10);
          assertStringIncludes(
            await shown.locator(".fold-line").innerText(),
            "(of 330,000 lines, 9.1 MiB)",
          );
          await shown.locator(".fold-line").click();
          assert((await shown.locator("pre").innerText()).length < 300_000);
          await page.keyboard.press("1");
          await page.locator('main section[aria-label="Overview"]').waitFor();
        });
      },
    );
  },
);
