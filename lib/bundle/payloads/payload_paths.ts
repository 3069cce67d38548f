/**
 * Opens the file of a payload reference: only a regular file inside the bundle.
 *
 * A path that is absolute, climbs out, leaves through a symbolic link, or means a device on
 * this system is refused before anything is opened.
 *
 * @module
 */

import {
  PayloadError,
  type PayloadErrorCode,
  type PayloadLocation,
} from "../../errors.ts";
import type { RawPayloadRef } from "../../format/payload.ts";
import {
  type BundleFile,
  type BundleFiles,
  type FilePlace,
  OpenError,
  type OpenFault,
} from "../storage/bundle_files.ts";

/** What is a name and nothing else, on a system without names of devices. */
const PLAIN_NAME = /^\w[\w.-]*$/;

/** Where the file of a payload is; a reference without a path is refused like an empty one. */
export function filePlace(
  { raw_payload_id, path }: RawPayloadRef,
): PayloadLocation {
  return { raw_payload_id, path: path ?? "" };
}

/** Finds the payloads of one bundle. */
export class PayloadPaths {
  readonly #files: BundleFiles;
  /** How the last payload's path begins, and the folders that this leads to. */
  #last: { spelled: string; folders: readonly string[] } | undefined;

  /** Opens payloads of a bundle. */
  constructor(files: BundleFiles) {
    this.#files = files;
  }

  /**
   * Opens the file of a reference. The caller closes it.
   *
   * @throws {PayloadError} If it may not be opened, or cannot be.
   * @throws {BundleFormatError} If its folder was replaced by another while the bundle was read.
   */
  open(ref: PayloadLocation): BundleFile {
    try {
      return this.#files.open(this.#placeOf(ref));
    } catch (error) {
      throw faultOf(ref, error);
    }
  }

  /** {@inheritDoc BundleFiles.checkFolders} */
  checkFolders(): void {
    this.#files.checkFolders();
  }

  #placeOf(ref: PayloadLocation): FilePlace {
    const { isWindows } = this.#files;
    const cut = ref.path.lastIndexOf("/") + 1;
    const spelled = ref.path.slice(0, cut);
    const name = ref.path.slice(cut);
    const isPlain = PLAIN_NAME.test(name) && !isWindows;
    // If only the plain name differs from the last path, the folders are already known.
    if (isPlain && this.#last?.spelled === spelled) {
      return { folders: this.#last.folders, name };
    }
    const why = pathRefusal(ref.path, isWindows);
    if (why !== undefined) throw refused(ref, why);
    const names = namesIn(ref.path, isWindows);
    const last = names.pop() ?? "";
    const folders = this.#files.foldersOf(names);
    if (isPlain) this.#last = { spelled, folders };
    return { folders, name: last };
  }
}

/** Names that mean a device on Windows, with any extension and in any folder. */
const DEVICE =
  /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\..*)?$/i;

/** Returns what a name means on Windows that is no name of a file; `undefined` for any other. */
export function windowsNameRefusal(name: string): string | undefined {
  if (DEVICE.test(name.trimEnd())) return "names a device";
  if (/[. ]$/.test(name)) return "ends in a dot or a space";
  if (name.includes(":")) return "names a stream of a file";
  return undefined;
}

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
  const names = namesIn(path, true);
  if (names.includes("..")) return "its path leads out of the bundle";
  if ((windows ? /(?:^|[/\\])\.?$/ : /(?:^|\/)\.?$/).test(path)) {
    return "its path ends like that of a folder";
  }
  if (!windows) return undefined;
  for (const segment of names) {
    const why = windowsNameRefusal(segment);
    if (why !== undefined) return `its path ${why}`;
  }
  return undefined;
}

/**
 * Returns the names of a path. Empty ones and `.` lead nowhere else.
 *
 * @param windows Whether `\\` separates names, as it does on Windows.
 */
export function namesIn(path: string, windows: boolean): string[] {
  return path.split(windows ? /[/\\]/ : "/").filter((name) =>
    name !== "" && name !== "."
  );
}

function refused(ref: PayloadLocation, why: string): PayloadError {
  return new PayloadError("payload_path_refused", ref, `is refused: ${why}`);
}

/** Codes of the faults that have one of their own. */
const CODES: Readonly<Partial<Record<OpenFault, PayloadErrorCode>>> = {
  "outside": "payload_path_refused",
  "changed": "payload_path_refused",
  "not a file": "payload_not_regular",
};

/** A failure to open a payload, as a fault of the payload. */
function faultOf(ref: PayloadLocation, error: unknown): unknown {
  if (!(error instanceof OpenError)) return error;
  const { fault, message } = error;
  return new PayloadError(
    CODES[fault] ?? "payload_unreadable",
    ref,
    message,
    { cause: error },
  );
}
