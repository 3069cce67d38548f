/**
 * Whether the configuration in the working directory is the user's own.
 *
 * A bundle is untrusted, and so is a directory of another user: as Git does not use the
 * configuration of such a repository (`safe.directory`), this program does not use theirs.
 *
 * @module
 */

import {
  EVENT_LOG_FILE,
  MANIFEST_FILE,
  PAYLOADS_DIR,
} from "../../format/manifest.ts";
import { CONFIG_FILE } from "./config.ts";

/**
 * Returns why the configuration of the working directory is not to be used; `undefined` if it may
 * be, or if there is none.
 */
export function distrustOfConfig(): string | undefined {
  const info = linkInfo(CONFIG_FILE);
  if (info === undefined) return undefined;
  if (info.isSymlink) return "it is a link";
  if (!info.isFile) return "it is no regular file";
  return distrustOfFolder() ?? distrustOfOwner();
}

function linkInfo(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch {
    return undefined;
  }
}

function distrustOfFolder(): string | undefined {
  if (!mayRead(".")) return UNKNOWN_FOLDER;
  for (const folder of withParents(Deno.realPathSync("."))) {
    const paths = PARTS.map((name) => `${folder}/${name}`);
    if (!paths.every(mayRead)) return UNKNOWN_FOLDER;
    // Two parts are a bundle, or what is left of one.
    const found = paths.filter((path) => linkInfo(path) !== undefined);
    if (found.length > 1) return "it is in a bundle";
  }
  return undefined;
}

const UNKNOWN_FOLDER =
  "without permission to read the directories above it, it may be in a bundle";
const PARTS = [MANIFEST_FILE, EVENT_LOG_FILE, PAYLOADS_DIR];

function mayRead(path: string): boolean {
  return Deno.permissions.querySync({ name: "read", path }).state === "granted";
}

/** A directory and all above it. */
function withParents(path: string): string[] {
  const separator = Deno.build.os === "windows" ? "\\" : "/";
  const names = path.split(separator);
  return names.map((_, at) => names.slice(0, names.length - at).join(separator))
    .map((folder) => folder === "" ? separator : folder);
}

function distrustOfOwner(): string | undefined {
  for (const each of [".", CONFIG_FILE]) {
    const { mode, uid } = Deno.statSync(each);
    if (mode !== null && (mode & 0o002) !== 0) {
      return "other users may write to it or to its directory";
    }
    if (!isOwn(each, uid)) return "it belongs to another user";
  }
  return undefined;
}

/**
 * Whether this user owns a file. To ask for the user's id needs a permission that the program
 * does not have; but only the owner may open a file without a new time of access, and root may
 * open any.
 */
function isOwn(path: string, uid: number | null): boolean {
  // Other systems have no such flag.
  if (Deno.build.os !== "linux") return true;
  return opensWithoutTime("/") ? uid === 0 : opensWithoutTime(path);
}

function opensWithoutTime(path: string): boolean {
  // Loaded when needed: modules of Node take longer than the rest of the start.
  const fs = process.getBuiltinModule("node:fs");
  const { O_RDONLY, O_NOATIME, O_NONBLOCK } = fs.constants;
  try {
    fs.closeSync(fs.openSync(path, O_RDONLY | O_NOATIME | O_NONBLOCK));
    return true;
  } catch {
    return false;
  }
}
