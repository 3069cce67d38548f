/**
 * Finds the bundles among files that were dropped.
 *
 * @module
 */

import { type FileContent, FileMap } from "../../bundle/storage/file_map.ts";
import { EVENT_LOG_FILE, MANIFEST_FILE } from "../../format/manifest.ts";

/**
 * Returns the bundles in the order of their paths: the folders with a manifest, except those inside
 * another bundle. Without any manifest, the folders with a log, so that it can be reported what is
 * missing.
 *
 * @param name The name of a bundle whose files are in no folder.
 * @param onLogRead Called while a log is read, with the bytes so far and its size.
 */
export function bundlesIn(
  contents: ReadonlyMap<string, FileContent>,
  name: string,
  onLogRead: (bundle: string, bytes: number, size: number) => void,
): FileMap[] {
  const manifests = foldersWith(contents, MANIFEST_FILE);
  const folders = manifests.size > 0
    ? manifests
    : foldersWith(contents, EVENT_LOG_FILE);
  const files = new Map<string, [path: string, content: FileContent][]>();
  for (const [path, content] of contents) {
    const folder = outermost(path, folders);
    if (folder === undefined) continue;
    const inside = files.get(folder);
    const file: [string, FileContent] = [path.slice(folder.length), content];
    if (inside === undefined) files.set(folder, [file]);
    else inside.push(file);
  }
  return [...files].sort(([a], [b]) => a < b ? -1 : 1).map(
    ([folder, inside]) => {
      const path = folder === "" ? name : folder.slice(0, -1);
      return new FileMap(
        path,
        inside.map(([each, content]) => [
          each,
          each === EVENT_LOG_FILE
            ? observed(content, (bytes) => onLogRead(path, bytes, content.size))
            : content,
        ]),
      );
    },
  );
}

/** The same content; `onRead` is called with the bytes that were read so far. */
function observed(
  content: FileContent,
  onRead: (bytes: number) => void,
): FileContent {
  const open = () => {
    const source = content.open();
    let bytes = 0;
    return {
      readSync: (buffer: Uint8Array) => {
        const read = source.readSync(buffer);
        onRead(bytes += read ?? 0);
        return read;
      },
    };
  };
  return { size: content.size, open };
}

/** The folders that have a file, each with `/` at its end; "" is that of all. */
function foldersWith(
  contents: ReadonlyMap<string, FileContent>,
  name: string,
): Set<string> {
  const found = new Set<string>();
  for (const path of contents.keys()) {
    if (path === name || path.endsWith(`/${name}`)) {
      found.add(path.slice(0, -name.length));
    }
  }
  return found;
}

/** The outermost folder around a path that is one of these. */
function outermost(
  path: string,
  folders: ReadonlySet<string>,
): string | undefined {
  if (folders.has("")) return "";
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
    const folder = path.slice(0, at + 1);
    if (folders.has(folder)) return folder;
  }
  return undefined;
}
