/**
 * A session that keeps small payloads does not open their files again.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { KeptRecords } from "../../lib/bundle/payloads/kept_records.ts";
import { BundleFormatError, PayloadError } from "../../lib/errors.ts";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import { GOOD_CASE, inFolder, putBundle } from "../support/cli.ts";

/** What `read` returns; undefined where the payload cannot be read. */
function outcomeOf<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    assert(error instanceof PayloadError || error instanceof BundleFormatError);
    return undefined;
  }
}

Deno.test("a session that keeps payloads reads small files once, and knows the sizes of all that it read", () => {
  inFolder((folder) => {
    const dir = putBundle(folder, "bundle", GOOD_CASE);
    const { trace, payloads } = openBundle(dir, { keepsRecords: true });
    const again = openBundle(dir).payloads;
    assert(payloads !== null && again !== null);
    const refs = [...trace.raw_payloads.values()];
    const texts = refs.map((ref) => again.bytes(ref).slice());
    Deno.removeSync(join(dir, "payloads"), { recursive: true });
    let [kept, measured] = [0, 0];
    for (const [at, ref] of refs.entries()) {
      const text = outcomeOf(() => payloads.bytes(ref));
      const size = outcomeOf(() => payloads.size(ref));
      if (text !== undefined) assertEquals(text, texts[at]);
      if (size !== undefined) assertEquals(size, texts[at]?.length);
      if (text !== undefined) kept++;
      if (size !== undefined) measured++;
      assertEquals(outcomeOf(() => again.bytes(ref)), undefined);
    }
    assert(kept > 0 && measured >= kept, `${kept} of ${measured} are kept`);
  });
});

Deno.test("files are kept until there is no room; their sizes in any case", () => {
  const kept = new KeptRecords(2000);
  const bytes = (length: number) => new Uint8Array(length).fill(7);
  kept.keepFile("a", bytes(1000));
  kept.keepFile("b", bytes(1000));
  kept.keepFile("c", bytes(0));
  // What was read first counts: a file that is read again may be another.
  kept.keepFile("a", bytes(3));
  assertEquals(kept.findFile("a"), bytes(1000));
  assertEquals([kept.findFile("b"), kept.sizeOfFile("b")], [undefined, 1000]);
  assertEquals([kept.findFile("c"), kept.sizeOfFile("c")], [bytes(0), 0]);
  assertEquals([kept.findFile("d"), kept.sizeOfFile("d")], [
    undefined,
    undefined,
  ]);
});
