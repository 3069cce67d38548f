/**
 * The page of a session that is still recorded: it loads itself again, where it is.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import type { Page } from "playwright-core";
import { openBundle } from "../../../../lib/query/session/open_bundle.ts";
import { buildReport } from "../../../../lib/report/build/build_report.ts";
import { loadPage } from "../../../../lib/report/load_page.ts";
import {
  reportParts,
  writeReport,
} from "../../../../lib/report/html/report_html.ts";
import { inFolderAsync } from "../../../support/cli.ts";
import { recorded } from "../../report_file.ts";
import { browserTest, WatchedPage } from "../browser.ts";

const MADE_AT = Date.UTC(2026, 0, 2, 3, 4, 5);

/** Returns a function that writes the page, while the session runs and at its end. */
async function pageWriter(path: string) {
  const session = openBundle(recorded("0.169.0-hello"));
  const report = buildReport(session, {
    version: "0",
    payloads: "none",
    maxPayloadBytes: 0,
  });
  const asset = await loadPage();
  return (seconds: number | null) => {
    const watch = seconds === null
      ? undefined
      : { made_at_unix_ms: MADE_AT, seconds };
    const parts = reportParts(report, asset, [], watch);
    const file = `${path}.new`;
    Deno.writeFileSync(file, new Uint8Array());
    writeReport(
      parts,
      report,
      session.payloads,
      (chunk) => Deno.writeFileSync(file, chunk, { append: true }),
    );
    Deno.renameSync(file, path);
  };
}

/** Waits until the page was loaded again, and shows its log. */
async function reloaded(
  page: Page,
  reload: () => Promise<void>,
): Promise<void> {
  const loaded = page.waitForEvent("load");
  await reload();
  await loaded;
  await page.waitForSelector(".log");
}

browserTest(
  "a page of a session that is recorded loads itself again until the last one",
  async (browser) => {
    await inFolderAsync(async (folder) => {
      const path = join(folder, "page.html");
      const write = await pageWriter(path);
      write(60);
      const watched = await WatchedPage.open(browser, path, {}, "view=log");
      const { page, requests, problems } = watched;
      const notice = page.locator(".watch");
      assertMatch(
        await notice.innerText(),
        /^made at 2026-01-02T03:04:05.000Z while the session ran/,
      );
      // The clock is paused but for what the test lets pass, and so are frames.
      await page.clock.install({ time: MADE_AT });
      await page.clock.pauseAt(MADE_AT + 1000);
      await reloaded(page, () => notice.getByRole("button").click());
      const box = notice.getByRole("checkbox", { name: "every 60 s" });
      assertEquals(await box.isChecked(), false);
      await box.check();
      assertMatch(page.url(), /#view=log&reload=1$/);
      // The choice is kept by a reload, and by the way back in the history.
      await reloaded(page, () => page.clock.fastForward(60_000));
      assertEquals(await box.isChecked(), true);
      await box.uncheck();
      assertMatch(page.url(), /#view=log$/);
      await page.locator(".tab").first().click();
      await page.waitForSelector(".overview");
      await box.check();
      await page.goBack();
      await page.waitForSelector(".log");
      assertMatch(page.url(), /#view=log&reload=1$/);
      write(null);
      await reloaded(page, () => page.clock.fastForward(60_000));
      assertEquals(await notice.count(), 0);
      await page.clock.fastForward(120_000);
      // Nothing but the page itself was loaded: once, and three times again.
      assertEquals(requests.map((url) => url.split("#")[0]), [
        ...Array(4).fill(toFileUrl(path).href),
      ]);
      assertEquals(problems, []);
      await watched.close();
    });
  },
);
