import { assertEquals, assertThrows } from "@std/assert";
import { BundlePayloads } from "../../lib/bundle/payloads/bundle_payloads.ts";
import { FileStorage } from "../../lib/bundle/payloads/file_storage.ts";
import type { StorageFactory } from "../../lib/bundle/payloads/payload_storage.ts";
import { BundleFormatError } from "../../lib/errors.ts";
import type { RawPayloadRef } from "../../lib/format/payload.ts";

const inFiles: StorageFactory = (context) => new FileStorage(context);

/** Longer than a folder must have been left alone to be taken for unchanged. */
const LEFT_ALONE_MS = 2100;

function ref(ordinal: number): RawPayloadRef {
  return {
    raw_payload_id: `raw_payload:${ordinal}`,
    kind: { type: "protocol_event" },
    path: `payloads/${ordinal}.json`,
  };
}

/** A bundle's folder with three payloads, left alone for a while, and a secret beside it. */
async function withIdlePayloads(
  test: (dir: string, payloads: BundlePayloads) => void,
) {
  const folder = Deno.makeTempDirSync();
  try {
    const dir = `${folder}/bundle`;
    Deno.mkdirSync(`${dir}/payloads`, { recursive: true });
    for (const n of [1, 2, 3]) {
      Deno.writeTextFileSync(`${dir}/payloads/${n}.json`, `${n}`);
    }
    Deno.writeTextFileSync(`${folder}/secret.json`, '"secret"');
    await new Promise((resolve) => setTimeout(resolve, LEFT_ALONE_MS));
    const payloads = new BundlePayloads(dir, inFiles);
    assertEquals(payloads.open(ref(1)).value, 1);
    test(dir, payloads);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test({
  name:
    "a link put in the place of a listed payload ends the reading, removed again or not",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    for (const removed of [false, true]) {
      await withIdlePayloads((dir, payloads) => {
        const path = `${dir}/payloads/2.json`;
        Deno.renameSync(path, `${dir}/aside.json`);
        Deno.symlinkSync("../../secret.json", path);
        payloads.open(ref(2));
        if (removed) {
          Deno.removeSync(path);
          Deno.renameSync(`${dir}/aside.json`, path);
        }
        assertThrows(
          () => payloads.finish(),
          BundleFormatError,
          "payloads/2.json",
        );
      });
    }
  },
});

Deno.test("a folder of payloads that is gone afterwards ends the reading", async () => {
  await withIdlePayloads((dir, payloads) => {
    Deno.renameSync(`${dir}/payloads`, `${dir}/elsewhere`);
    assertThrows(() => payloads.finish(), BundleFormatError, "payloads/1.json");
  });
});

Deno.test("payloads that a recorder adds meanwhile do no harm", async () => {
  await withIdlePayloads((dir, payloads) => {
    Deno.writeTextFileSync(`${dir}/payloads/4.json`, "4");
    assertEquals(payloads.open(ref(4)).value, 4);
    assertEquals(payloads.open(ref(3)).value, 3);
    payloads.finish();
  });
});
