/**
 * A program that opens the payload `1.json` of a bundle again and again: call it with the bundle and
 * how many times. It prints how many of the openings returned the payload.
 *
 * @module
 */

import { DiskFiles } from "../../../lib/bundle/storage/disk_files.ts";
import { OpenError } from "../../../lib/bundle/storage/bundle_files.ts";
import { BundleFormatError } from "../../../lib/errors.ts";

const [bundle = "", times] = Deno.args;
let opened = 0;
for (let time = 0; time < Number(times); time++) {
  try {
    const files = new DiskFiles(bundle);
    const folders = files.foldersOf(["payloads"]);
    using file = files.open({ folders, name: "1.json" });
    if (file.source.readSync(new Uint8Array(8)) === 5) opened++;
  } catch (error) {
    const isRefusal = error instanceof OpenError ||
      error instanceof BundleFormatError;
    if (!isRefusal) throw error;
  }
}
console.log(opened);
