/**
 * Checks paths of outputs: none may replace evidence, or another output.
 *
 * @module
 */

import { quote } from "../../errors.ts";
import {
  EVENT_LOG_FILE,
  MANIFEST_FILE,
  PAYLOADS_DIR,
} from "../../format/manifest.ts";
import { UsageError } from "../args/usage_error.ts";

/**
 * Checks that an output replaces no file of the bundle.
 *
 * @throws {UsageError} If it would.
 */
export function protectEvidence(bundle: string, output: string): void {
  const [folder, name] = splitPath(output);
  const root = realPath(bundle) ?? normalized(bundle);
  const evidence = folder === root
    ? [MANIFEST_FILE, EVENT_LOG_FILE, PAYLOADS_DIR].some((file) =>
      isSameName(file, name)
    )
    : isInside(folder, `${root}/${PAYLOADS_DIR}`);
  if (!evidence) return;
  throw new UsageError(
    `cannot write ${quote(output)}: it is part of the bundle`,
    "name another file: an output must not replace evidence",
  );
}

/** Whether a path is standard output: opened as a file, it would need every permission. */
export function isStandardOutput(path: string): boolean {
  return path === "-" || path === "/dev/stdout";
}

/** Whether two paths are the same file, however they are spelled. */
export function isSamePath(a: string, b: string): boolean {
  const [folderA, nameA] = splitPath(a);
  const [folderB, nameB] = splitPath(b);
  return folderA === folderB && isSameName(nameA, nameB);
}

/** The directory of a path, by its real path where that may be read, and the name in it. */
function splitPath(path: string): readonly [folder: string, name: string] {
  const plain = slashes(path);
  const at = plain.lastIndexOf("/");
  const folder = at < 0 ? "." : plain.slice(0, at) || "/";
  return [realPath(folder) ?? normalized(folder), plain.slice(at + 1)];
}

function realPath(path: string): string | undefined {
  // Without the permission, Deno would prompt the user for it.
  const { state } = Deno.permissions.querySync({ name: "read", path });
  if (state !== "granted") return undefined;
  try {
    return slashes(Deno.realPathSync(path));
  } catch {
    return undefined;
  }
}

/** The path without `.` and `..`, for directories that may not be read. */
function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of slashes(path).split("/")) {
    if (part === "..") {
      const last = parts.at(-1);
      if (last === undefined || last === "..") parts.push(part);
      else parts.pop();
    } else if (part !== "" && part !== ".") parts.push(part);
  }
  return (path.startsWith("/") ? "/" : "") + parts.join("/");
}

function slashes(path: string): string {
  return Deno.build.os === "windows" ? path.replaceAll("\\", "/") : path;
}

function isInside(folder: string, outer: string): boolean {
  return folder === outer || folder.startsWith(`${outer}/`);
}

/** Some systems ignore the case of names. */
function isSameName(a: string, b: string): boolean {
  return Deno.build.os === "linux"
    ? a === b
    : a.toLowerCase() === b.toLowerCase();
}
