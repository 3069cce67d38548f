/**
 * Permissions, asked after before they are needed.
 *
 * Without this, Deno would ask the user in the middle of the work. A missing permission is an
 * error here, and the error names the flag to add.
 *
 * @module
 */

import { quote } from "../errors.ts";

/** What may be done to a path. */
export type PathAccess = "read" | "write";

/** A permission that the user did not give. */
export class MissingPermissionError extends Error {
  override readonly name = "MissingPermissionError";
  /** The flag to add to `deno run`, quoted for a shell. */
  readonly flag: string;

  /** Says which path and names the flag. */
  constructor(access: PathAccess, path: string) {
    super(`Cannot ${access} ${quote(path)}: ${access} access was not granted`);
    this.flag = permissionFlag(access, path);
  }
}

/**
 * Makes sure that `path` may be read or written, without asking the user.
 *
 * @throws {MissingPermissionError} If not.
 */
export function requireAccess(access: PathAccess, path: string): void {
  if (Deno.permissions.querySync({ name: access, path }).state !== "granted") {
    throw new MissingPermissionError(access, path);
  }
}

/** The flag that grants `access` to `path`, to be pasted into a shell. */
export function permissionFlag(access: PathAccess, path: string): string {
  // Commas separate paths in a flag, and not every Deno has a way to escape one.
  if (path.includes(",")) return `--allow-${access}`;
  const flag = `--allow-${access}=${path}`;
  return /^[\w./:=@%+-]*$/.test(flag)
    ? flag
    : `'${flag.replaceAll("'", `'\\''`)}'`;
}
