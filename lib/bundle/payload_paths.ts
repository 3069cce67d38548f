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

/** What a folder of the bundle holds: name → whether it is a regular file. */
type Listing = ReadonlyMap<string, boolean>;

/** Finds and guards the files of one bundle. */
export class PayloadPaths {
  readonly #root: string;
  /** Folders that were found to lie inside the bundle, with what they held then. */
  readonly #folders: Map<string, Listing> = new Map();
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
    const name = segments.pop() ?? "";
    const folder = segments.length === 0
      ? this.#root
      : `${this.#root}/${segments.join("/")}`;
    const path = `${folder}/${name}`;
    // One look at the folder spares one look at each of its files.
    if (this.#listing(folder, segments, ref).get(name) === true) return path;
    this.#checkFile(path, ref);
    return path;
  }

  #listing(folder: string, segments: string[], ref: RawPayloadRef): Listing {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    let path = this.#root;
    for (const segment of segments) {
      path = `${path}/${segment}`;
      if (lstat(path, ref).isSymlink) this.#checkLink(path, ref);
    }
    const listing = listFolder(folder);
    this.#folders.set(folder, listing);
    return listing;
  }

  #checkFile(path: string, ref: RawPayloadRef): void {
    let info = lstat(path, ref);
    if (info.isSymlink) {
      this.#checkLink(path, ref);
      info = Deno.statSync(path);
    }
    if (info.isFile) return;
    throw new PayloadError(
      "payload_not_regular",
      ref,
      "is refused: it is no regular file",
    );
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
    if (target === root || target.startsWith(withSeparator(root))) return;
    throw new PayloadError(
      "payload_path_refused",
      ref,
      "is refused: a symbolic link leads out of the bundle",
    );
  }
}

function withSeparator(folder: string): string {
  if (/[/\\]$/.test(folder)) return folder;
  return folder.includes("\\") ? `${folder}\\` : `${folder}/`;
}

/** What a folder holds; nothing when it cannot be listed, so that each file is looked at. */
function listFolder(folder: string): Listing {
  try {
    return new Map(
      Array.from(
        Deno.readDirSync(folder),
        (entry) => [entry.name, entry.isFile],
      ),
    );
  } catch {
    return new Map();
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
