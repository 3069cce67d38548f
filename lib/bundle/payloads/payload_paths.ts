/**
 * Opens the file of a payload reference: only a regular file inside the bundle.
 *
 * A path that is absolute, climbs out, leaves through a symbolic link, or means a device on
 * this system is refused before anything is opened.
 *
 * @module
 */

import {
  BundleFormatError,
  PayloadError,
  type PayloadLocation,
} from "../../errors.ts";
import type { RawPayloadRef } from "../../format/payload.ts";
import { StableDirectory } from "./stable_directory.ts";
import {
  type BundleDirectory,
  type BundleFile,
  isSame,
  RefusedFileError,
} from "../bundle_directory.ts";

/** Milliseconds after which a folder is checked again. */
const TRUST_MS = 10;

/** A folder that is known to be inside the bundle. */
interface KnownFolder {
  readonly info: Deno.FileInfo;
  /** Its files, if it is stable. */
  readonly stable: StableDirectory | undefined;
  checkedAt: number;
}

/** Where a reference leads. */
interface Place {
  readonly folders: readonly string[];
  readonly name: string;
}

const WINDOWS = Deno.build.os === "windows";
/** What is a name and nothing else, on a system without names of devices. */
const PLAIN_NAME = /^\w[\w.-]*$/;

/** Where the file of a payload is; a reference without a path is refused like an empty one. */
export function filePlace(
  { raw_payload_id, path }: RawPayloadRef,
): PayloadLocation {
  return { raw_payload_id, path: path ?? "" };
}

/** Finds and guards the payloads of one bundle. */
export class PayloadPaths {
  readonly #folder: BundleDirectory;
  readonly #known: Map<string, KnownFolder> = new Map();
  /** How the last payload's path begins, and the folders that this leads to. */
  #last: { spelled: string; folders: readonly string[] } | undefined;

  /** Opens payloads of the bundle in `folder`. */
  constructor(folder: BundleDirectory) {
    this.#folder = folder;
  }

  /**
   * Opens the file of a reference. The caller closes it.
   *
   * @throws {PayloadError} If it may not be opened, or cannot be.
   * @throws {BundleFormatError} If its folder was replaced by another while the bundle was read.
   */
  open(ref: PayloadLocation): BundleFile {
    const { folders, name } = this.#placeOf(ref);
    let known: KnownFolder | undefined;
    try {
      for (const folder of folders) known = this.#checkFolder(folder);
      const path = `${folders.at(-1) ?? this.#folder.path}/${name}`;
      return known?.stable?.opens(name)
        ? this.#folder.openListed(path)
        : this.#folder.open(path);
    } catch (error) {
      throw faultOf(ref, error);
    }
  }

  /** The folders on the way to a payload, from the outermost, and its name in the last. */
  #placeOf(ref: PayloadLocation): Place {
    const cut = ref.path.lastIndexOf("/") + 1;
    const spelled = ref.path.slice(0, cut);
    const name = ref.path.slice(cut);
    const isPlain = PLAIN_NAME.test(name) && !WINDOWS;
    // If only the plain name differs from the last path, the folders are already checked.
    if (isPlain && this.#last?.spelled === spelled) {
      return { folders: this.#last.folders, name };
    }
    const why = pathRefusal(ref.path, WINDOWS);
    if (why !== undefined) throw refused(ref, why);
    const segments = segmentsOf(ref.path);
    const last = segments.pop() ?? "";
    const folders = segments.map((_, index) =>
      [this.#folder.path, ...segments.slice(0, index + 1)].join("/")
    );
    if (isPlain) this.#last = { spelled, folders };
    return { folders, name: last };
  }

  /**
   * Makes sure that folders are still the ones that were found inside the bundle, and the files
   * that were opened the ones that were listed: what was read from others must not end up in a
   * graph.
   */
  checkFolders(): void {
    for (const [path, known] of this.#known) {
      const info = this.#recheck(path, known);
      const name = known.stable?.changedFile(info);
      if (name !== undefined) throw this.#replaced("file", `${path}/${name}`);
    }
  }

  #checkFolder(path: string): KnownFolder {
    const known = this.#known.get(path);
    const now = performance.now();
    if (known === undefined) {
      const info = this.#folder.look(path);
      const stable = info.isDirectory
        ? StableDirectory.list(path, info)
        : undefined;
      const folder = { info, stable, checkedAt: now };
      this.#known.set(path, folder);
      return folder;
    }
    if (now - known.checkedAt > TRUST_MS) {
      this.#recheck(path, known);
      known.checkedAt = now;
    }
    return known;
  }

  /** Checks a known folder again; returns `undefined` when it no longer exists. */
  #recheck(path: string, { info }: KnownFolder): Deno.FileInfo | undefined {
    let now: Deno.FileInfo | undefined;
    try {
      now = this.#folder.look(path);
    } catch (error) {
      // A removed folder was not replaced by another.
      if (error instanceof Deno.errors.NotFound) return undefined;
      if (!(error instanceof RefusedFileError)) throw error;
    }
    if (now !== undefined && isSame(now, info)) return now;
    throw this.#replaced("folder", path);
  }

  #replaced(what: "folder" | "file", path: string): BundleFormatError {
    const file = path.slice(this.#folder.path.length + 1);
    return new BundleFormatError(
      `the ${what} was replaced by another while the bundle was read`,
      { file: JSON.stringify(file).slice(1, -1) },
    );
  }
}

/** Names that mean a device on Windows, with any extension and in any folder. */
const DEVICE =
  /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\..*)?$/i;

/**
 * Returns the reason to refuse a path, `undefined` when its text is acceptable.
 *
 * @param windows Whether it is looked up on Windows, where some names are no names of files.
 */
export function pathRefusal(
  path: string,
  windows: boolean,
): string | undefined {
  if (path === "") return "its path is empty";
  if (path.includes("\0")) return "its path contains a NUL";
  if (/^(?:[/\\]|[A-Za-z]:)/.test(path)) return "its path is absolute";
  const segments = segmentsOf(path);
  if (segments.includes("..")) return "its path leads out of the bundle";
  if (!windows) return undefined;
  for (const segment of segments) {
    if (DEVICE.test(segment.trimEnd())) return "its path names a device";
    if (/[. ]$/.test(segment)) return "its path ends in a dot or a space";
    if (segment.includes(":")) return "its path names a stream of a file";
  }
  return undefined;
}

/** The path's names. Empty ones and `.` lead nowhere else, with `/` as with `\`. */
function segmentsOf(path: string): string[] {
  return path.split(/[/\\]/).filter((segment) =>
    segment !== "" && segment !== "."
  );
}

function refused(ref: PayloadLocation, why: string): PayloadError {
  return new PayloadError("payload_path_refused", ref, `is refused: ${why}`);
}

/** A failure to open a payload, as a fault of the payload. */
function faultOf(ref: PayloadLocation, error: unknown): unknown {
  if (error instanceof BundleFormatError) return error;
  if (error instanceof Deno.errors.NotCapable) return error;
  if (error instanceof RefusedFileError) {
    const code = error.refusal === "outside" || error.refusal === "changed"
      ? "payload_path_refused"
      : error.refusal === "not a file"
      ? "payload_not_regular"
      : "payload_unreadable";
    return new PayloadError(code, ref, error.message, { cause: error });
  }
  const what = error instanceof Deno.errors.NotFound
    ? "does not exist"
    : "cannot be read";
  return new PayloadError("payload_unreadable", ref, what, { cause: error });
}
