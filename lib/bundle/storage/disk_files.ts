/**
 * The files of a bundle in a folder of the disk: only regular files, and only inside the bundle.
 *
 * A bundle is untrusted input, and other processes may change it while it is read. A file is checked
 * before it is opened, so that a device is not opened, and opened so that a pipe which replaced it
 * meanwhile does not block (`seen_file.ts`). The opened file must be the checked one, so that a link
 * that replaces it meanwhile has no effect. The folders on the way to it must be the same before and
 * after; those that have others in them must also be unchanged, since a folder that was replaced for
 * a moment changes the time of the one above.
 *
 * @module
 */

import { BundleFormatError } from "../../errors.ts";
import { pause } from "../pause.ts";
import {
  type BundleFile,
  type BundleFiles,
  type EntryInfo,
  type EntryType,
  type FilePlace,
  OpenError,
  type OpenFault,
} from "./bundle_files.ts";
import {
  isOld,
  isSame,
  isSameTime,
  presentInfo,
  typeOf,
  unsettledMs,
} from "./file_info.ts";
import { plainPath } from "./disk_path.ts";
import { type OpenedFile, type OpenedInfo, openSeenFile } from "./seen_file.ts";

/** An open file. */
class DiskFile implements BundleFile {
  readonly source: OpenedFile;
  readonly size: number;
  /** Which file it was when it was opened. */
  readonly info: Deno.FileInfo;

  constructor(source: OpenedFile, info: Deno.FileInfo) {
    this.source = source;
    this.size = info.size;
    this.info = info;
  }

  sizeNow(): number {
    return this.source.statSync().size;
  }

  [Symbol.dispose](): void {
    this.source[Symbol.dispose]();
  }
}

/** A folder that files were opened in. */
interface KnownFolder {
  readonly info: Deno.FileInfo;
  /** Whether a later change of it has another time. */
  readonly isSettled: boolean;
  /** Whether it also has another time that no process can set back. */
  readonly isOld: boolean;
}

/** Milliseconds after a change of a folder in which its time is not all that is relied on. */
const RECENT_MS = 200;
/** How many times is then looked; a folder has to be replaced and put back around each look. */
const LOOKS = 2;
/** How many times a file is opened whose folders change meanwhile. */
const MAX_ATTEMPTS = 5;

/** Which file it is, and how many bytes it has. */
export type FileIdentity = Pick<Deno.FileInfo, "dev" | "ino" | "size">;

/** The folder of a bundle. No path of it leads outside. */
export class DiskFiles implements BundleFiles {
  /** The folder, as the user spelled it, without the prefix of long paths of Windows. */
  readonly path: string;
  /** {@inheritDoc BundleFiles.isWindows} */
  readonly isWindows: boolean = Deno.build.os === "windows";
  #realPath: string | undefined;
  #asksPath = false;
  readonly #known: Map<string, KnownFolder> = new Map();

  /** Takes the bundle's folder, which may itself be a symbolic link. */
  constructor(path: string) {
    this.path = plainPath(path);
  }

  /** {@inheritDoc BundleFiles.foldersOf} A link is replaced by the folders that it leads to. */
  foldersOf(names: readonly string[]): readonly string[] {
    let folders: readonly string[] = [this.path];
    for (const name of names) {
      const path = `${folders.at(-1)}/${name}`;
      folders = translated(() => Deno.lstatSync(path)).isSymlink
        ? this.#below(this.#targetOf(path))
        : [...folders, path];
    }
    return folders;
  }

  /**
   * {@inheritDoc BundleFiles.open} While it was opened, the folders on the way to it were the ones
   * that files were opened in before.
   */
  open(place: FilePlace): BundleFile {
    return translated(() =>
      this.#open(place, (path) => this.#openTarget(path))
    );
  }

  /** {@inheritDoc BundleFiles.checkFolders} */
  checkFolders(): void {
    for (const path of this.#known.keys()) this.#infoNow(path);
  }

  /** {@inheritDoc BundleFiles.type} */
  type(): EntryType {
    return this.#entry(() => Deno.statSync(this.path)).type;
  }

  /** {@inheritDoc BundleFiles.entryAt} */
  entryAt(path: string): EntryInfo {
    return this.#entry(() => Deno.lstatSync(`${this.path}/${path}`));
  }

  /** {@inheritDoc BundleFiles.namesIn} */
  namesIn(folder: string): readonly string[] {
    return translated(() =>
      Array.from(
        Deno.readDirSync(`${this.path}/${folder}`),
        ({ name }) => name,
      )
    );
  }

  /** Returns which file has a name now, and its size; `undefined` if there is none. */
  identityOf(name: string): FileIdentity | undefined {
    return presentInfo(`${this.path}/${name}`);
  }

  /** Returns the same folder, of which nothing is known yet. */
  renewed(): DiskFiles {
    return new DiskFiles(this.path);
  }

  /** What cannot be read is missing, unless access to it is denied. */
  #entry(look: () => Deno.FileInfo): EntryInfo {
    try {
      const info = translated(look);
      return { type: typeOf(info), size: info.isFile ? info.size : 0 };
    } catch (error) {
      const isDenied = error instanceof OpenError && error.fault === "denied";
      if (isDenied || !(error instanceof OpenError)) throw error;
      return { type: "missing", size: 0 };
    }
  }

  #open(place: FilePlace, openLink: (path: string) => DiskFile): DiskFile {
    const { folders } = place;
    const last = folders.at(-1) ?? this.path;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      for (const folder of folders) this.#learn(folder, folder !== last);
      // Nothing can be moved in an old folder, nor the folder itself, without a change of its time.
      // Then it need not be asked which file was opened: Deno resolves the path for the answer.
      const isOld = folders.length <= 2 &&
        this.#known.get(last)?.isOld === true;
      const isUnchanged = () =>
        isOld ? this.#hasSameTime(last) : this.#areUnchanged(folders);
      let opened: DiskFile | undefined;
      try {
        opened = this.#openFile(place, openLink, !isOld);
        if (isUnchanged() && (isOld || this.#isStill(opened, place))) {
          return opened;
        }
        opened[Symbol.dispose]();
      } catch (error) {
        opened?.[Symbol.dispose]();
        // A fault of the file of another folder is no fault of the bundle.
        if (opened !== undefined || isUnchanged()) throw error;
      }
    }
    throw this.#changed(this.path, CHANGING);
  }

  /**
   * Whether the last folder is the same one, and those above have the same time. In this order: what
   * is put back between two checks has changed the time of the folder that is checked last.
   */
  #areUnchanged(folders: readonly string[]): boolean {
    return folders.every((_, at) => {
      const path = folders.at(-1 - at) ?? this.path;
      if (at > 0) return this.#hasSameTime(path);
      this.#infoNow(path);
      return true;
    });
  }

  /**
   * Whether a file that was opened is the one that its name leads to, in the same folders. This is
   * asked where a folder above was changed of late: on a busy machine the clock of the files may be
   * late by more than a step of it, and hide a change.
   */
  #isStill({ info }: DiskFile, { folders, name }: FilePlace): boolean {
    const isRecent = folders.slice(0, -1).some((path) => {
      const { mtime = null } = this.#known.get(path)?.info ?? {};
      return mtime !== null && Date.now() - mtime.getTime() < RECENT_MS;
    });
    for (let look = 0; isRecent && look < LOOKS; look++) {
      const now = presentInfo(`${folders.at(-1)}/${name}`);
      if (now === undefined || !isSame(now, info)) return false;
      if (!this.#areUnchanged(folders)) return false;
    }
    return true;
  }

  /** Opens what a link leads to. */
  #openTarget(link: string): DiskFile {
    const [path = "", ...above] = this.#below(this.#targetOf(link))
      .toReversed();
    const folder = above[0];
    if (folder === undefined) throw new OpenError("not a file");
    const name = path.slice(folder.length + 1);
    return this.#open({ folders: above.toReversed(), name }, () => {
      throw new OpenError("changed");
    });
  }

  /** Learns a folder before it is used; one with others in it must be settled. */
  #learn(path: string, mustSettle: boolean): void {
    const known = this.#known.get(path);
    if (known !== undefined && (known.isSettled || !mustSettle)) return;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      // From before the look: a process may be stopped for longer after it than a step takes.
      const now = Date.now();
      const info = this.#infoNow(path);
      const wait = unsettledMs(info, now);
      const isSettled = wait === 0;
      this.#known.set(path, { info, isSettled, isOld: isOld(info, now) });
      if (isSettled || !mustSettle) return;
      pause(wait);
    }
    throw this.#changed(path, CHANGING);
  }

  #openFile(
    { folders, name }: FilePlace,
    openLink: (path: string) => DiskFile,
    asksFile: boolean,
  ): DiskFile {
    const path = `${folders.at(-1)}/${name}`;
    const seen = Deno.lstatSync(path);
    if (seen.isSymlink) return openLink(path);
    if (!seen.isFile) throw new OpenError("not a file");
    const file = openSeenFile(path, seen, asksFile);
    try {
      if (asksFile && !isSame(seen, this.#opened(file, path))) {
        throw new OpenError("changed");
      }
      return new DiskFile(file, seen);
    } catch (error) {
      file[Symbol.dispose]();
      throw error;
    }
  }

  /** Whether a folder has the time that it had when it was learned; else it is to be learned again. */
  #hasSameTime(path: string): boolean {
    const known = this.#known.get(path);
    const info = this.#infoNow(path);
    if (known !== undefined && isSameTime(info, known.info)) return true;
    this.#known.set(path, { info, isSettled: false, isOld: false });
    return false;
  }

  /** Information about a folder now, which must be the same as before. */
  #infoNow(path: string): Deno.FileInfo {
    const known = this.#known.get(path);
    if (known === undefined) return this.#look(path);
    let now: Deno.FileInfo | undefined;
    try {
      now = this.#look(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
    }
    if (now !== undefined && isSame(now, known.info)) return now;
    throw this.#changed(path, REPLACED);
  }

  /** Information about a folder. Only the bundle's own may be a link. */
  #look(path: string): Deno.FileInfo {
    if (path === this.path) return Deno.statSync(path);
    const info = Deno.lstatSync(path);
    if (info.isSymlink) throw this.#changed(path, REPLACED);
    return info;
  }

  #changed(path: string, reason: string): BundleFormatError {
    const file = path.slice(this.path.length + 1) || ".";
    return new BundleFormatError(reason, {
      file: JSON.stringify(file).slice(1, -1),
    });
  }

  /**
   * Returns information about the opened file. This needs permission to read the folder by its real
   * path; without it, the path is checked again instead.
   */
  #opened(file: OpenedFile, path: string): OpenedInfo {
    if (!this.#asksPath) {
      try {
        return file.statSync();
      } catch (error) {
        if (!(error instanceof Deno.errors.NotCapable)) throw error;
        this.#asksPath = true;
      }
    }
    return Deno.lstatSync(path);
  }

  /** The real path of what a link leads to. */
  #targetOf(path: string): string {
    try {
      return Deno.realPathSync(path);
    } catch (cause) {
      throw new OpenError("broken link", { cause });
    }
  }

  /** The folders down to a real path, as the user spelled the first. */
  #below(realPath: string): readonly string[] {
    const root = this.#realPath ??= Deno.realPathSync(this.path);
    if (realPath === root) return [this.path];
    const start = withSeparator(root);
    if (!realPath.startsWith(start)) throw new OpenError("outside");
    const names = realPath.slice(start.length)
      .split(this.isWindows ? /[/\\]/ : "/");
    return [
      this.path,
      ...names.map((_, at) => [this.path, ...names.slice(0, at + 1)].join("/")),
    ];
  }
}

const REPLACED = "the folder was replaced by another while the bundle was read";
const CHANGING =
  "the folder is changed all the time: read the bundle when no program writes to it";

function withSeparator(folder: string): string {
  if (/[/\\]$/.test(folder)) return folder;
  return folder.includes("\\") ? `${folder}\\` : `${folder}/`;
}

/** Runs an access; an error of the system becomes an {@linkcode OpenError}. */
function translated<T>(access: () => T): T {
  try {
    return access();
  } catch (cause) {
    // A missing permission is the user's to give; it is no fault of the bundle.
    if (
      cause instanceof Deno.errors.NotCapable || cause instanceof OpenError ||
      cause instanceof BundleFormatError
    ) throw cause;
    throw new OpenError(faultOf(cause), { cause });
  }
}

function faultOf(error: unknown): OpenFault {
  if (error instanceof Deno.errors.NotFound) return "missing";
  return error instanceof Deno.errors.PermissionDenied
    ? "denied"
    : "unreadable";
}

/** Returns how many links a folder has; 0 where the system does not count them. */
export function linksOf(folder: string): number {
  try {
    return Deno.statSync(folder).nlink ?? 0;
  } catch {
    return 0;
  }
}
