/**
 * Where a bundle is written to: the few operations the writer needs, on disk or in memory.
 *
 * A store knows no schema and no event. Names are relative to the bundle, separated by `/`.
 *
 * @module
 */
import { concatBytes } from "../byte_buffer.ts";

/** Storage of one bundle that is being written. Every method throws when it cannot. */
export interface BundleStore {
  /** The bundle's folder, where there is one. */
  readonly directory: string | undefined;
  /** Makes a folder that must not exist yet, and the bundle's own folder where it is missing. */
  makeDirectory(name: string): void;
  /** Makes a file that must not exist yet. It is complete when this returns, and absent when it throws. */
  createFile(name: string, content: Uint8Array): void;
  /**
   * Appends to a file that exists. When this returns the bytes are with the operating system;
   * when it throws, some of them may be in the file, and {@linkcode truncate} takes them away.
   */
  append(name: string, content: Uint8Array): void;
  /** Cuts a file to its first `length` bytes. */
  truncate(name: string, length: number): void;
  /** Removes a file or an empty folder. */
  remove(name: string): void;
  /** Releases open files. A later `append` opens them again. */
  releaseHandles(): void;
}

/** The log and one shard: what a recorder appends to by turns. */
const MAX_OPEN_FILES = 2;

/** The files of a bundle that are being appended to, by name. */
export class OpenFiles<File> {
  /** The one that was used last is at the end. */
  readonly #files = new Map<string, File>();
  readonly #close: (file: File) => void;

  /** No file yet; `close` closes one. */
  constructor(close: (file: File) => void) {
    this.#close = close;
  }

  /** A file, if it is open. */
  get(name: string): File | undefined {
    return this.#files.get(name);
  }

  /** Keeps a file open until two others are used after it. */
  use(name: string, file: File): File {
    this.#files.delete(name);
    this.#files.set(name, file);
    const [oldest = name] = this.#files.keys();
    if (this.#files.size > MAX_OPEN_FILES) this.#closeOne(oldest);
    return file;
  }

  /** Closes every file. */
  closeAll(): void {
    for (const name of [...this.#files.keys()]) this.#closeOne(name);
  }

  #closeOne(name: string): void {
    const file = this.#files.get(name);
    this.#files.delete(name);
    if (file !== undefined) this.#close(file);
  }
}

/** A bundle in a folder. New files are for their owner alone (0600), new folders too (0700). */
export class DirectoryStore implements BundleStore {
  /** The bundle's folder. */
  readonly directory: string;
  readonly #open = new OpenFiles<Deno.FsFile>((file) => file.close());

  /** Touches nothing yet. */
  constructor(directory: string) {
    this.directory = directory;
  }

  /** Makes a folder, and the bundle's own one first. */
  makeDirectory(name: string): void {
    Deno.mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    Deno.mkdirSync(this.#path(name), { mode: 0o700 });
  }

  /** Writes a new file; a failed one is removed again. */
  createFile(name: string, content: Uint8Array): void {
    createAt(this.#path(name), content);
  }

  /** Appends through a file that stays open until two others are appended to, or {@linkcode releaseHandles}. */
  append(name: string, content: Uint8Array): void {
    writeAll(this.#appending(name), content);
  }

  /** Cuts a file. */
  truncate(name: string, length: number): void {
    this.#appending(name).truncateSync(length);
  }

  /** Removes a file or an empty folder. */
  remove(name: string): void {
    Deno.removeSync(this.#path(name));
  }

  /** Closes the files that are being appended to. */
  releaseHandles(): void {
    this.#open.closeAll();
  }

  #appending(name: string): Deno.FsFile {
    const options = { write: true, append: true };
    const file = this.#open.get(name) ??
      Deno.openSync(this.#path(name), options);
    return this.#open.use(name, file);
  }

  #path(name: string): string {
    return `${this.directory}/${name}`;
  }
}

/** Makes a file that must not exist yet; a failed one is removed again. */
function createAt(path: string, content: Uint8Array): void {
  // `createNew` also refuses a symbolic link that another process made.
  const file = Deno.openSync(path, {
    write: true,
    createNew: true,
    mode: 0o600,
  });
  try {
    writeAll(file, content);
  } catch (error) {
    removeQuietly(path);
    throw error;
  } finally {
    file.close();
  }
}

/** The operating system may take less than it is given. */
function writeAll(file: Deno.FsFile, content: Uint8Array): void {
  for (let written = 0; written < content.length;) {
    const count = file.writeSync(content.subarray(written));
    if (count === 0) throw new Deno.errors.WriteZero("the disk took no byte");
    written += count;
  }
}

/** What remains when this fails is not referred to by anything. */
function removeQuietly(path: string): void {
  attempt(() => Deno.removeSync(path));
}

/** A bundle in memory: for tests, and for hosts that send it elsewhere. */
export class MemoryStore implements BundleStore {
  /** Always `undefined`: there is no folder. */
  readonly directory: undefined = undefined;
  readonly #directories = new Set<string>();
  // Chunks, so that a long log is not copied at every event.
  readonly #files = new Map<string, Uint8Array[]>();

  /** Names of the files, in the order they were made. */
  names(): string[] {
    return [...this.#files.keys()];
  }

  /** Content of a file, `undefined` when there is none. */
  bytes(name: string): Uint8Array<ArrayBuffer> | undefined {
    const chunks = this.#files.get(name);
    if (chunks === undefined) return undefined;
    return concatBytes(chunks);
  }

  /** Content of a file as text, `undefined` when there is none. */
  text(name: string): string | undefined {
    const bytes = this.bytes(name);
    return bytes && new TextDecoder().decode(bytes);
  }

  /** Notes a folder. */
  makeDirectory(name: string): void {
    if (this.#directories.has(name)) throw exists(name);
    this.#directories.add(name);
  }

  /** Keeps a copy of `content`. */
  createFile(name: string, content: Uint8Array): void {
    if (this.#files.has(name)) throw exists(name);
    this.#files.set(name, [content.slice()]);
  }

  /** Keeps a copy of `content` after what is there. */
  append(name: string, content: Uint8Array): void {
    this.#chunks(name).push(content.slice());
  }

  /** Cuts a file. */
  truncate(name: string, length: number): void {
    const content = this.bytes(name);
    if (content === undefined) throw missing(name);
    this.#files.set(name, [content.slice(0, length)]);
  }

  /** Forgets a file or folder. */
  remove(name: string): void {
    if (!this.#files.delete(name) && !this.#directories.delete(name)) {
      throw missing(name);
    }
  }

  /** Does nothing: memory holds no resource. */
  releaseHandles(): void {}

  #chunks(name: string): Uint8Array[] {
    const chunks = this.#files.get(name);
    if (chunks === undefined) throw missing(name);
    return chunks;
  }
}

function exists(name: string): Error {
  return new Deno.errors.AlreadyExists(`Cannot make "${name}": it exists`);
}

function missing(name: string): Error {
  return new Deno.errors.NotFound(`Cannot find "${name}"`);
}

/** Returns whether `action` did not throw. For cleaning up after a more important error. */
export function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

/** Which part of the limit payloads leave to events. */
const RESERVED_FRACTION = 1 / 8;
/** Bytes that payloads leave to events at most. */
const MAX_RESERVE = 256 * 1024;

/**
 * Counts the manifest, the log and the payloads of one bundle.
 *
 * Payloads leave a part of the limit to events: a bundle with omitted payloads shows more of a
 * session than one whose log ends early.
 */
export class ByteBudget {
  /** How many bytes the bundle may have; infinite when it has no limit. */
  readonly max: number;
  readonly #maxWithPayload: number;
  #used = 0;

  /** Nothing is used at first. */
  constructor(max: number = Infinity) {
    this.max = max;
    const reserve = Math.min(Math.ceil(max * RESERVED_FRACTION), MAX_RESERVE);
    this.#maxWithPayload = max - reserve;
  }

  /** Whether an event of so many bytes fits. */
  hasRoom(bytes: number): boolean {
    return this.#used + bytes <= this.max;
  }

  /** Whether a payload fits that takes so many bytes on disk. */
  hasRoomForPayload(bytes: number): boolean {
    return this.#used + bytes <= this.#maxWithPayload;
  }

  /** Counts bytes that were written, or that are no longer there when negative. */
  add(bytes: number): void {
    this.#used += bytes;
  }
}
