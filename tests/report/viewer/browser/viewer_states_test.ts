/**
 * Every state of the viewer: usable for everybody, narrow and dark too; and whatever is dropped,
 * nothing of it runs, nothing leaves the page, and the page stays usable.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { browserTest, rendered, showPlace } from "../../browser/browser.ts";
import { recorded } from "../../report_file.ts";
import { filesBelow, tarOf } from "../archives.ts";
import {
  hostileArchives,
  type HostileDrop,
  hostileSessions,
} from "./hostile_drops.ts";
import { dropFiles, isRead, withViewer } from "./viewer_page.ts";

/** How each state is shown; only colors depend on the scheme. */
const LOOKS = [
  { width: 1280, colorScheme: "light", rules: "undefined" },
  { width: 390, colorScheme: "light", rules: "undefined" },
  { width: 390, colorScheme: "dark", rules: `["color-contrast"]` },
] as const;

/** What is wrong with a state: rules of access that it violates, and whether it scrolls sideways. */
async function faultsOf(page: Page): Promise<unknown[]> {
  const faults: unknown[] = [];
  for (const { width, colorScheme, rules } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await rendered(page);
    const found = await page.evaluate(`axe.run(document, {
      resultTypes: ["violations"],
      runOnly: ${rules},
    }).then(({ violations }) => [
      ...violations.map(({ id, nodes }) =>
        id + ": " + nodes.map(({ html }) => html.slice(0, 100)).join(" ")),
      ...document.documentElement.scrollWidth > innerWidth
        ? ["scrolls sideways"] : [],
    ])`);
    if (!Array.isArray(found)) throw new TypeError("no list of faults");
    faults.push(...found.map((each) => `${colorScheme} ${width}: ${each}`));
  }
  return faults;
}

browserTest(
  "every state of the viewer is usable for everybody, narrow and dark",
  async (browser) => {
    await withViewer(browser, {}, async (page) => {
      await page.evaluate(axe.source);
      const check = async (state: string) =>
        assertEquals(await faultsOf(page), [], state);
      await check("empty");
      // A worker that never answers.
      await page.evaluate(`globalThis.RealWorker = Worker;
        globalThis.Worker = class { postMessage() {} terminate() {} };`);
      const tar = await tarOf(filesBelow(recorded("0.164.0-shell"), "b"));
      await dropFiles(page, [{ name: "a.tar", bytes: tar }]);
      await page.getByRole("status").waitFor();
      await check("progress");
      await page.evaluate("globalThis.Worker = RealWorker");
      const text = new TextEncoder().encode("no archive");
      const name = `${"long_name_".repeat(20)}.txt`;
      await dropFiles(page, [{ name, bytes: text }]);
      await page.getByRole("alert").waitFor();
      await check("error");
      const cut = { name: "cut.tar", bytes: tar.slice(0, 5000) };
      const both = ["a.tar", `${"b".repeat(200)}.tar`];
      await dropFiles(page, [
        ...both.map((name) => ({ name, bytes: tar })),
        cut,
      ]);
      await page.getByLabel("Session", { exact: true }).selectOption("0");
      await isRead(page);
      await page.locator("main > section").waitFor();
      await check("report");
      await page.locator(".viewer-check summary").click();
      await check("report, with its check");
    });
  },
);

/** Maximum memory of a page that gets bombs of 4 and of 16 GiB, with its worker. */
const MAX_MEMORY = 1536 * 1024 ** 2;

for (
  const [what, make] of [
    ["sessions", hostileSessions],
    ["archives", hostileArchives],
  ] as const
) {
  browserTest(
    `nothing of hostile ${what} runs, leaves, or breaks the page`,
    async (browser) => {
      await withViewer(browser, {}, async (page, folder) => {
        for (const drop of await make()) await survives(page, folder, drop);
        const peak = await peakMemory(browser);
        assert(peak < MAX_MEMORY, `${peak} bytes of memory`);
      });
    },
  );
}

/** The peak of the memory of any page so far, in bytes; 0 where the system does not report it. */
async function peakMemory(browser: Browser): Promise<number> {
  const system = await browser.newBrowserCDPSession();
  const { processInfo } = await system.send("SystemInfo.getProcessInfo");
  await system.detach();
  const peaks = processInfo.filter(({ type }) => type === "renderer")
    .map(({ id }) => {
      if (Deno.build.os !== "linux") return 0;
      const status = Deno.readTextFileSync(`/proc/${id}/status`);
      return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
    });
  return Math.max(...peaks);
}

async function survives(
  page: Page,
  folder: string,
  drop: HostileDrop,
): Promise<void> {
  const { name, bytes, hasSession } = drop;
  const path = join(folder, name);
  Deno.writeFileSync(path, bytes);
  await page.locator(".viewer-bar input[type=file]:not([webkitdirectory])")
    .setInputFiles(path);
  if (!hasSession) {
    await page.getByRole("alert").waitFor();
    assert((await page.locator(".viewer-notes").innerText()).includes(name));
    return;
  }
  await isRead(page);
  for (
    const place of [
      ...["overview", "timeline", "transcript", "log"],
      ...["tool=1&tab=raw", "call=2&tab=raw"].map((object) =>
        `transcript&${object}`
      ),
    ]
  ) {
    await showPlace(page, `view=${place}`);
    await page.locator("main > section").waitFor();
    assertEquals(await page.locator(".broken").count(), 0, `${name} ${place}`);
  }
}
