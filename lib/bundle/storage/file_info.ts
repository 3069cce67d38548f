/**
 * What is known of a file or folder of the disk: which it is, and when it was changed.
 *
 * @module
 */

import type { EntryType } from "./bundle_files.ts";

type FileId = Pick<Deno.FileInfo, "dev" | "ino">;

/** Milliseconds after a change of a folder in which its time may hide a second one. */
const CLOCK_STEP_MS = 15;

/** Milliseconds until a change of the folder will have another time; without times, 0. */
export function unsettledMs(
  { mtime, ctime }: Deno.FileInfo,
  now: number,
): number {
  if (mtime === null) return 0;
  // A process can set the first time back, not the second, which Deno knows in seconds.
  const [changedAt, step] = ctime !== null && ctime > mtime
    ? [ctime, 1000]
    : [mtime, 0];
  const age = now - changedAt.getTime();
  return age < 0 ? 0 : Math.max(0, step + CLOCK_STEP_MS - age);
}

/** Whether a later change has another time that no process can set back. */
export function isOld({ ctime }: Deno.FileInfo, now: number): boolean {
  return ctime !== null && now - ctime.getTime() > 2000;
}

/** Information about what a path leads to; `undefined` if there is nothing. */
export function presentInfo(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Whether neither content nor name of a folder changed between two looks, as far as times show. */
export function isSameTime(a: Deno.FileInfo, b: Deno.FileInfo): boolean {
  return a.mtime?.getTime() === b.mtime?.getTime() &&
    a.ctime?.getTime() === b.ctime?.getTime();
}

/** Returns whether both describe the same file, by device and inode. */
export function isSame(a: FileId, b: FileId): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

/** Returns whether two paths lead to one file. */
export function isSameFile(a: string, b: string): boolean {
  const [one, other] = [presentInfo(a), presentInfo(b)];
  return one !== undefined && other !== undefined && isSame(one, other);
}

/** Whether a permission is granted already; the user is not asked. */
export function isGranted(name: "read" | "write", path: string): boolean {
  return Deno.permissions.querySync({ name, path }).state === "granted";
}

/** What kind of entry it is. */
export function typeOf(info: Deno.FileInfo): EntryType {
  if (info.isFile) return "file";
  if (info.isDirectory) return "folder";
  return info.isSymlink ? "link" : "other";
}
