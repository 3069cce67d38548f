/**
 * Checks paths of outputs: none may replace evidence, or another output.
 *
 * @module
 */

import { outputPlace } from "../../bundle/output/output_place.ts";
import { SESSION_LOG_NAME } from "../../bundle/storage/find_bundles.ts";
import { quote } from "../../errors.ts";
import {
  EVENT_LOG_FILE,
  MANIFEST_FILE,
  PAYLOADS_DIR,
} from "../../format/manifest.ts";
import { UsageError } from "../args/usage_error.ts";
import { requireAccess } from "./permissions.ts";

/**
 * Checks that an output may be written to `output`, before the work for it begins: it replaces
 * neither a file of the bundle nor `input` itself, and no pipe or device.
 *
 * @param input The bundle, or the `state.json` that was named in its place; null where nothing is
 * read.
 * @throws {MissingPermissionError} If Deno may not write it.
 * @throws {UsageError} If it would replace what is read, or a session log.
 * @throws {OutputError} If it is no regular file.
 */
export function requireOutput(input: string | null, output: string): void {
  requireAccess("write", output);
  if (isEvidence(input, output)) {
    throw new UsageError(
      `cannot write ${quote(output)}: it is part of the bundle`,
      "name another file: an output must not replace evidence",
    );
  }
  if (input !== null && isInput(input, output)) {
    throw new UsageError(
      `cannot write ${quote(output)}: it is what is read`,
      "name another file: an output must not replace its input",
    );
  }
  outputPlace(output);
  if (isSessionLog(output)) {
    throw new UsageError(
      `cannot write ${quote(output)}: it is a session log`,
      "name another file: an output must not replace evidence",
    );
  }
}

/**
 * Checks that a folder of outputs is neither in `root`, which is searched for bundles, nor in a
 * bundle, whatever links lead there.
 *
 * @throws {UsageError} If it is.
 */
export function requireOutputFolder(root: string, output: string): void {
  const source = resolved(root);
  const outer = foldersAbove(output).find((folder) =>
    folder === source || realPath(`${folder}/${MANIFEST_FILE}`) !== undefined
  );
  if (outer === undefined) return;
  const place = outer === source ? quote(root) : `the bundle ${quote(outer)}`;
  throw new UsageError(
    `cannot write to ${quote(output)}: it is inside ${place}`,
    "name a directory beside it",
  );
}

/** A path and all folders above it. */
function foldersAbove(path: string): string[] {
  const names = resolved(path).split("/");
  return names.map((_, at) => names.slice(0, names.length - at).join("/"))
    .map((folder) => folder === "" ? "/" : folder);
}

/** Whether the output would replace a file of the bundle, or of any other. */
function isEvidence(bundle: string | null, output: string): boolean {
  const [folder, name] = splitPath(output);
  const isBundle = (root: string) =>
    (bundle !== null &&
      root === resolved(bundle)) ||
    realPath(`${root}/${MANIFEST_FILE}`) !== undefined;
  const isPart = EVIDENCE.some((file) => isSameName(file, name));
  return (isPart && isBundle(folder)) || rootsAbove(folder).some(isBundle);
}

/**
 * Whether there is a file with the name of a session log: the logs of all threads of a session are read
 * when one of them is named, also those whose first line is damaged.
 */
function isSessionLog(output: string): boolean {
  const [, name] = splitPath(output);
  const spelled = Deno.build.os === "linux" ? name : name.toLowerCase();
  return SESSION_LOG_NAME.test(spelled) && realPath(output) !== undefined;
}

const EVIDENCE = [MANIFEST_FILE, EVENT_LOG_FILE, PAYLOADS_DIR];

/** The folders of which `folder` may be the payloads, or inside them. */
function rootsAbove(folder: string): string[] {
  const parts = `${folder}/`.split(`/${PAYLOADS_DIR}/`);
  return parts.slice(1).map((_, at) =>
    parts.slice(0, at + 1).join(`/${PAYLOADS_DIR}/`)
  );
}

/** Whether the output is the input, or what a link given as the input leads to. */
export function isInput(input: string, output: string): boolean {
  const target = realPath(input);
  return isSamePath(input, output) ||
    (target !== undefined && isSamePath(target, output));
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

/** The directory of a path, and the name in it. */
function splitPath(path: string): readonly [folder: string, name: string] {
  const plain = slashes(path);
  const at = plain.lastIndexOf("/");
  const folder = at < 0 ? "." : plain.slice(0, at) || "/";
  return [resolved(folder), plain.slice(at + 1)];
}

/** A path without links, `.` and `..`, as far as it exists and may be read. */
function resolved(path: string): string {
  const names = slashes(path).split("/");
  for (let count = names.length; count > 0; count--) {
    const real = realPath(names.slice(0, count).join("/") || "/");
    if (real === undefined) continue;
    return normalized([real, ...names.slice(count)].join("/"));
  }
  const here = names[0] === "" ? undefined : realPath(".");
  return normalized(here === undefined ? path : `${here}/${path}`);
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

/** Some systems ignore the case of names. */
function isSameName(a: string, b: string): boolean {
  return Deno.build.os === "linux"
    ? a === b
    : a.toLowerCase() === b.toLowerCase();
}
