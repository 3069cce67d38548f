/**
 * The files that the reader drops on the page or selects, those in folders included.
 *
 * @module
 */

import type { SentFile } from "../../viewer/viewer_messages.ts";

/** Maximum files of one drop: a folder dropped by mistake must not be listed for hours. */
const MAX_FILES = 500_000;

/** There are more files than one drop may have. */
export class TooManyFilesError extends Error {
  override readonly name = "TooManyFilesError";

  /** Names the limit. */
  constructor() {
    super(`there are more than ${MAX_FILES} files: drop the bundle alone`);
  }
}

/**
 * Returns the files of a drop. The entries are taken at once: the browser forgets them when the event
 * ends.
 *
 * @throws {TooManyFilesError} If there are too many.
 */
export async function filesOfDrop(drop: DataTransfer): Promise<SentFile[]> {
  const found: SentFile[] = [];
  const entries = Array.from(drop.items, (item) => ({
    entry: item.webkitGetAsEntry(),
    file: item.getAsFile(),
  }));
  for (const { entry, file } of entries) {
    if (entry !== null && entry.isDirectory) await addEntry(entry, found);
    else if (file !== null) add({ path: file.name, file }, found);
  }
  return found;
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
      reader.readEntries(resolve, reject)
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
