/**
 * Blocks of data are used when the browser has read them, and not before.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import {
  type BlockDocument,
  readBlock,
} from "../../../lib/report/page/model/read_block.ts";

/** A page whose last block is `texts-1`. */
function pageThatIs(readyState: string): BlockDocument {
  const last = { textContent: '["a", "b', nextSibling: null };
  const blocks = new Map<string, ReturnType<BlockDocument["getElementById"]>>([
    ["texts-0", { textContent: '["x"]', nextSibling: last }],
    ["texts-1", last],
  ]);
  return { readyState, getElementById: (id) => blocks.get(id) ?? null };
}

Deno.test("a block is read when another follows it, or the page is complete", () => {
  const loading = pageThatIs("loading");
  assertEquals(readBlock(loading, "texts-0"), '["x"]');
  assertEquals(readBlock(loading, "texts-1"), undefined);
  assertEquals(readBlock(loading, "texts-2"), undefined);
  const complete = pageThatIs("interactive");
  assertEquals(readBlock(complete, "texts-1"), '["a", "b');
  assertEquals(readBlock(complete, "texts-2"), undefined);
});
