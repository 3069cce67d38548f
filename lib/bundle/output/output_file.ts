/**
 * A result on disk: complete or absent, under the narrowest permissions.
 *
 * There are two methods, chosen by the permissions:
 *
 * 1. Written beside the path, synchronized with the disk, and renamed. A reader sees the old file
 *    or the new one, also after a crash of the system, and two writers at once do not mix.
 * 2. Written in one go, where only the path itself may be written (`--allow-write=FILE`). The
 *    content is complete in memory before the old file is removed; a full disk or a crash can
 *    then lose it.
 *
 * A symbolic link at the path is replaced and never followed, a pipe or device never opened: it
 * may be in an untrusted bundle.
 *
 * Until {@linkcode HELD_BYTES} the content is in memory and nothing is on disk, so a signal ends
 * the program at once. From then on a signal is deferred until the content is complete, or, of an
 * output that takes longer than {@linkcode MAX_DEFERRED_MS}, until the next chunk; then the temporary
 * file is removed.
 *
 * @module
 */

import type { Limits } from "../limits.ts";
import { Interruption } from "./interruption.ts";
import { OutputBudget } from "./output_budget.ts";
import { diskError, onDisk, OutputError } from "./output_error.ts";
import { isGranted } from "../storage/file_info.ts";
import { folderOf, outputPlace } from "./output_place.ts";
import type { OutputPlace } from "./output_place.ts";
import {
  ignoringErrors,
  PRIVATE_MODE,
  removeLeftovers,
  TemporaryFile,
} from "./temporary_file.ts";

/** Writes a chunk of the content. The caller may reuse the chunk when it returns. */
export type WriteChunk = (chunk: Uint8Array) => void;

/** How the content was written to the path. */
export type OutputMethod = "renamed" | "in one go";

/** Bytes that are held in memory before a temporary file is made. */
const HELD_BYTES = 1024 * 1024;

/**
 * Milliseconds that a signal may be deferred without a thread that listens for it, by an output of
 * usual size and by a larger one. That thread takes 15 MB and 20 ms: an output of usual size takes
 * less than the first time, also on a busy machine.
 */
const MAX_DEFERRED_MS = { usual: 1000, large: 250 } as const;
/** From so many bytes on an output is large. That of 250 requests has 16 to 28 MB. */
const LARGE_BYTES = 48 * 1024 * 1024;

/**
 * Writes what `produce` makes to `path`. When anything fails, in `produce` or on disk, no
 * half of it stays behind.
 *
 * Asks for no permission: the caller has made sure that `path` itself may be written.
 *
 * @throws {OutputError} If the disk does not allow it.
 * @throws {LimitError} If it exceeds the limit `output`.
 * @throws {InterruptedError} If SIGINT or SIGTERM arrived. What `produce` throws passes through.
 */
export async function writeOutput(
  path: string,
  produce: (write: WriteChunk) => void,
  limits: Partial<Limits> = {},
): Promise<OutputMethod> {
  const [method] = await writeTogether([{ path, produce }], limits);
  return method ?? "renamed";
}

/** An output whose content is in memory. */
export interface OutputBytes {
  /** Where it is written. */
  readonly path: string;
  /** Its content. */
  readonly bytes: Uint8Array;
}

/**
 * Writes several outputs as {@linkcode writeOutput} does, in a fraction of the time: the disk gets all
 * contents, then all names, instead of one after the other. When a content cannot be written, no
 * output is replaced; when a name cannot, those before it are.
 *
 * @throws {OutputError | LimitError | InterruptedError} As {@linkcode writeOutput} does.
 */
export async function writeOutputs(
  outputs: readonly OutputBytes[],
  limits: Partial<Limits> = {},
): Promise<void> {
  const produced = outputs.map(({ path, bytes }) => ({
    path,
    produce: (write: WriteChunk) => write(bytes),
  }));
  await writeTogether(produced, limits);
}

/** Writes the outputs, and returns how each was written. */
async function writeTogether(
  outputs: readonly {
    readonly path: string;
    readonly produce: (write: WriteChunk) => void;
  }[],
  limits: Partial<Limits>,
): Promise<OutputMethod[]> {
  let made: Interruption | undefined;
  const interruption = () => made ??= new Interruption();
  const contents: Content[] = [];
  try {
    // One by one, before anything keeps this thread busy: a lock that is not free in time is taken
    // for that of a running program.
    for (const { path } of outputs) {
      contents.push(await Content.at(path, limits, interruption));
    }
    for (const [at, { produce }] of outputs.entries()) {
      produce((chunk) => contents[at]?.write(chunk));
      contents[at]?.complete();
    }
    await allOf(contents, (each) => each.synchronize());
    for (const each of contents) each.replace();
    return await allOf(contents, (each) => each.settle());
  } catch (error) {
    for (const each of contents) each.discard();
    throw error;
  } finally {
    made?.[Symbol.dispose]();
  }
}

/** Does something with each content at the same time, and waits for all of them. */
async function allOf<T>(
  contents: readonly Content[],
  work: (content: Content) => Promise<T>,
): Promise<T[]> {
  const working = contents.map(work);
  await Promise.allSettled(working);
  return await Promise.all(working);
}

/** The content of an output: in memory first, then in a temporary file, then at its path. */
class Content {
  readonly #path: string;
  readonly #budget: OutputBudget;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** When the temporary file was made. */
  #spilledAt = 0;
  #temporary: TemporaryFile | undefined;
  /** The deferred signals of all outputs; the first call defers them. */
  readonly #interruption: () => Interruption;
  /** Whether only the path itself may be written. */
  #isAlone = false;

  private constructor(
    path: string,
    limits: Partial<Limits>,
    interruption: () => Interruption,
  ) {
    this.#path = path;
    this.#budget = new OutputBudget(path, limits);
    this.#interruption = interruption;
  }

  /** Begins the content of an output. */
  static async at(
    path: string,
    limits: Partial<Limits>,
    interruption: () => Interruption,
  ): Promise<Content> {
    outputPlace(path);
    await removeLeftovers(path);
    return new Content(path, limits, interruption);
  }

  write(chunk: Uint8Array): void {
    this.#budget.spend(chunk.length);
    const temporary = this.#temporary;
    if (temporary !== undefined) {
      this.#watch();
      onDisk(this.#path, () => writeAll(temporary.file, chunk));
      return;
    }
    this.#held.push(chunk.slice());
    this.#heldBytes += chunk.length;
    if (this.#heldBytes > HELD_BYTES && !this.#isAlone) this.#spill();
  }

  /** Ends a long output at a signal. */
  #watch(): void {
    const { usual, large } = MAX_DEFERRED_MS;
    const max = this.#budget.used < LARGE_BYTES ? usual : large;
    if (performance.now() - this.#spilledAt < max) return;
    this.#interruption().watch();
    this.#interruption().check();
  }

  /** Writes what is held to a temporary file, if there may be one. */
  complete(): void {
    this.#spill();
  }

  /** Waits until the disk has the temporary file. */
  async synchronize(): Promise<void> {
    const temporary = this.#temporary;
    if (temporary !== undefined) await synchronize(this.#path, temporary.file);
  }

  /** Renames the temporary file to the path. */
  replace(): void {
    const temporary = this.#temporary;
    if (temporary === undefined) return;
    this.#interruption().check();
    keepMode(temporary.path, outputPlace(this.#path));
    onDisk(this.#path, () => temporary.renameTo(this.#path));
    this.#temporary = undefined;
  }

  /** Makes the name durable; without a temporary file, writes the content. */
  async settle(): Promise<OutputMethod> {
    if (this.#isAlone) await this.#writeAlone();
    else await synchronizeFolder(folderOf(this.#path));
    this.#interruption().check();
    return this.#isAlone ? "in one go" : "renamed";
  }

  /** Leaves nothing half written behind. */
  discard(): void {
    this.#temporary?.discard();
  }

  /** Writes to the temporary file what is held, if there may be such a file. */
  #spill(): void {
    this.#interruption();
    this.#spilledAt ||= performance.now();
    onDisk(this.#path, () => {
      this.#temporary ??= TemporaryFile.beside(this.#path);
      this.#isAlone = this.#temporary === undefined;
      if (this.#temporary !== undefined) this.#writeHeld(this.#temporary.file);
    });
  }

  async #writeAlone(): Promise<void> {
    const place = outputPlace(this.#path);
    using file = onDisk(this.#path, () => openAlone(this.#path, place));
    try {
      onDisk(this.#path, () => this.#writeHeld(file));
      await synchronize(this.#path, file);
    } catch (error) {
      ignoringErrors(() => Deno.removeSync(this.#path));
      throw error;
    }
    keepMode(this.#path, place);
  }

  #writeHeld(file: Deno.FsFile): void {
    for (const chunk of this.#held) writeAll(file, chunk);
    this.#held = [];
    this.#heldBytes = 0;
  }
}

/** A new file at the path itself: to open the old one could follow a link put there meanwhile. */
function openAlone(path: string, place: OutputPlace): Deno.FsFile {
  if (place.type === "file" || place.type === "link") Deno.removeSync(path);
  try {
    return Deno.openSync(path, {
      write: true,
      createNew: true,
      mode: PRIVATE_MODE,
    });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    throw new OutputError(
      path,
      "it exists, and only what may be read is replaced",
      { cause: error, hint: "allow it to be read as well: --allow-read=FILE" },
    );
  }
}

/** Sets the mode of a new file to that of the one it replaces, if that was open to others. */
function keepMode(path: string, place: OutputPlace): void {
  const mode = place.type === "file" ? place.mode : null;
  if (mode === null || Deno.build.os === "windows") return;
  // By hand, for a mode given at creation passes through the umask. A courtesy only: a file
  // system without modes leaves the file private.
  ignoringErrors(() => Deno.chmodSync(path, mode & 0o777));
}

/** Waits until the disk has the content. Signals arrive meanwhile. */
async function synchronize(path: string, file: Deno.FsFile): Promise<void> {
  try {
    await file.sync();
  } catch (error) {
    throw diskError(path, error);
  }
}

/** Makes a rename durable. A system without synchronization of folders does it by itself. */
async function synchronizeFolder(folder: string): Promise<void> {
  if (!isGranted("read", folder)) return;
  let opened: Deno.FsFile | undefined;
  try {
    opened = Deno.openSync(folder);
    // Many outputs may be written at the same time, which do not wait for this one.
    await opened.sync();
  } catch {
    // As with other systems.
  } finally {
    // No `using`: the bundler inlines one that is used once, and nothing is closed.
    opened?.close();
  }
}

function writeAll(file: Deno.FsFile, chunk: Uint8Array): void {
  for (let at = 0; at < chunk.length;) at += file.writeSync(chunk.subarray(at));
}
