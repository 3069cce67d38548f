/**
 * The files of a bundle as bytes, and a folder that holds one such bundle after the other.
 *
 * Bytes and not values, because what is in a damaged bundle need not be JSON.
 *
 * @module
 */

import { walkSync } from "@std/fs";
import { dirname, join, relative } from "@std/path";
import { EVENT_LOG_FILE } from "../../../lib/format/manifest.ts";

/** Path inside the bundle → content. */
export type BundleFiles = ReadonlyMap<string, Uint8Array>;

/** The files of the bundle in `dir`. */
export function readFiles(dir: string): BundleFiles {
  const files = new Map<string, Uint8Array>();
  for (const { path } of walkSync(dir, { includeDirs: false })) {
    const name = relative(dir, path).replaceAll("\\", "/");
    const isPart = name === "manifest.json" || name === EVENT_LOG_FILE ||
      name.startsWith("payloads/");
    if (isPart) files.set(name, Deno.readFileSync(path));
  }
  return files;
}

/** The same bundle with another log. */
export function withLog(files: BundleFiles, log: Uint8Array): BundleFiles {
  return new Map(files).set(EVENT_LOG_FILE, log);
}

/** The bytes of the log. */
export function logOf(files: BundleFiles): Uint8Array {
  return files.get(EVENT_LOG_FILE) ?? new Uint8Array();
}

/** The lines of a log, each with its line feed where it has one. */
export function linesOf(log: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < log.length;) {
    const found = log.indexOf(0x0a, start);
    const end = found < 0 ? log.length : found + 1;
    lines.push(log.subarray(start, end));
    start = end;
  }
  return lines;
}

/** Pieces one after the other. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(
    pieces.reduce((n, piece) => n + piece.length, 0),
  );
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** A folder that holds one bundle after the other, gone when it is disposed of. */
export class BundleFolder {
  /** Where the bundle is. */
  readonly path: string;
  #held: BundleFiles = new Map();

  /** Makes an empty folder. */
  constructor() {
    this.path = Deno.makeTempDirSync({ prefix: "rollout-trace-fuzz-" });
    Deno.mkdirSync(join(this.path, "payloads"));
  }

  /** Makes the folder hold these files and no others; writes those alone that changed. */
  put(files: BundleFiles): string {
    for (const name of this.#held.keys()) {
      if (!files.has(name)) Deno.removeSync(join(this.path, name));
    }
    for (const [name, bytes] of files) {
      if (this.#held.get(name) === bytes) continue;
      const path = join(this.path, name);
      Deno.mkdirSync(dirname(path), { recursive: true });
      Deno.writeFileSync(path, bytes);
    }
    this.#held = files;
    return this.path;
  }

  /** Removes the folder. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** Writes the files into a new folder for people to inspect. */
export function saveFiles(files: BundleFiles, dir: string): void {
  for (const [name, bytes] of files) {
    const path = join(dir, name);
    Deno.mkdirSync(dirname(path), { recursive: true });
    Deno.writeFileSync(path, bytes);
  }
}
