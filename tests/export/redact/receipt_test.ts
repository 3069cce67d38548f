/**
 * What a person reads who decides whether a copy may leave.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { summaryLines } from "../../../lib/cli/shared/open/redact_text.ts";
import { runProgram } from "../../../lib/cli/program.ts";
import { redactBundle } from "../../../lib/export/redact/redact_bundle.ts";
import { base64Of } from "../../../lib/text/encoded_bytes.ts";
import { inFolderAsync, namesIn, recordedIo } from "../../support/cli.ts";
import { plantBundle, textsOf } from "./planted_bundle.ts";

/** The start of a picture, and bytes that are no text. */
function picture(): Uint8Array {
  const bytes = Uint8Array.from({ length: 600 }, (_, at) => at * 151 % 256);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return bytes;
}

Deno.test("what was not looked into is named with the place of the first one", async () => {
  await inFolderAsync(async (folder) => {
    const source = join(folder, "source");
    const text = `data:image/png;base64,${base64Of(picture())}`;
    plantBundle(source, 1, [
      { name: "p", value: text, text, isPersonal: false, isAlone: true },
    ]);
    const { receipt } = await redactBundle(source, null);
    const image = receipt.not_covered.find(({ what }) => what === "image");
    assert(image !== undefined);
    assert(textsOf(source).has(join(source, image.file)), image.file);
    assert(image.place !== "");
    const line = summaryLines(receipt)
      .find((each) => each.startsWith("not looked into:")) ?? "";
    assertMatch(
      line,
      /image, \d.*, (?:first )?in [a-z/0-9.]+jsonl? [\w.[\]]+$/,
    );
  });
});

Deno.test("that personal data were not searched for is printed", async () => {
  await inFolderAsync(async (folder) => {
    const source = join(folder, "source");
    plantBundle(source, 1, []);
    const linesOf = async (options: Parameters<typeof redactBundle>[2]) => {
      const { receipt } = await redactBundle(source, null, options);
      return summaryLines(receipt)
        .filter((each) => each.includes("--personal"));
    };
    assertEquals((await linesOf({})).length, 1);
    assertEquals(await linesOf({ personal: true }), []);
    assertEquals(await linesOf({ content: "none" }), []);
  });
});

Deno.test("the exit code reports that a payload could not be copied", async () => {
  await inFolderAsync(async (folder) => {
    const codeOf = async (name: string, change: (payloads: string) => void) => {
      const source = join(folder, name);
      plantBundle(source, 1, []);
      change(join(source, "payloads"));
      const io = recordedIo();
      return await runProgram(["redact", source, "-o", `${source}-copy`], io);
    };
    const binary = new Uint8Array(9).fill(0xff);
    assertEquals(
      await codeOf("other", (payloads) => {
        Deno.writeFileSync(join(payloads, "900.gz"), binary);
        Deno.writeFileSync(join(payloads, "..", "state.json"), binary);
      }),
      0,
    );
    const remove = (payloads: string) =>
      Deno.removeSync(join(payloads, "1.json"));
    assertEquals(await codeOf("missing", remove), 3);
    assert(namesIn(folder).includes("missing-copy"));
  });
});
