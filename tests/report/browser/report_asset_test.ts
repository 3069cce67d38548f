/**
 * The front end as it is committed: bundled anew, it is the same.
 *
 * @module
 */

import { assert } from "@std/assert";
import { ASSET, assetModule, buildPage } from "../../tools/page.ts";

Deno.test({
  name: "lib/report/page_asset.ts is what deno task page makes of the sources",
  // An older Deno takes the bundler's process, which has ended, for one that runs.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const made = assetModule(await buildPage());
    const same = Deno.readTextFileSync(ASSET) === made;
    assert(same, "the front end has changed: run deno task page");
  },
});
