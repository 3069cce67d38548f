/**
 * The watch over a page: a page that misbehaves is caught at everything it tries.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { browserTest, WatchedPage } from "./browser.ts";

async function withPage(
  html: string,
  look: (path: string) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    const path = join(folder, "page.html");
    Deno.writeTextFileSync(path, html);
    await look(path);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Waits until a page did what it should not; for a minute, because a busy machine is slow. */
async function hasOffence(watched: WatchedPage, wanted: string): Promise<void> {
  const seen = () => watched.offences.join("\n");
  for (let i = 0; i < 3000 && !seen().includes(wanted); i++) {
    await watched.page.waitForTimeout(20);
  }
  assert(seen().includes(wanted), `${wanted} is missing in:\n${seen()}`);
}

browserTest("a quiet page triggers no finding", async (browser) => {
  await withPage(
    "<!doctype html><title>t</title><h1>quiet</h1>",
    async (path) => {
      const watched = await WatchedPage.open(browser, path);
      assertEquals(await watched.page.textContent("h1"), "quiet");
      assertEquals(watched.offences, []);
      await watched.close();
    },
  );
});

browserTest(
  "scripts, errors, dialogs and requests of a page are seen",
  async (browser) => {
    const html = `<!doctype html><title>t</title>
<script>
console.error("logged"); 
setTimeout(() => { throw new Error("thrown"); });
fetch("https://leak.example/a").catch(() => {});
new WebSocket("wss://leak.example/b");
new Image().src = "https://leak.example/c";
alert("shown");
</script>`;
    await withPage(html, async (path) => {
      const watched = await WatchedPage.open(browser, path);
      for (
        const each of [
          "console error: logged",
          "error: thrown",
          "request: https://leak.example/a",
          "request: wss://leak.example/b",
          "request: https://leak.example/c",
          "dialog: shown",
        ]
      ) {
        await hasOffence(watched, each);
      }
      await watched.close();
    });
  },
);

browserTest("what a page's policy holds back is seen", async (browser) => {
  const html = `<!doctype html><title>t</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<img src="https://leak.example/a"><p onclick="x()">p</p><script>document.title = "ran";</script>`;
  await withPage(html, async (path) => {
    const watched = await WatchedPage.open(browser, path);
    assertEquals(await watched.page.title(), "t");
    for (const each of ["policy: img-src", "policy: script-src"]) {
      await hasOffence(watched, each);
    }
    await watched.close();
  });
});
