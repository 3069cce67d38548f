/**
 * The files of a bundle in memory, as a program without a disk has them.
 *
 * @module
 */

import { walkSync } from "@std/fs";
import { relative } from "@std/path";
import { storedBytes } from "../../../lib/bundle/payloads/payload_storage.ts";
import { FileMap } from "../../../lib/bundle/storage/file_map.ts";

/** Reads the files of a folder; it may have no links. */
export function filesInMemory(folder: string): FileMap {
  const files = [...walkSync(folder, { includeDirs: false })];
  return new FileMap(
    folder,
    files.map(({ path }) => {
      const bytes = Deno.readFileSync(path);
      const name = relative(folder, path).replaceAll("\\", "/");
      const { length: size } = bytes;
      return [name, { size, open: () => storedBytes(bytes).source }];
    }),
  );
}
