/**
 * Unpacks what was dropped: archives into their files. Their type is that of their content, not of
 * their name.
 *
 * @module
 */

import { quote } from "../../../errors.ts";
import type { FileContent } from "../../../bundle/storage/file_map.ts";
import { blobContent } from "../blob_content.ts";
import { unpackTar } from "./unpack_tar.ts";
import { unpackZip } from "./unpack_zip.ts";
import {
  contentOf,
  DEFAULT_UNPACK_LIMITS,
  limitedTo,
  MIN_STORED_FILE,
  tooLarge,
  UnpackedFiles,
  UnpackError,
  type UnpackLimits,
} from "./unpacked_files.ts";

/** A file that was dropped or selected. */
export interface DroppedFile {
  /** Its path, with the names of dropped folders before its own. */
  readonly path: string;
  readonly file: Blob;
}

/** The files of a drop. */
export interface Unpacked {
  /** Contents by their paths, those of archives below the names of these. */
  readonly contents: ReadonlyMap<string, FileContent>;
  /** What was not taken, and why: one line each. */
  readonly notes: readonly string[];
}

/**
 * Unpacks archives that were dropped by themselves; what is in a folder stays as it is. An archive
 * that cannot be unpacked completely is not taken at all.
 *
 * @param onProgress Called with the name of the archive, and the share of it that was read.
 */
export async function unpack(
  dropped: readonly DroppedFile[],
  onProgress: (name: string, share: number) => void,
  limits: UnpackLimits = DEFAULT_UNPACK_LIMITS,
): Promise<Unpacked> {
  const contents = new Map<string, FileContent>();
  const notes: string[] = [];
  const plain: DroppedFile[] = [];
  for (const { path, file } of dropped) {
    const format = path.includes("/") ? "file" : await formatOf(file);
    if (format === "file") {
      contents.set(path, blobContent(file));
      plain.push({ path, file });
      continue;
    }
    const files = new UnpackedFiles(path, limits);
    try {
      const progress = (share: number) => onProgress(path, share);
      await unpackOne(file, format, files, limits, progress);
      for (const [each, content] of files.contents) contents.set(each, content);
      for (const note of files.notes) notes.push(note);
    } catch (error) {
      notes.push(`${quote(path)} ${reasonOf(error)}`);
    }
  }
  await loadSmall(plain, contents, limits.memory, onProgress);
  return { contents, notes };
}

/** Bytes of small files that are read as one, and how many such reads are at work. */
const JOINED_BYTES = 4 * 1024 ** 2;
const JOINED_AT_ONCE = 4;

/**
 * Reads small files into memory, as far as memory is allowed: to read one when it is needed takes
 * longer than to reduce it. Many are read as one, since each read asks another process.
 */
async function loadSmall(
  files: readonly DroppedFile[],
  contents: Map<string, FileContent>,
  maxBytes: number,
  onProgress: (name: string, share: number) => void,
): Promise<void> {
  const joined = joinSmall(files, maxBytes);
  for (let at = 0; at < joined.length; at += JOINED_AT_ONCE) {
    const reads = joined.slice(at, at + JOINED_AT_ONCE);
    onProgress(reads[0]?.[0]?.path ?? "", at / joined.length);
    await Promise.all(reads.map((each) => loadJoined(each, contents)));
  }
}

/** The small files that memory has room for, in groups that are read as one. */
function joinSmall(
  files: readonly DroppedFile[],
  maxBytes: number,
): DroppedFile[][] {
  const joined: DroppedFile[][] = [];
  let room = maxBytes;
  let left = 0;
  for (const each of files) {
    const { size } = each.file;
    if (size >= MIN_STORED_FILE || size > room) continue;
    room -= size;
    if (size > left || joined.length === 0) {
      joined.push([]);
      left = JOINED_BYTES;
    }
    left -= size;
    joined.at(-1)?.push(each);
  }
  return joined;
}

async function loadJoined(
  files: readonly DroppedFile[],
  contents: Map<string, FileContent>,
): Promise<void> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    const joined = new Blob(files.map(({ file }) => file));
    bytes = new Uint8Array(await joined.arrayBuffer());
  } catch {
    // They are read again when they are needed, and then the fault of one is reported.
    return;
  }
  let at = 0;
  for (const { path, file: { size } } of files) {
    contents.set(path, contentOf(bytes.subarray(at, at += size)));
  }
}

async function unpackOne(
  file: Blob,
  format: "tar" | "gzip" | "zip" | "zstd",
  files: UnpackedFiles,
  { bytes }: UnpackLimits,
  onProgress: (share: number) => void,
): Promise<void> {
  if (format === "zstd") {
    throw new UnpackError("is compressed with zstd: decompress it first");
  }
  if (format === "zip") return await unpackZip(file, files, onProgress);
  const stream = file.stream().pipeThrough(counted(file.size, onProgress));
  if (format === "tar") return await unpackTar(stream, files);
  // Padding counts, too: a few bytes may be gigabytes of it.
  const unpacked = stream.pipeThrough(new DecompressionStream("gzip"))
    .pipeThrough(limitedTo(2 * bytes, () => tooLarge(bytes)));
  await unpackTar(unpacked, files);
}

/** Passes bytes on, and reports how many. */
function counted(
  size: number,
  onProgress: (share: number) => void,
): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      bytes += chunk.length;
      onProgress(bytes / size);
      controller.enqueue(chunk);
    },
  });
}

/** The first bytes of formats, and at which byte they are. */
const SIGNATURES = [
  ["gzip", 0, [0x1f, 0x8b]],
  ["zip", 0, [0x50, 0x4b, 0x03, 0x04]],
  ["zip", 0, [0x50, 0x4b, 0x05, 0x06]],
  ["zstd", 0, [0x28, 0xb5, 0x2f, 0xfd]],
  ["tar", 257, [0x75, 0x73, 0x74, 0x61, 0x72]],
] as const;

async function formatOf(
  file: Blob,
): Promise<typeof SIGNATURES[number][0] | "file"> {
  const head = new Uint8Array(await file.slice(0, 512).arrayBuffer());
  const found = SIGNATURES.find(([, at, bytes]) =>
    bytes.every((byte, i) => head[at + i] === byte)
  );
  return found?.[0] ?? "file";
}

function reasonOf(error: unknown): string {
  if (error instanceof UnpackError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return `cannot be unpacked: ${message || "it is damaged or truncated"}`;
}
