/**
 * Recorded sessions: a copy is checked and reduced as the original is, and hardly anything is taken
 * for a secret that is none.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { checkBundle } from "../../../lib/check/check.ts";
import { redactBundle } from "../../../lib/export/redact/redact_bundle.ts";
import { replayBundle } from "../../../lib/replay.ts";
import { stateText } from "../../support/state_text.ts";
import { someCases } from "../../support/cases.ts";
import { inFolderAsync } from "../../support/cli.ts";
import { textsOf } from "./planted_bundle.ts";

/** The recorded sessions have made-up data only: what is found in them is no secret. */
const MAX_FALSE_SHARE = 1 / 200;

Deno.test("copies of recorded sessions without content have the same graph", async () => {
  for (const { name, bundle } of someCases()) {
    await inFolderAsync(async (folder) => {
      const copy = join(folder, "copy");
      const { receipt } = await redactBundle(bundle, copy, { content: "none" });
      assertEquals(receipt.second_scan?.left_over, [], name);
      const [before, after] = [bundle, copy].map((each) => checkBundle(each));
      assertEquals(after?.reduction, before?.reduction, name);
      if (before?.reduction.strict !== true) return;
      const [a, b] = [bundle, copy].map((each) =>
        shapeOf(JSON.parse(stateText(replayBundle(each))))
      );
      assertEquals(b, a, name);
    });
  }
});

/** A value with its keys, figures and lists; of a text only that it is there. */
function shapeOf(value: unknown): unknown {
  if (typeof value === "string") return "text";
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, shapeOf(each)]),
  );
}

Deno.test("copies of recorded sessions are checked and reduced as these are, and little is replaced in them", async () => {
  let texts = 0;
  let changed = 0;
  for (const { name, bundle } of someCases()) {
    await inFolderAsync(async (folder) => {
      const copy = join(folder, "copy");
      const { isWritten } = await redactBundle(bundle, copy, {
        personal: true,
      });
      assert(isWritten, name);
      const [before, after] = [bundle, copy].map((each) => checkBundle(each));
      const withoutForeign = before?.findings.filter(({ code }) =>
        code !== "unknown_file"
      );
      assertEquals(
        after?.findings.map(({ code, line }) => [code, line]),
        withoutForeign?.map(({ code, line }) => [code, line]),
        name,
      );
      assertEquals(after?.reduction.strict, before?.reduction.strict, name);
      const copied = [...textsOf(copy)].map(([path, text]) =>
        [path.slice(copy.length), text] as const
      );
      const originals = new Map(
        [...textsOf(bundle)].map(([path, text]) =>
          [path.slice(bundle.length), text] as const
        ),
      );
      for (const [path, text] of copied) {
        if (path === "") continue;
        texts++;
        if (originals.get(path) !== text) changed++;
      }
    });
  }
  assert(texts > 100, `${texts} texts`);
  assert(changed / texts <= MAX_FALSE_SHARE, `${changed} of ${texts} texts`);
});
