/**
 * Every view, light and dark, held against the rules for pages that everybody can use.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { browserTest, rendered, showPlace } from "./browser.ts";
import { onReport, recorded } from "../report_file.ts";

const PLACES: readonly (readonly [bundle: string, fragment: string])[] = [
  ["0.164.0-stream_drop", ""],
  ["0.164.0-agents_v2_sol_tree", ""],
  ["0.164.0-agents_v2_sol_tree", "view=timeline&tool=1"],
  ["0.164.0-agents_v2_sol_tree", "view=timeline&v=1&range=1_300&path=1&fold=2"],
  ["0.164.0-agents_v2_sol_tree", "view=agents&edge=1"],
  ["0.169.0-agents_v2_fail", "call=3&tab=evidence"],
  ["0.169.0-agents_v2_fail", "view=log&tool=1&tab=raw"],
  ["0.169.0-agents_v2_fail", "view=overview&failed=1&only=2"],
  ["0.169.0-code_mode_tools", "view=transcript&tool=3"],
  ["0.169.0-compact_remote_manual", "view=transcript&at=3"],
  ["0.164.0-shell", "view=transcript"],
  ["0.169.0-mcp", "view=transcript"],
  ["0.164.0-stream_drop", "view=search&q=stream"],
  ["0.164.0-stream_drop", "view=log&call=1"],
];

/** Ids and elements of the violations of the page as it is; of one rule, where it is given. */
function violations(page: Page, rule?: string): Promise<unknown> {
  return page.evaluate(`axe.run(document, {
    resultTypes: ["violations"],
    ${rule === undefined ? "" : `runOnly: ["${rule}"],`}
  }).then(({ violations }) => violations.map(({ id, nodes }) =>
    id + ": " + nodes.map(({ html }) => html.slice(0, 100)).join(" ")
  ))`);
}

for (const name of new Set(PLACES.map(([bundle]) => bundle))) {
  browserTest(
    `names, landmarks and contrast hold in every view of ${name}`,
    async (browser) => {
      const look = { height: 1200 };
      await onReport(browser, recorded(name), look, async ({ page }) => {
        await page.evaluate(axe.source);
        for (const [bundle, fragment] of PLACES) {
          if (bundle !== name) continue;
          await showPlace(page, fragment);
          assertEquals(await violations(page), [], fragment);
          // Only colors depend on the scheme.
          await page.emulateMedia({ colorScheme: "dark" });
          await rendered(page);
          const found = await violations(page, "color-contrast");
          assertEquals(found, [], `${fragment}, dark`);
          await page.emulateMedia({ colorScheme: "light" });
        }
      });
    },
  );
}
