/**
 * A folder of payloads that another process replaces while the bundle is read.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { BundlePayloads } from "../../../lib/bundle/payloads/bundle_payloads.ts";
import { DiskFiles } from "../../../lib/bundle/storage/disk_files.ts";
import { FileStorage } from "../../../lib/bundle/payloads/file_storage.ts";
import type { StorageFactory } from "../../../lib/bundle/payloads/payload_storage.ts";
import { BundleFormatError, PayloadError } from "../../../lib/errors.ts";
import type { RawPayloadRef } from "../../../lib/format/payload.ts";
import { COVERS_ALL_CASES } from "../../support/cases.ts";
import { inFolder } from "../../support/cli.ts";

const inFiles: StorageFactory = (context) => new FileStorage(context);
const POSIX = Deno.build.os !== "windows";
const PAYLOADS = 20;
/** Readings of the bundle under one kind of attack. The attacker takes a processor meanwhile. */
const READINGS = COVERS_ALL_CASES ? 120 : 8;

function ref(ordinal: number): RawPayloadRef {
  return {
    raw_payload_id: `raw_payload:${ordinal}`,
    kind: { type: "protocol_event" },
    path: `payloads/${ordinal}.json`,
  };
}

/** Makes a bundle's folder of payloads, and one of the same names beside it. */
function putFolders(folder: string): string {
  const dir = `${folder}/bundle`;
  for (
    const [payloads, text] of [["bundle/payloads", "own"], ["x", "foreign"]]
  ) {
    Deno.mkdirSync(`${folder}/${payloads}`, { recursive: true });
    for (let n = 1; n <= PAYLOADS; n++) {
      Deno.writeTextFileSync(`${folder}/${payloads}/${n}.json`, `"${text}"`);
    }
  }
  return dir;
}

/** How many payloads of another folder a reading returns, which may also be refused. */
function countForeign(dir: string): number {
  const payloads = new BundlePayloads(new DiskFiles(dir), inFiles);
  let foreign = 0;
  for (let n = 1; n <= PAYLOADS; n++) {
    try {
      if (payloads.open(ref(n)).value !== "own") foreign++;
    } catch (error) {
      if (error instanceof BundleFormatError) return foreign;
      assert(error instanceof PayloadError, String(error));
    }
  }
  return foreign;
}

for (
  const [attack, linked, restored] of [
    ["all the time", 0, 0],
    ["for a moment", 0, 20_000],
    ["most of the time", 20_000, 0],
    ["now and then", 20_000, 20_000_000],
  ] as const
) {
  Deno.test({
    name: `a folder that is replaced by a link ${attack} shows no foreign text`,
    ignore: !POSIX,
    fn: async () => {
      const folder = Deno.makeTempDirSync();
      const dir = putFolders(folder);
      const swapper = new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--allow-read",
          "--allow-write",
          join(import.meta.dirname ?? "", "folder_swapper.ts"),
          `${dir}/payloads`,
          `${folder}/x`,
          String(linked),
          String(restored),
        ],
        stdout: "piped",
      }).spawn();
      try {
        for await (const _ of swapper.stdout.values({ preventCancel: true })) {
          break;
        }
        let foreign = 0;
        for (let reading = 0; reading < READINGS; reading++) {
          foreign += countForeign(dir);
        }
        assertEquals(foreign, 0);
      } finally {
        swapper.kill("SIGKILL");
        await swapper.output();
        Deno.removeSync(folder, { recursive: true });
      }
    },
  });
}

Deno.test({
  name: "a link in the place of a payload is refused, and one put back is read",
  ignore: !POSIX,
  fn: () =>
    inFolder((folder) => {
      const dir = putFolders(folder);
      const payloads = new BundlePayloads(new DiskFiles(dir), inFiles);
      assertEquals(payloads.open(ref(1)).value, "own");
      const path = `${dir}/payloads/2.json`;
      Deno.renameSync(path, `${dir}/aside.json`);
      Deno.symlinkSync(`${folder}/x/2.json`, path);
      assertThrows(() => payloads.open(ref(2)), PayloadError, "leads out");
      Deno.removeSync(path);
      Deno.renameSync(`${dir}/aside.json`, path);
      assertEquals(payloads.open(ref(2)).value, "own");
      payloads.finish();
    }),
});

Deno.test("a folder that is replaced, or gone at the end, ends the reading", () => {
  inFolder((folder) => {
    const dir = putFolders(folder);
    const payloads = new BundlePayloads(new DiskFiles(dir), inFiles);
    assertEquals(payloads.open(ref(1)).value, "own");
    Deno.renameSync(`${dir}/payloads`, `${dir}/aside`);
    assertThrows(() => payloads.finish(), BundleFormatError, "was replaced");
    Deno.renameSync(`${folder}/x`, `${dir}/payloads`);
    assertThrows(() => payloads.open(ref(2)), BundleFormatError, "replaced");
  });
});

Deno.test("payloads that a recorder adds, and a state that is written, do no harm", () => {
  inFolder((folder) => {
    const dir = putFolders(folder);
    const payloads = new BundlePayloads(new DiskFiles(dir), inFiles);
    for (let n = 1; n <= PAYLOADS; n++) {
      Deno.writeTextFileSync(`${dir}/state.json.${n}`, "");
      Deno.writeTextFileSync(`${dir}/payloads/${n + PAYLOADS}.json`, `${n}`);
      assertEquals(payloads.open(ref(n)).value, "own");
      assertEquals(payloads.open(ref(n + PAYLOADS)).value, n);
    }
    payloads.finish();
  });
});
