/**
 * Archives of bundles, also of a kind that no program writes.
 *
 * @module
 */

import { walkSync } from "@std/fs";
import { relative } from "@std/path";
import { zipSync } from "fflate";
import { packTar, type TarEntry } from "modern-tar";
import type { DroppedFile } from "../../../lib/report/viewer/archive/unpack.ts";

/** The files of a folder by their paths in an archive. */
export function filesBelow(
  folder: string,
  name: string,
): Map<string, Uint8Array<ArrayBuffer>> {
  const files = [...walkSync(folder, { includeDirs: false })];
  return new Map(
    files.map(({ path }) => [
      `${name}/${relative(folder, path).replaceAll("\\", "/")}`,
      Deno.readFileSync(path),
    ]),
  );
}

/** A tar archive of files, and of other entries after them. */
export async function tarOf(
  files: ReadonlyMap<string, Uint8Array>,
  ...more: readonly TarEntry[]
): Promise<Uint8Array<ArrayBuffer>> {
  const entries = Array.from(files, ([name, body]): TarEntry => ({
    header: { name, size: body.length, type: "file" },
    body,
  }));
  return new Uint8Array(await packTar([...entries, ...more]));
}

/** A zip archive of files. */
export function zipOf(
  files: ReadonlyMap<string, Uint8Array>,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(zipSync(Object.fromEntries(files)));
}

/** Bytes compressed with gzip. */
export async function gzipOf(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A file that is dropped by itself. */
export function dropOf(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
): DroppedFile {
  return { path, file: new Blob([bytes]) };
}
