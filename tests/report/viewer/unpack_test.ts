/**
 * Archives that are dropped on the viewer: bundles are unchanged, and an archive that was made
 * to mislead or to take memory is refused.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { replayFiles } from "../../../lib/replay.ts";
import {
  type DroppedFile,
  unpack,
  type Unpacked,
} from "../../../lib/report/viewer/archive/unpack.ts";
import {
  DEFAULT_UNPACK_LIMITS,
  type UnpackLimits,
} from "../../../lib/report/viewer/archive/unpacked_files.ts";
import { sessionsIn } from "../../../lib/report/viewer/sessions_in.ts";
import { assertSameBytes, stateOf } from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";
import { stateBytes } from "../../support/state_text.ts";
import { dropOf, filesBelow, gzipOf, tarOf, zipOf } from "./archives.ts";

const BUNDLE = join(TESTDATA, "upstream", "0.164.0-shell", "bundle");
const TEXT = new TextEncoder().encode("{}");

function unpacked(
  drop: readonly DroppedFile[],
  limits: Partial<UnpackLimits> = {},
): Promise<Unpacked> {
  return unpack(drop, () => {}, { ...DEFAULT_UNPACK_LIMITS, ...limits });
}

/** Asserts that an archive is refused completely, and why. */
async function assertRefused(
  drop: DroppedFile,
  reason: string,
  limits: Partial<UnpackLimits> = {},
): Promise<void> {
  const { contents, notes } = await unpacked([drop], limits);
  assertEquals([...contents.keys()], []);
  assertEquals(notes.length, 1);
  assertStringIncludes(notes[0] ?? "", reason);
}

for (const format of ["tar", "tar.gz", "zip"] as const) {
  Deno.test(`a bundle in a ${format} has the state of its folder`, async () => {
    const files = filesBelow(BUNDLE, "x/bundle");
    const tar = await tarOf(files);
    const bytes = {
      "tar": tar,
      "tar.gz": await gzipOf(tar),
      "zip": zipOf(files),
    }[format];
    // The content decides, not the name.
    const { contents, notes } = await unpacked([dropOf("archive", bytes)]);
    assertEquals(notes, []);
    const [bundle, ...more] = sessionsIn(contents, "bundle", () => {});
    assert(bundle?.source === "bundle");
    assertEquals(more, []);
    assertEquals(bundle.path, "archive/x/bundle");
    assertSameBytes(stateBytes(replayFiles(bundle.files)), stateOf(BUNDLE));
  });
}

Deno.test("several archives and files are one drop, with a bundle each", async () => {
  const tar = await tarOf(filesBelow(BUNDLE, "b"));
  const { contents } = await unpacked([
    dropOf("one.tar", tar),
    dropOf("two.tar", tar),
    dropOf("three/manifest.json", TEXT),
    dropOf("three/payloads/inner.tar", tar),
    dropOf("three/inner/manifest.json", TEXT),
  ]);
  const bundles = sessionsIn(contents, "bundle", () => {});
  assertEquals(
    bundles.map(({ path }) => path),
    ["one.tar/b", "three", "two.tar/b"],
  );
  const [, second] = bundles;
  assert(second?.source === "bundle");
  assertEquals(second.files.entryAt("payloads/inner.tar").type, "file");
});

Deno.test("session logs are sessions, but not those of a bundle", async () => {
  const log = "rollout-2026-11-29T15-58-27-x.jsonl";
  const { contents } = await unpacked([
    dropOf(log, TEXT),
    dropOf(`2026/11/${log}`, TEXT),
    dropOf("2026/11/history.jsonl", TEXT),
    dropOf("a/manifest.json", TEXT),
    dropOf(`a/${log}`, TEXT),
  ]);
  const sessions = sessionsIn(contents, "bundle", () => {});
  assertEquals(
    sessions.map(({ path, source }) => [path, source]),
    [[`2026/11/${log}`, "session_log"], ["a", "bundle"], [log, "session_log"]],
  );
});

Deno.test("small files are read many at once, each with its own bytes", async () => {
  const texts = Array.from({ length: 300 }, (_, i) => `${i}`.repeat(1 + i));
  const drop = texts.map((text, i) =>
    dropOf(`a/${i}`, new TextEncoder().encode(text))
  );
  let reads = 0;
  const real = Blob.prototype.arrayBuffer;
  Blob.prototype.arrayBuffer = function () {
    reads++;
    return real.call(this);
  };
  try {
    const { contents } = await unpacked(drop);
    assertEquals(reads, 1);
    for (const [i, text] of texts.entries()) {
      const content = contents.get(`a/${i}`);
      const bytes = new Uint8Array(content?.size ?? 0);
      content?.open().readSync(bytes);
      assertEquals(new TextDecoder().decode(bytes), text);
    }
  } finally {
    Blob.prototype.arrayBuffer = real;
  }
});

Deno.test("files without a folder are a bundle", async () => {
  const drop = [dropOf("manifest.json", TEXT), dropOf("trace.jsonl", TEXT)];
  const { contents } = await unpacked(drop);
  const bundles = sessionsIn(contents, "bundle", () => {});
  assertEquals(bundles.map(({ path }) => path), ["bundle"]);
});

Deno.test("a log without a manifest is a bundle, so that it is reported what is missing", async () => {
  const drop = [dropOf("a/trace.jsonl", TEXT), dropOf("b/other", TEXT)];
  const { contents } = await unpacked(drop);
  const bundles = sessionsIn(contents, "bundle", () => {});
  assertEquals(bundles.map(({ path }) => path), ["a"]);
});

Deno.test("paths that lead out of an archive are skipped, and reported", async () => {
  const names = ["../a", "b/../../c", "/d", "C:\\e", "..\\f", "g\0h"];
  for (const name of names) {
    const files = new Map([[name, TEXT], ["ok", TEXT]]);
    for (const bytes of [await tarOf(files), zipOf(files)]) {
      const { contents, notes } = await unpacked([dropOf("x", bytes)]);
      // A tar ends a name at NUL, so that the rest is no part of it.
      const expected = bytes[0] !== 0x50 && name.includes("\0") ? 2 : 1;
      assertEquals(contents.size, expected, name);
      assertEquals(notes.length, 2 - expected, notes.join());
    }
  }
});

Deno.test("links in an archive are skipped, and reported", async () => {
  const tar = await tarOf(
    new Map([["ok", TEXT]]),
    { header: { name: "a", size: 0, type: "symlink", linkname: "/etc" } },
    { header: { name: "b", size: 0, type: "link", linkname: "ok" } },
    { header: { name: "c", size: 0, type: "character-device" } },
  );
  const { contents, notes } = await unpacked([dropOf("x.tar", tar)]);
  assertEquals([...contents.keys()], ["x.tar/ok"]);
  assertEquals(notes.map((note) => note.replace(/.*skipped: /, "")), [
    "links in archives are not followed",
    "links in archives are not followed",
    "it is no regular file",
  ]);
});

Deno.test("two files of one path are refused", async () => {
  const tar = await tarOf(
    new Map([["a/b", TEXT]]),
    { header: { name: "./a//b", size: 2, type: "file" }, body: TEXT },
  );
  await assertRefused(dropOf("x.tar", tar), 'two files "a/b"');
});

Deno.test("an archive with more bytes than allowed is refused before they are read", async () => {
  const large = new Uint8Array(100_000);
  const files = new Map([["a", large], ["b", large]]);
  const tar = await tarOf(files);
  const limits = { bytes: 150_000 };
  const reason = "more than 146.5 KiB when it is unpacked";
  await assertRefused(dropOf("x", tar), reason, limits);
  await assertRefused(dropOf("x", await gzipOf(tar)), reason, limits);
  await assertRefused(dropOf("x", zipOf(files)), reason, limits);
});

Deno.test("padding that is decompressed counts, too", async () => {
  const tar = await tarOf(new Map([["a", TEXT]]));
  const padded = new Uint8Array(tar.length + 10_000_000);
  padded.set(tar);
  await assertRefused(dropOf("x", await gzipOf(padded)), "more than", {
    bytes: 1_000_000,
  });
});

Deno.test("an archive with more entries than allowed is refused", async () => {
  const files = new Map(
    Array.from({ length: 11 }, (_, i) => [`${i}`, TEXT]),
  );
  const reason = "more than 10 entries";
  const limits = { entries: 10 };
  await assertRefused(dropOf("x", await tarOf(files)), reason, limits);
  await assertRefused(dropOf("x", zipOf(files)), reason, limits);
});

Deno.test("a zip whose file is larger than it claims is refused", async () => {
  const zip = zipOf(new Map([["a", new Uint8Array(5_000_000)]]));
  const view = new DataView(zip.buffer);
  for (let at = 0; at + 4 < zip.length; at++) {
    const signature = view.getUint32(at, true);
    // The sizes in the header of the file, and in the directory.
    if (signature === 0x04034b50) view.setUint32(at + 22, 100, true);
    if (signature === 0x02014b50) view.setUint32(at + 24, 100, true);
  }
  const { contents, notes } = await unpacked([dropOf("x.zip", zip)]);
  assertEquals([...contents.keys()], []);
  assertEquals(notes.length, 1);
});

Deno.test("a damaged or truncated archive is refused", async () => {
  const files = filesBelow(BUNDLE, "b");
  const tar = await tarOf(files);
  const gzip = await gzipOf(tar);
  const zip = zipOf(files);
  for (const bytes of [tar, gzip, zip]) {
    for (const length of [bytes.length >> 1, bytes.length - 2000]) {
      await assertRefused(dropOf("x", bytes.slice(0, length)), "unpacked");
    }
  }
  await assertRefused(
    dropOf("x", new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0])),
    "decompress it first",
  );
});
