/**
 * The files that the reader drops on the page or selects, those in folders included.
 *
 * @module
 */

import type { SentFile } from "../../viewer/viewer_messages.ts";

/** Maximum files of one drop: a folder dropped by mistake must not be listed for hours. */
const MAX_FILES = 500_000;

/** There are more files than one drop may have. */
class TooManyFilesError extends Error {
  override readonly name = "TooManyFilesError";

  /** Names the limit. */
  constructor() {
    super(`there are more than ${MAX_FILES} files: drop the bundle alone`);
  }
}

/** The browser does not list a folder. */
class FolderError extends Error {
  override readonly name = "FolderError";

  /** Names the folder, and what to do. */
  constructor(path: string, cause: unknown) {
    super(
      `the browser does not list the folder "${path}": select it with "Open a folder"`,
      { cause },
    );
  }
}

/** A dropped item as Chromium has it. A page that was opened from the disk cannot read entries there. */
interface HandledItem {
  getAsFileSystemHandle(): Promise<Handle | null>;
}

/** The parts of the handles of the File System API that are used here. */
type Handle =
  | {
    readonly kind: "file";
    readonly name: string;
    getFile(): Promise<File>;
  }
  | {
    readonly kind: "directory";
    readonly name: string;
    values(): AsyncIterable<Handle>;
  };

/**
 * Returns the files of a drop. The items are taken at once: the browser forgets them when the event
 * ends.
 *
 * @throws {TooManyFilesError} If there are too many.
 * @throws {FolderError} If a folder cannot be listed.
 */
export async function filesOfDrop(drop: DataTransfer): Promise<SentFile[]> {
  const found: SentFile[] = [];
  const items = Array.from(drop.items, (item) => ({
    // What has no handle may have an entry.
    handle: hasHandle(item)
      ? item.getAsFileSystemHandle().catch(() => null)
      : null,
    entry: item.webkitGetAsEntry(),
    file: item.getAsFile(),
  }));
  for (const { handle, entry, file } of items) {
    const handled = await handle;
    if (handled?.kind === "directory") await addFolder(handled, "", found);
    else if (entry !== null && entry.isDirectory) await addEntry(entry, found);
    else if (file !== null) add({ path: file.name, file }, found);
  }
  return found;
}

function hasHandle(item: object): item is HandledItem {
  return "getAsFileSystemHandle" in item;
}

/** How many files are asked for at once: each asks another process. */
const MAX_ASKED = 1000;

async function addFolder(
  folder: Extract<Handle, { kind: "directory" }>,
  above: string,
  found: SentFile[],
): Promise<void> {
  const path = `${above}${folder.name}/`;
  let asked: Promise<SentFile>[] = [];
  const take = async () => {
    for (const each of await Promise.all(asked)) add(each, found);
    asked = [];
  };
  for await (const each of folder.values()) {
    if (each.kind === "directory") await addFolder(each, path, found);
    else {
      const send = (file: File) => ({ path: path + each.name, file });
      const sent = each.getFile().then(send);
      // It is awaited later.
      sent.catch(() => {});
      asked.push(sent);
    }
    if (asked.length === MAX_ASKED) await take();
  }
  await take();
}

/**
 * Returns the files that a control selected.
 *
 * @throws {TooManyFilesError} If there are too many.
 */
export function filesOfInput({ files }: HTMLInputElement): SentFile[] {
  const found: SentFile[] = [];
  for (const file of files ?? []) {
    add({ path: file.webkitRelativePath || file.name, file }, found);
  }
  return found;
}

async function addEntry(
  entry: FileSystemEntry,
  found: SentFile[],
): Promise<void> {
  if (isFile(entry)) return add(await fileOf(entry), found);
  if (!isFolder(entry)) return;
  const reader = entry.createReader();
  for (;;) {
    // Browsers return them in batches, and none after the last.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(
        resolve,
        (cause) => reject(new FolderError(entry.fullPath, cause)),
      )
    );
    if (batch.length === 0) return;
    // Each asks another process: one after the other takes several times longer.
    const files = await Promise.all(batch.filter(isFile).map(fileOf));
    for (const each of files) add(each, found);
    for (const each of batch) if (!isFile(each)) await addEntry(each, found);
  }
}

async function fileOf(entry: FileSystemFileEntry): Promise<SentFile> {
  const file = await new Promise<File>((resolve, reject) =>
    entry.file(resolve, reject)
  );
  return { path: entry.fullPath.replace(/^\//, ""), file };
}

function add(file: SentFile, found: SentFile[]): void {
  if (found.length === MAX_FILES) throw new TooManyFilesError();
  found.push(file);
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
