/**
 * Drops that are made to break the viewer: too deep, too long, too large when unpacked, damaged, or
 * with paths that lead out.
 *
 * @module
 */

import { recorded } from "../../report_file.ts";
import { block, bytes, HEADER } from "../../../bundle/shard/zstd_blocks.ts";
import { joined } from "../../../support/bundles/zstd_frames.ts";
import { filesBelow, gzipOf, tarOf, zipOf } from "../archives.ts";

/** A file to be dropped. */
export interface HostileDrop {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether there is a session in it, in spite of all. */
  readonly hasSession: boolean;
}

/** JSON of so many levels. */
const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

const encode = (text: string) => new TextEncoder().encode(text);

/** Sessions with texts that are too deep or too long, and with payloads that are bombs. */
export async function hostileSessions(): Promise<HostileDrop[]> {
  const shell = recorded("0.164.0-shell");
  const levels = filesWith(shell, (i) => deep(5_000 * 40 ** (i % 2)));
  levels.set("b/payloads/2.json", encode(deep(200_000)));
  const log = new TextDecoder().decode(levels.get("b/trace.jsonl"));
  levels.set("b/trace.jsonl", encode(`${log}${deep(200_000)}\n`));
  const long = filesWith(
    shell,
    (i) => `<b>${i}\n`.repeat(i === 0 ? 2_000_000 : 1),
  );
  const sharded = filesBelow(recorded("0.171.0-hello"), "b");
  // 16 GiB in 512 KiB.
  const zeros = block("rle", "00", { size: 128 * 1024 });
  const shard = joined([
    bytes(HEADER),
    ...Array<Uint8Array>(1 << 17).fill(zeros),
  ]);
  sharded.set("b/payloads/000001.zst", new Uint8Array(shard));
  const drops = {
    "levels.tar": levels,
    "long.tar": long,
    "shard.tar": sharded,
  };
  return await Promise.all(
    Object.entries(drops).map(async ([name, files]) => ({
      name,
      bytes: await tarOf(files),
      hasSession: true,
    })),
  );
}

/** Archives that must not be unpacked, completely or at all. */
export async function hostileArchives(): Promise<HostileDrop[]> {
  const files = filesBelow(recorded("0.164.0-shell"), "b");
  const tar = await tarOf(
    new Map([...files, ["../out", encode("x")]]),
    { header: { name: "b/link", size: 0, type: "symlink", linkname: "/etc" } },
  );
  const gzip = await gzipOf(tar);
  const zip = zipOf(new Map([["manifest.json", new Uint8Array(1 << 20)]]));
  const view = new DataView(zip.buffer);
  for (let at = 0; at + 4 < zip.length; at++) {
    // The size in the directory: 4 GiB.
    const isEntry = view.getUint32(at, true) === 0x02014b50;
    if (isEntry) view.setUint32(at + 24, 0xfffffffe, true);
  }
  return [
    { name: "out.tar", bytes: tar, hasSession: true },
    {
      name: "cut.tar.gz",
      bytes: gzip.slice(0, gzip.length >> 1),
      hasSession: false,
    },
    { name: "bomb.zip", bytes: zip, hasSession: false },
    {
      name: "a.tar.zst",
      bytes: new Uint8Array(bytes(HEADER)),
      hasSession: false,
    },
  ];
}

/** The files of a bundle with other outputs of its tools, and the same wherever they are repeated. */
function filesWith(
  bundle: string,
  output: (number: number) => string,
): Map<string, Uint8Array<ArrayBuffer>> {
  const files = filesBelow(bundle, "b");
  const replaced = new Map<string, string>();
  for (const [path, content] of files) {
    if (!path.startsWith("b/payloads/")) continue;
    const text = JSON.stringify(
      JSON.parse(new TextDecoder().decode(content)),
      (key, value: unknown) => {
        if (key !== "output" || typeof value !== "string") return value;
        const other = replaced.get(value) ?? output(replaced.size);
        replaced.set(value, other);
        return other;
      },
    );
    files.set(path, encode(text));
  }
  return files;
}
