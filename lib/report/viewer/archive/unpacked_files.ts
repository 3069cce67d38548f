/**
 * The files of an archive that is being unpacked, within limits that are checked before memory is
 * taken. Small ones are in memory; the browser may keep large ones on disk.
 *
 * @module
 */

import { storedBytes } from "../../../bundle/payloads/payload_storage.ts";
import type { FileContent } from "../../../bundle/storage/file_map.ts";
import { bytesOf, countOf } from "../../../text/figures.ts";
import { quote } from "../../../errors.ts";
import { blobContent } from "../blob_content.ts";
import { entryPath } from "./entry_path.ts";

/** An archive cannot be unpacked. */
export class UnpackError extends Error {
  override readonly name = "UnpackError";
}

/** What an archive may have. */
export interface UnpackLimits {
  /** Bytes of all files, unpacked. */
  readonly bytes: number;
  /** Entries, skipped ones included. */
  readonly entries: number;
  /** Bytes of files that are kept in memory; others are for the browser to store. */
  readonly memory: number;
}

/** Limits of one drop. */
export const DEFAULT_UNPACK_LIMITS: UnpackLimits = {
  bytes: 2 * 1024 ** 3,
  entries: 500_000,
  memory: 512 * 1024 ** 2,
};

/** Bytes of a file from which on the browser stores it. */
export const MIN_STORED_FILE = 4 * 1024 ** 2;
/** How many notes are kept; a made-up archive may need one for each entry. */
const MAX_NOTES = 20;

/** An entry of an archive. */
export interface Entry {
  /** Its path in the archive. */
  readonly name: string;
  readonly type: "file" | "folder" | "link" | "other";
  /** Its unpacked size, as the archive claims. */
  readonly size: number;
}

/** Receives the entries of one archive. */
export class UnpackedFiles {
  readonly #archive: string;
  readonly #limits: UnpackLimits;
  readonly #contents: Map<string, FileContent> = new Map();
  readonly #notes: string[] = [];
  #entries = 0;
  #bytes = 0;
  #inMemory = 0;
  #skipped = 0;

  /** `archive` is the name of the file; entries are stored below it. */
  constructor(archive: string, limits: UnpackLimits) {
    this.#archive = archive;
    this.#limits = limits;
  }

  /** The files by their paths below the archive. */
  get contents(): ReadonlyMap<string, FileContent> {
    return this.#contents;
  }

  /** What was not taken, one line each. */
  get notes(): readonly string[] {
    const more = this.#skipped - this.#notes.length;
    const rest = `${quote(this.#archive)}: ${countOf(more)} more were skipped`;
    return more > 0 ? [...this.#notes, rest] : this.#notes;
  }

  /**
   * Returns where to put the content of an entry; `undefined` for one that is skipped.
   *
   * @throws {UnpackError} If the archive has too much, or two files of one path.
   */
  accept({ name, type, size }: Entry): string | undefined {
    const { entries, bytes } = this.#limits;
    if (++this.#entries > entries) {
      throw new UnpackError(`has more than ${countOf(entries)} entries`);
    }
    if (type === "folder") return undefined;
    const found = entryPath(name);
    if ("fault" in found) return this.#skip(name, found.fault);
    if (type !== "file") {
      return this.#skip(
        name,
        type === "link"
          ? "links in archives are not followed"
          : "it is no regular file",
      );
    }
    const path = `${this.#archive}/${found.path}`;
    if (this.#contents.has(path)) {
      throw new UnpackError(
        `has two files ${quote(found.path)}: it is unknown which one is meant`,
      );
    }
    this.#bytes += size;
    if (this.#bytes > bytes) throw tooLarge(bytes);
    return path;
  }

  /**
   * Stores the content of an accepted entry.
   *
   * @throws {UnpackError} If it has more bytes than the archive claims.
   */
  async put(
    path: string,
    size: number,
    content: ReadableStream<Uint8Array>,
  ): Promise<void> {
    const isStored = size >= MIN_STORED_FILE ||
      this.#inMemory + size > this.#limits.memory;
    if (isStored) {
      const limited = content.pipeThrough(limitedTo(size, wrongSize));
      const stored = await new Response(limited).blob();
      this.#contents.set(path, blobContent(stored));
      return;
    }
    this.#contents.set(path, contentOf(await bytesIn(content, size)));
    this.#inMemory += size;
  }

  #skip(name: string, why: string): undefined {
    this.#skipped++;
    if (this.#notes.length === MAX_NOTES) return;
    this.#notes.push(
      `${quote(this.#archive)}: ${quote(name)} was skipped: ${why}`,
    );
  }
}

/** The content of a file that is in memory. */
export function contentOf(bytes: Uint8Array): FileContent {
  return { size: bytes.length, open: () => storedBytes(bytes).source };
}

/** The bytes of a small file; one pipe less is half of the time of unpacking. */
async function bytesIn(
  content: ReadableStream<Uint8Array>,
  size: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let length = 0;
  for await (const chunk of content) {
    if (length + chunk.length > size) throw wrongSize();
    bytes.set(chunk, length);
    length += chunk.length;
  }
  return bytes.subarray(0, length);
}

const wrongSize = () => new UnpackError("has a file of another size");

/** The archive has more bytes than allowed. */
export function tooLarge(bytes: number): UnpackError {
  return new UnpackError(
    `has more than ${
      bytesOf(bytes)
    } when it is unpacked: unpack it, and open its folder`,
  );
}

/** Passes bytes on, and fails at the first beyond `max`. */
export function limitedTo(
  max: number,
  errorOf: () => Error,
): TransformStream<Uint8Array, Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  return new TransformStream({
    transform: (chunk: Uint8Array, controller) => {
      bytes += chunk.length;
      if (bytes > max) controller.error(errorOf());
      // No stream of a file is of shared memory.
      else controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
    },
  });
}
