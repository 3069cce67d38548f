/**
 * Bundles in memory: the pipeline reads them through the same interface as folders of the disk, so
 * every answer is the same.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { storedBytes } from "../../../lib/bundle/payloads/payload_storage.ts";
import {
  type BundleFiles,
  OpenError,
} from "../../../lib/bundle/storage/bundle_files.ts";
import { DiskFiles } from "../../../lib/bundle/storage/disk_files.ts";
import { FileMap } from "../../../lib/bundle/storage/file_map.ts";
import { checkFiles } from "../../../lib/check/check.ts";
import { openFiles } from "../../../lib/query/session/open_bundle.ts";
import { replayFiles } from "../../../lib/replay.ts";
import { assertSameBytes, someCases } from "../../support/cases.ts";
import { stateBytes } from "../../support/state_text.ts";
import { filesInMemory } from "./file_map.ts";

/** The bytes of the state, or the refusal. */
function reduced(files: BundleFiles): Uint8Array {
  try {
    return stateBytes(replayFiles(files));
  } catch (error) {
    return new TextEncoder().encode(String(error));
  }
}

/** What a tolerant reading reports. */
function opened(files: BundleFiles): unknown {
  try {
    const { diagnostics, extent, bundleSchema } = openFiles(files);
    return { diagnostics, extent, bundleSchema };
  } catch (error) {
    return String(error);
  }
}

for (const { name, bundle } of someCases()) {
  Deno.test(`${name} has the same answers in memory as in its folder`, () => {
    const memory = filesInMemory(bundle);
    const disk = () => new DiskFiles(bundle);
    assertSameBytes(reduced(memory), reduced(disk()));
    assertEquals(opened(memory), opened(disk()));
    assertEquals(checkFiles(memory), checkFiles(disk()));
  });
}

const CONTENT = { size: 2, open: () => storedBytes(new Uint8Array(2)).source };

Deno.test("one path has one file, and a file has nothing below it", () => {
  for (const paths of [["a/b", "a/b"], ["a", "a/b"], ["a/b", "a"]]) {
    assertThrows(
      () => new FileMap("x", paths.map((path) => [path, CONTENT])),
      OpenError,
    );
  }
});

Deno.test("a name that objects inherit is no file", () => {
  const files = new FileMap("x", [["payloads/1.json", CONTENT]]);
  for (const name of ["constructor", "__proto__", "toString", ""]) {
    assertEquals(files.entryAt(`payloads/${name}`).type, "missing", name);
    assertThrows(
      () => files.open({ folders: ["payloads"], name }),
      OpenError,
      "does not exist",
    );
  }
});

Deno.test("what is no file is not opened, and what is no folder is not listed", () => {
  const files = new FileMap("x", [["payloads/1.json", CONTENT]]);
  const open = (...names: string[]) => {
    const name = names.pop() ?? "";
    return files.open({ folders: files.foldersOf(names), name });
  };
  assertEquals(open("payloads", "1.json").size, 2);
  assertThrows(() => open("payloads"), OpenError, "no regular file");
  assertThrows(() => open("other", "1.json"), OpenError, "does not exist");
  assertThrows(() => open("payloads", "1.json", "x"), OpenError, "be read");
  assertThrows(() => files.namesIn("payloads/1.json"), OpenError);
  assertEquals(files.namesIn(""), ["payloads"]);
});
