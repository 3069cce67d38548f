/**
 * Where an output would go: not over the evidence, and not over another output.
 *
 * @module
 */

import { quote } from "../errors.ts";
import {
  EVENT_LOG_FILE,
  MANIFEST_FILE,
  PAYLOADS_DIR,
} from "../format/manifest.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Makes sure that an output replaces nothing that the bundle consists of.
 *
 * @throws {UsageError} If it would.
 */
export function keepEvidence(bundle: string, output: string): void {
  const [folder, name] = placeOf(output);
  const root = realPath(bundle) ?? lexical(bundle);
  const evidence = folder === root
    ? [MANIFEST_FILE, EVENT_LOG_FILE, PAYLOADS_DIR].some((each) =>
      sameName(each, name)
    )
    : isInside(folder, `${root}/${PAYLOADS_DIR}`);
  if (!evidence) return;
  throw new UsageError(
    `${quote(output)} is part of the bundle itself`,
    "an output must not replace evidence: name another file",
  );
}

/** Whether a path means standard output: opened as a file, it would need every permission. */
export function isStandardOutput(path: string): boolean {
  return path === "-" || path === "/dev/stdout";
}

/** Whether two paths lead to one place, however they are spelled. */
export function isSamePlace(a: string, b: string): boolean {
  const [folderA, nameA] = placeOf(a);
  const [folderB, nameB] = placeOf(b);
  return folderA === folderB && sameName(nameA, nameB);
}

/** The folder of a path, by its real name where that may be asked, and the name in it. */
function placeOf(path: string): readonly [folder: string, name: string] {
  const plain = slashes(path);
  const at = plain.lastIndexOf("/");
  const folder = at < 0 ? "." : plain.slice(0, at) || "/";
  return [realPath(folder) ?? lexical(folder), plain.slice(at + 1)];
}

function realPath(path: string): string | undefined {
  // Asked without the permission, the system would ask the user for it.
  const { state } = Deno.permissions.querySync({ name: "read", path });
  if (state !== "granted") return undefined;
  try {
    return slashes(Deno.realPathSync(path));
  } catch {
    return undefined;
  }
}

/** The path without what leads nowhere, for folders that may not be looked at. */
function lexical(path: string): string {
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

/** Some systems take names that differ in case for one. */
function sameName(a: string, b: string): boolean {
  return Deno.build.os === "linux"
    ? a === b
    : a.toLowerCase() === b.toLowerCase();
}
