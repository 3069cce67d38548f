/**
 * Checks permissions before they are needed.
 *
 * Otherwise Deno would prompt the user during the work. Here a missing permission is an error,
 * which names the flag to add.
 *
 * @module
 */

import { quote } from "../../errors.ts";

export type PathAccess = "read" | "write";

export class MissingPermissionError extends Error {
  override readonly name = "MissingPermissionError";
  /** The flag to add to `deno run`, quoted for a shell. */
  readonly flag: string;

  /** Names the path and the flag. */
  constructor(access: PathAccess, path: string) {
    super(`cannot ${access} ${quote(path)}: no ${access} permission`);
    this.flag = permissionFlag(access, path);
  }
}

/**
 * Checks that `path` may be read or written, without a prompt.
 *
 * @throws {MissingPermissionError} If not.
 */
export function requireAccess(access: PathAccess, path: string): void {
  if (Deno.permissions.querySync({ name: access, path }).state !== "granted") {
    throw new MissingPermissionError(access, path);
  }
}

/** The flag that grants `access` to `path`, quoted for a shell. */
export function permissionFlag(access: PathAccess, path: string): string {
  // Commas separate paths in a flag, and not every version of Deno can escape one.
  if (path.includes(",")) return `--allow-${access}`;
  const flag = `--allow-${access}=${path}`;
  return /^[\w./:=@%+-]*$/.test(flag)
    ? flag
    : `'${flag.replaceAll("'", `'\\''`)}'`;
}
