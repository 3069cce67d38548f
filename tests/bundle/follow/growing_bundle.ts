/**
 * A bundle that is recorded while a test runs: a copy whose log grows.
 *
 * @module
 */

import { copySync } from "@std/fs";
import { join } from "@std/path";

/** A copy of a bundle, with an empty log at first. */
export class GrowingBundle {
  /** Its folder. */
  readonly path: string;
  /** The file of its log. */
  readonly logFile: string;
  /** The complete log. */
  readonly log: Uint8Array;

  /** Copies a bundle to `name` below `folder`. */
  constructor(from: string, folder: string, name = "bundle") {
    this.path = join(folder, name);
    copySync(from, this.path);
    this.logFile = join(this.path, "trace.jsonl");
    this.log = Deno.readFileSync(this.logFile);
    Deno.writeFileSync(this.logFile, new Uint8Array());
  }

  /** The recorder writes. */
  append(bytes: Uint8Array): void {
    Deno.writeFileSync(this.logFile, bytes, { append: true });
  }

  /** The recorder writes a text. */
  appendText(text: string): void {
    this.append(new TextEncoder().encode(text));
  }
}
