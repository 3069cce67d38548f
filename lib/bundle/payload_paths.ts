/**
 * Which file a payload reference may lead to: a regular file inside the bundle, nothing else.
 *
 * A bundle may come from anybody. A path that is absolute, climbs out, or leaves through a
 * symbolic link is refused before anything is opened, and so is a pipe or a device, which could
 * block for ever.
 *
 * @module
 */

import { PayloadError } from "../errors.ts";
import type { RawPayloadRef } from "../format/payload.ts";

/** Finds and guards the files of one bundle. */
export class PayloadPaths {
  readonly #root: string;
  readonly #checkedFolders: Set<string> = new Set();
  #realRoot: string | undefined;

  /** `root` is the bundle's folder. */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * The path to open for a reference.
   *
   * @throws {PayloadError} If it may not be opened.
   */
  resolve(ref: RawPayloadRef): string {
    const segments = checkedSegments(ref);
    let path = this.#root;
    for (const segment of segments.slice(0, -1)) {
      path = `${path}/${segment}`;
      if (this.#checkedFolders.has(path)) continue;
      if (lstat(path, ref).isSymlink) this.#checkLink(path, ref);
      this.#checkedFolders.add(path);
    }
    path = `${path}/${segments[segments.length - 1] ?? ""}`;
    let info = lstat(path, ref);
    if (info.isSymlink) {
      this.#checkLink(path, ref);
      info = Deno.statSync(path);
    }
    if (!info.isFile) {
      throw new PayloadError(
        "payload_not_regular",
        ref,
        "is refused: it is no regular file",
      );
    }
    return path;
  }

  #checkLink(path: string, ref: RawPayloadRef): void {
    const root = this.#realRoot ??= Deno.realPathSync(this.#root);
    let target: string;
    try {
      target = Deno.realPathSync(path);
    } catch (cause) {
      throw new PayloadError(
        "payload_unreadable",
        ref,
        "cannot be read: a broken link",
        { cause },
      );
    }
    const inside = target.startsWith(
      root.endsWith("/") || root.endsWith("\\") ? root : `${root}/`,
    ) ||
      target.startsWith(`${root}\\`);
    if (!inside) {
      throw new PayloadError(
        "payload_path_refused",
        ref,
        "is refused: a symbolic link leads out of the bundle",
      );
    }
  }
}

function checkedSegments(ref: RawPayloadRef): string[] {
  const { path } = ref;
  const fault = path === ""
    ? "its path is empty"
    : path.includes("\0")
    ? "its path contains a NUL"
    : /^([/\\]|[A-Za-z]:)/.test(path)
    ? "its path is absolute"
    : undefined;
  const segments = path.split(/[/\\]/).filter((segment) =>
    segment !== "" && segment !== "."
  );
  const climbs = segments.includes("..")
    ? "its path leads out of the bundle"
    : undefined;
  const why = fault ?? climbs;
  if (why !== undefined) {
    throw new PayloadError("payload_path_refused", ref, `is refused: ${why}`);
  }
  return segments;
}

function lstat(path: string, ref: RawPayloadRef): Deno.FileInfo {
  try {
    return Deno.lstatSync(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    const what = cause instanceof Deno.errors.NotFound
      ? "does not exist"
      : "cannot be read";
    throw new PayloadError("payload_unreadable", ref, what, { cause });
  }
}
