/**
 * The file at the path of an output, before it is written.
 *
 * It may be in an untrusted bundle: a pipe there would block or receive the content, a link lead
 * anywhere. So it is inspected and never opened.
 *
 * @module
 */

import { windowsNameRefusal } from "../payloads/payload_paths.ts";
import { splitPath } from "../storage/disk_path.ts";
import { isGranted } from "../storage/file_info.ts";
import { onDisk, OutputError } from "./output_error.ts";

/** What is at the path. */
export type OutputPlace =
  /** The path may not be read. */
  | { type: "unknown" }
  | { type: "nothing" }
  | { type: "file"; mode: number | null }
  /** A symbolic link: it is replaced, whatever it leads to. */
  | { type: "link" };

const REGULAR_HINT = "name a regular file; - is standard output";

/**
 * Inspects the path of an output. Asks for no permission.
 *
 * @throws {OutputError} If it is a folder, a pipe, a device or a socket, or in a folder of devices.
 */
export function outputPlace(path: string): OutputPlace {
  refuseDevice(path);
  refuseSystemFolder(path);
  if (!isGranted("read", path)) return { type: "unknown" };
  const info = infoOf(path);
  if (info === undefined) return { type: "nothing" };
  if (info.isSymlink) return { type: "link" };
  if (info.isFile) return { type: "file", mode: info.mode };
  throw info.isDirectory
    ? new OutputError(path, "it is a folder")
    : new OutputError(path, `it is ${kindOf(info)}`, { hint: REGULAR_HINT });
}

/**
 * Checks that there is a regular file at a path, or nothing: it will be opened.
 *
 * @returns The size of the file in bytes; null where there is nothing.
 * @throws {OutputError} If there is a link, or something that {@linkcode outputPlace} refuses.
 */
export function requireRegular(path: string): number | null {
  const place = outputPlace(path);
  if (place.type === "link") throw new OutputError(path, LINK);
  return infoOf(path)?.size ?? null;
}

/**
 * Checks that there is a folder at a path, or nothing.
 *
 * @throws {OutputError} If there is a link or anything else: what is written below would be elsewhere.
 */
export function requireOwnFolder(path: string): void {
  const info = infoOf(path);
  if (info === undefined || info.isDirectory) return;
  const reason = info.isSymlink ? LINK : "it is no folder";
  throw new OutputError(path, reason, { hint: "remove it" });
}

const LINK = "it is a link, which may lead anywhere";

/** The folder of a path. */
export function folderOf(path: string): string {
  const at = path.search(
    Deno.build.os === "windows" ? /[\\/][^\\/]*$/ : /\/[^/]*$/,
  );
  return at < 0 ? "." : path.slice(0, at + 1);
}

function infoOf(path: string): Deno.FileInfo | undefined {
  return onDisk(path, () => {
    try {
      return Deno.lstatSync(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  });
}

function kindOf(info: Deno.FileInfo): string {
  if (info.isFifo) return "a named pipe";
  if (info.isSocket) return "a socket";
  return info.isCharDevice || info.isBlockDevice
    ? "a device"
    : "no regular file";
}

/**
 * Checks the name of an output, which on Windows may mean something else than a file.
 *
 * @throws {OutputError} If it does.
 */
export function refuseDevice(path: string, isWindows?: boolean): void {
  if (!(isWindows ?? Deno.build.os === "windows")) return;
  const why = windowsNameRefusal(splitPath(path, true).name);
  if (why === undefined) return;
  throw new OutputError(path, `its name ${why}`, { hint: REGULAR_HINT });
}

/** Links there lead to open files of processes: `/dev/stderr`, `/dev/fd/63`, `/proc/self/fd/1`. */
const SYSTEM_FOLDER = /^\/dev(?:\/fd)?$|^\/(?:proc|sys)(?:\/|$)/;

function refuseSystemFolder(path: string): void {
  if (Deno.build.os === "windows") return;
  const folder = folderOf(path);
  const folders = [folder.replace(/(?<=.)\/+$/, "")];
  if (isGranted("read", folder)) {
    try {
      folders.push(Deno.realPathSync(folder));
    } catch {
      // Whatever is wrong with the folder is reported when the file is written.
    }
  }
  if (!folders.some((each) => SYSTEM_FOLDER.test(each))) return;
  throw new OutputError(path, "it is in a folder of devices", {
    hint: REGULAR_HINT,
  });
}
