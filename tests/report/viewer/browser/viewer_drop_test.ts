/**
 * What is dropped on the viewer: archives, several bundles, damaged ones, and none.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { walkSync } from "@std/fs";
import { dirname, join, relative } from "@std/path";
import { runProgram } from "../../../../lib/cli/program.ts";
import {
  browserTest,
  releaseFrames,
  rendered,
  showPlace,
  WatchedPage,
} from "../../browser/browser.ts";
import { writeHostileBundle } from "../../browser/hostile_bundle.ts";
import { MARK } from "../../browser/hostile_bundle.ts";
import { recorded, reportOf } from "../../report_file.ts";
import { assertSameBytes, stateOf } from "../../../support/cases.ts";
import { recordedIo } from "../../../support/cli.ts";
import { TESTDATA } from "../../../support/paths.ts";
import { filesBelow, gzipOf, tarOf, zipOf } from "../archives.ts";
import {
  downloadState,
  dropFiles,
  dropPath,
  isRead,
  openFolder,
  withViewer,
} from "./viewer_page.ts";

const BUNDLE = recorded("0.164.0-shell");

browserTest(
  "archives are read, and several bundles can be chosen",
  async (browser) => {
    const files = filesBelow(BUNDLE, "run");
    const tar = await tarOf(files);
    const archives = [
      { name: "a.tar", bytes: tar },
      { name: "b.tar.gz", bytes: await gzipOf(tar) },
      { name: "c.zip", bytes: zipOf(files) },
    ];
    await withViewer(browser, { downloads: true }, async (page) => {
      for (const each of archives) {
        await dropFiles(page, [each]);
        await isRead(page);
        assertSameBytes(await downloadState(page), stateOf(BUNDLE));
      }
      await dropFiles(page, archives);
      await page.getByText("Choose one of 3 sessions").waitFor();
      await page.getByRole("button", { name: "b.tar.gz/run" }).click();
      await isRead(page);
      assertSameBytes(await downloadState(page), stateOf(BUNDLE));
      await dropFiles(page, archives);
      const bundles = page.getByLabel("Session", { exact: true });
      await bundles.waitFor();
      assertEquals(
        (await bundles.locator("option").allInnerTexts()).slice(1),
        ["a.tar/run", "b.tar.gz/run", "c.zip/run"],
      );
      for (const name of ["c.zip/run", "a.tar/run"]) {
        await bundles.selectOption({ label: name });
        await isRead(page);
        await page.locator("main > section").waitFor();
        assertSameBytes(await downloadState(page), stateOf(BUNDLE));
      }
    });
  },
);

browserTest(
  "a folder of the disk is read as one that is selected, and several are",
  async (browser) => {
    await withViewer(browser, { downloads: true }, async (page) => {
      await dropPath(page, BUNDLE);
      await isRead(page);
      assertSameBytes(await downloadState(page), stateOf(BUNDLE));
      await dropPath(page, join(TESTDATA, "bundles"));
      const bundles = page.getByLabel("Session", { exact: true });
      await bundles.waitFor();
      const names = await bundles.locator("option").allInnerTexts();
      assertEquals(
        names.slice(1),
        Array.from(
          walkSync(join(TESTDATA, "bundles"), { match: [/manifest\.json$/] }),
          ({ path }) => dirname(relative(TESTDATA, path)),
        ).sort(),
      );
    });
  },
);

browserTest(
  "what is dropped before the first frame is read",
  async (browser) => {
    await withViewer(browser, { heldFrames: true }, async (page) => {
      await dropPath(page, BUNDLE);
      await releaseFrames(page);
      await isRead(page);
    });
  },
);

browserTest(
  "a session log becomes the page that report writes of it",
  async (browser) => {
    const [entry] = walkSync(join(TESTDATA, "sessions"), {
      match: [/rollout-[^/]*$/],
    });
    assert(entry !== undefined);
    const { name, path } = entry;
    const report = await WatchedPage.open(browser, await reportOf(path));
    const words = await report.page.locator(".shell").innerText();
    await withViewer(browser, {}, async (page) => {
      await dropFiles(page, [{ name, bytes: Deno.readFileSync(path) }]);
      await page.locator("main > section").waitFor();
      await rendered(page);
      assertEquals(await page.locator(".shell").innerText(), words);
      const bar = page.locator(".viewer-bar");
      assertEquals(await bar.locator("[role=status], a[download]").count(), 0);
    });
    await report.close();
  },
);

browserTest(
  "the logs of a session with agents become the page that report writes of all",
  async (browser) => {
    const logs = [
      ...walkSync(join(TESTDATA, "sessions/0.169.0-agents_v2_two"), {
        match: [/rollout-[^/]*$/],
      }),
    ];
    const [first] = logs;
    assert(first !== undefined && logs.length === 3);
    const report = await WatchedPage.open(browser, await reportOf(first.path));
    const words = await report.page.locator(".shell").innerText();
    await withViewer(browser, {}, async (page) => {
      const files = logs.map(({ name, path }) => ({
        name,
        bytes: Deno.readFileSync(path),
      }));
      await dropFiles(page, files);
      await page.locator("main > section").waitFor();
      await rendered(page);
      assertEquals(await page.locator(".shell").innerText(), words);
      assert(/\b3\n4 turns\b/.test(words), "as many threads as logs");
      assertEquals(await page.getByRole("alert").count(), 0);
    });
    await report.close();
  },
);

browserTest(
  "what is wrong with a bundle is reported as check reports it",
  async (browser) => {
    await withViewer(browser, { downloads: true }, async (page, folder) => {
      const bundle = join(folder, "bundle");
      Deno.mkdirSync(join(bundle, "payloads"), { recursive: true });
      for (const [path, bytes] of filesBelow(BUNDLE, "bundle")) {
        Deno.writeFileSync(join(folder, path), bytes);
      }
      const log = Deno.readTextFileSync(join(bundle, "trace.jsonl")).split(
        "\n",
      );
      log[6] = '{"torn';
      Deno.writeTextFileSync(join(bundle, "trace.jsonl"), log.join("\n"));
      const io = recordedIo();
      await runProgram(["check", bundle], io);
      await openFolder(page, bundle);
      const lines = await page.locator(".viewer-check pre").textContent();
      assertEquals(`${lines}\n`, io.stdout.replace(bundle, "bundle"));
      // Strictly it cannot be reduced, and the page offers the rest.
      const tolerantly = page.getByRole("button", {
        name: "reduce tolerantly",
      });
      await tolerantly.waitFor();
      const refusal = await page.locator(".viewer-error").innerText();
      assertStringIncludes(refusal, "trace.jsonl line 7");
      await tolerantly.click();
      const state = new TextDecoder().decode(await downloadState(page));
      assertStringIncludes(state, '"schema_version": 1');

      Deno.removeSync(join(bundle, "manifest.json"));
      await page.locator("input[webkitdirectory]").setInputFiles(bundle);
      await page.getByText("manifest_missing").waitFor();
      assertStringIncludes(
        await page.getByRole("alert").innerText(),
        "manifest.json: does not exist",
      );
    });
  },
);

browserTest(
  "a drop without a bundle is an error, and the next one is read",
  async (browser) => {
    await withViewer(browser, {}, async (page) => {
      const text = new TextEncoder().encode("no archive");
      await dropFiles(page, [{ name: "notes.txt", bytes: text }]);
      const alert = page.getByRole("alert");
      await alert.waitFor();
      assertStringIncludes(await alert.innerText(), "there is no session");
      const tar = await tarOf(filesBelow(BUNDLE, "run"));
      const damaged = { name: "x.tar", bytes: tar.slice(0, 5000) };
      await dropFiles(page, [damaged]);
      await page.getByText("nothing could be read").waitFor();
      await dropFiles(page, [damaged, { name: "y.tar", bytes: tar }]);
      await isRead(page);
      const notes = await page.locator(".viewer-notes").innerText();
      assertStringIncludes(notes, "cannot be unpacked");
      assertEquals(await alert.count(), 0);
    });
  },
);

browserTest("nothing of a hostile bundle runs or leaves", async (browser) => {
  await withViewer(browser, {}, async (page, folder) => {
    const bundle = writeHostileBundle(
      recorded("0.164.0-agents_v2_sol_tree"),
      join(folder, `<img src=x onerror=globalThis.${MARK}=1>`),
    );
    await openFolder(page, bundle);
    for (
      const view of ["overview", "timeline", "transcript", "agents", "log"]
    ) {
      await showPlace(page, `view=${view}`);
      await page.locator("main > section").waitFor();
      assertEquals(await page.evaluate(`globalThis.${MARK}`), undefined);
      assertEquals(await page.locator("#app :is(img, iframe)").count(), 0);
    }
    const text = await page.locator("#app").innerText();
    assert(!/[\u202e\u2066\u200b]/.test(text));
  });
});
