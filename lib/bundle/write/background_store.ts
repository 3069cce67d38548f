/**
 * A bundle in a folder that is written in the background: no caller waits for the disk.
 *
 * Writes are done one after the other, in the order of the calls. So the disk has at any moment what
 * it would have if the recording had ended a little earlier, and a payload is there before the event
 * that refers to it.
 *
 * @module
 */

import { MANIFEST_FILE } from "../../format/manifest.ts";
import { type BundleStore, DirectoryStore, OpenFiles } from "./store.ts";

/** Bytes that may wait for the disk, unless the host sets another limit. */
const DEFAULT_MAX_QUEUED_BYTES = 64 * 1024 * 1024;

/** How a {@linkcode BackgroundStore} writes. */
export interface BackgroundOptions {
  /** Bytes that may wait for the disk; 64 MiB when left out. */
  readonly maxQueuedBytes?: number | undefined;
  /** Gets the error that ended the writing. What was queued is lost. */
  readonly onFailure: (error: Error) => void;
}

/** A write that waits. */
interface QueuedWrite {
  readonly bytes: number;
  readonly perform: () => Promise<void>;
}

/** A file that is being appended to, and the bytes of its complete writes. */
interface OpenFile {
  readonly file: Deno.FsFile;
  length: number;
}

/**
 * Writes in the background.
 *
 * The folder, the empty log and the manifest are made at once, so that the caller learns whether a
 * recording is possible at all. After that a method throws only when too much is queued, or once a
 * write has failed: then nothing more is written.
 */
export class BackgroundStore implements BundleStore {
  /** The bundle's folder. */
  readonly directory: string;
  readonly #onFailure: (error: Error) => void;
  readonly #maxQueuedBytes: number;
  readonly #direct: DirectoryStore;
  readonly #open = new OpenFiles<OpenFile>(({ file }) => file.close());
  readonly #queue: QueuedWrite[] = [];
  #hasManifest = false;
  #queuedBytes = 0;
  #writing: Promise<void> | undefined;
  #failure: Error | undefined;

  /** Touches nothing yet. */
  constructor(directory: string, options: BackgroundOptions) {
    this.directory = directory;
    this.#onFailure = options.onFailure;
    this.#maxQueuedBytes = options.maxQueuedBytes ?? DEFAULT_MAX_QUEUED_BYTES;
    this.#direct = new DirectoryStore(directory);
  }

  /** Bytes that wait for the disk. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Resolves when everything is with the operating system, or lost. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  /** Makes a folder. */
  makeDirectory(name: string): void {
    this.#direct.makeDirectory(name);
  }

  /** Makes a file; the manifest, and what is made before it, at once. `content` must not change. */
  createFile(name: string, content: Uint8Array): void {
    if (this.#hasManifest) {
      this.#requireRoom(content.length);
      this.#add(content.length, () => this.#create(name, content));
    } else {
      this.#direct.createFile(name, content);
      this.#hasManifest = name === MANIFEST_FILE;
    }
  }

  /** Appends to a file. `content` must not change. */
  append(name: string, content: Uint8Array): void {
    this.#requireRoom(content.length);
    this.#add(content.length, () => this.#append(name, content));
  }

  /** Cuts a file. */
  truncate(name: string, length: number): void {
    this.#add(0, () => this.#truncate(name, length));
  }

  /** Removes a file or an empty folder. */
  remove(name: string): void {
    if (!this.#hasManifest) this.#direct.remove(name);
    else this.#add(0, () => Deno.remove(this.#path(name)));
  }

  /** Closes the files, once everything is written. */
  releaseHandles(): void {
    this.#add(0, () => {
      this.#open.closeAll();
      return Promise.resolve();
    });
  }

  #requireRoom(bytes: number): void {
    const max = this.#maxQueuedBytes;
    if (this.#failure || this.#queuedBytes + bytes <= max) return;
    throw new Error(
      `the disk is ${this.#queuedBytes} bytes behind, and ${max} may wait`,
    );
  }

  #add(bytes: number, perform: () => Promise<void>): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#queue.push({ bytes, perform });
    this.#queuedBytes += bytes;
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    // The caller continues first.
    await Promise.resolve();
    for (;;) {
      // What is written needs no memory any more, although more may be queued all the time.
      const next = this.#queue.shift();
      if (next === undefined) break;
      try {
        await next.perform();
      } catch (cause) {
        const error = cause instanceof Error ? cause : new Error(String(cause));
        this.#failure = error;
        this.#queuedBytes = 0;
        this.#onFailure(error);
        this.#open.closeAll();
        break;
      }
      this.#queuedBytes -= next.bytes;
    }
    this.#queue.length = 0;
    this.#writing = undefined;
  }

  async #create(name: string, content: Uint8Array): Promise<void> {
    const path = this.#path(name);
    // `createNew` also refuses a symbolic link that another process made.
    const options = { write: true, createNew: true, mode: 0o600 };
    const file = await Deno.open(path, options);
    try {
      await writeAll(file, content);
    } catch (error) {
      await Deno.remove(path).catch(() => {});
      throw error;
    } finally {
      file.close();
    }
  }

  async #append(name: string, content: Uint8Array): Promise<void> {
    const open = await this.#appending(name);
    try {
      await writeAll(open.file, content);
    } catch (error) {
      // Half a line, or half a record, is worse than none.
      await open.file.truncate(open.length).catch(() => {});
      throw error;
    }
    open.length += content.length;
  }

  async #truncate(name: string, length: number): Promise<void> {
    const open = await this.#appending(name);
    await open.file.truncate(length);
    open.length = length;
  }

  async #appending(name: string): Promise<OpenFile> {
    const open = this.#open.get(name) ?? await this.#openAt(name);
    return this.#open.use(name, open);
  }

  async #openAt(name: string): Promise<OpenFile> {
    const options = { write: true, append: true };
    const file = await Deno.open(this.#path(name), options);
    return { file, length: (await file.stat()).size };
  }

  #path(name: string): string {
    return `${this.directory}/${name}`;
  }
}

/** The operating system may take less than it is given. */
async function writeAll(file: Deno.FsFile, content: Uint8Array): Promise<void> {
  for (let written = 0; written < content.length;) {
    const count = await file.write(content.subarray(written));
    if (count === 0) throw new Deno.errors.WriteZero("the disk took no byte");
    written += count;
  }
}
