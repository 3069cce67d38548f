/**
 * Finds the sessions among files that were dropped: bundles and session logs.
 *
 * @module
 */

import { type FileContent, FileMap } from "../../bundle/storage/file_map.ts";
import { SESSION_LOG_NAME } from "../../bundle/storage/find_bundles.ts";
import { EVENT_LOG_FILE, MANIFEST_FILE } from "../../format/manifest.ts";
import {
  type LogMap,
  sessionsOfLogs,
} from "../../query/session/session_log/joined/log_map.ts";

/** A session that was dropped. */
export type DroppedSession =
  | {
    readonly source: "bundle";
    readonly path: string;
    readonly files: FileMap;
  }
  | {
    readonly source: "session_log";
    readonly path: string;
    /** The logs of its threads. */
    readonly logs: LogMap;
  };

/**
 * Returns the sessions in the order of their paths. Bundles are the folders with a manifest, except
 * those inside another bundle; without any manifest, the folders with a log, so that it can be
 * reported what is missing. Session logs are the files outside of bundles that are named as such; those
 * of the threads of one session are one.
 *
 * @param name The name of a bundle whose files are in no folder.
 * @param onLogRead Called while a log is read, with the bytes so far and its size.
 */
export function sessionsIn(
  contents: ReadonlyMap<string, FileContent>,
  name: string,
  onLogRead: (session: string, bytes: number, size: number) => void,
): DroppedSession[] {
  const manifests = foldersWith(contents, MANIFEST_FILE);
  const folders = manifests.size > 0
    ? manifests
    : foldersWith(contents, EVENT_LOG_FILE);
  const read = (path: string, content: FileContent) =>
    observed(content, (bytes) => onLogRead(path, bytes, content.size));
  const logs = new Map<string, FileContent>();
  const files = new Map<string, [path: string, content: FileContent][]>();
  for (const [path, content] of contents) {
    const folder = outermost(path, folders);
    if (folder !== undefined) {
      const inside = files.get(folder) ?? [];
      inside.push([path.slice(folder.length), content]);
      files.set(folder, inside);
    } else if (SESSION_LOG_NAME.test(path.slice(path.lastIndexOf("/") + 1))) {
      logs.set(path, content);
    }
  }
  const sessions = sessionsOfLogs(logs, read).map((each): DroppedSession => ({
    source: "session_log",
    path: each.path,
    logs: each,
  }));
  for (const [folder, inside] of files) {
    const path = folder === "" ? name : folder.slice(0, -1);
    const map = new FileMap(
      path,
      inside.map(([each, content]) => [
        each,
        each === EVENT_LOG_FILE ? read(path, content) : content,
      ]),
    );
    sessions.push({ source: "bundle", path, files: map });
  }
  return sessions.sort((a, b) => a.path < b.path ? -1 : 1);
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
