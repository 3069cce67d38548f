/**
 * Every recorded case as a page: all views open, every kind of object can be read.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { browserTest } from "./browser.ts";
import { TESTDATA } from "../../support/paths.ts";
import { onReport, recorded } from "../report_file.ts";

const CASES = [...Deno.readDirSync(join(TESTDATA, "upstream"))]
  .map(({ name }) => name).sort();
const VIEWS = ["overview", "timeline", "transcript", "agents", "search", "log"];
const KINDS = [
  "thread",
  "turn",
  "item",
  "call",
  "tool",
  "cell",
  "terminal",
  "op",
  "compaction",
  "summary",
  "edge",
  "payload",
];

/** Every view, and every kind of object beside the log. */
const PLACES = JSON.stringify([
  ...VIEWS.map((view) => ({ view, place: `view=${view}` })),
  ...KINDS.map((kind) => ({ view: "log", place: `view=log&${kind}=1` })),
]);

/** Runs in the page, a hundred times as fast as from outside: places that are not shown, or broken. */
const SHOW = `async (places) => {
  const turn = () => new Promise((done) => setTimeout(done));
  const isShown = (view) => {
    const [main] = document.querySelectorAll("main > *");
    const name = main?.getAttribute("aria-label")?.toLowerCase();
    return document.querySelectorAll("main > *").length === 1 &&
      document.querySelector(".broken") === null &&
      (name === view || main.matches(".empty"));
  };
  const wrong = [];
  for (const { view, place } of places) {
    location.hash = place;
    for (let i = 0; i < 5000 && (i < 3 || !isShown(view)); i++) await turn();
    if (!isShown(view)) wrong.push(place);
  }
  return wrong;
}`;

browserTest(
  "every recorded case opens, in every view and with every kind of object",
  async (browser) => {
    for (const name of CASES) {
      const flags = ["--payloads", "all"];
      await onReport(browser, recorded(name), { flags }, async ({ page }) => {
        assertEquals(await page.evaluate(`(${SHOW})(${PLACES})`), []);
      });
    }
  },
);
