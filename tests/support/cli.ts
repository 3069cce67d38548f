/**
 * Bundles and streams for the tests of the command line.
 *
 * @module
 */

import { copySync } from "@std/fs";
import { join } from "@std/path";
import type { CommandIo } from "../../lib/cli/command.ts";
import { TESTDATA } from "./paths.ts";

/** A recorded case that reduces. */
export const GOOD_CASE = join(TESTDATA, "upstream", "0.164.0-stream_drop");
/** A recorded case that contradicts itself. */
export const REFUSED_CASE = join(TESTDATA, "upstream", "0.164.0-dup_call_id");
/** What the good case reduces to. */
export const GOOD_STATE = Deno.readTextFileSync(
  join(GOOD_CASE, "expected.state.json"),
);

/** Runs `test` in a new folder that is gone afterwards. */
export function inFolder(test: (folder: string) => void): void {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    test(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** The same for a test that waits. */
export async function inFolderAsync(
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    await test(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Puts a copy of a case's bundle into `folder`. */
export function putBundle(
  folder: string,
  name: string,
  from = GOOD_CASE,
): string {
  const path = join(folder, name);
  copySync(join(from, "bundle"), path);
  return path;
}

/** Names in a folder, sorted. */
export function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
}

/** Streams that remember. */
export interface RecordedIo extends CommandIo {
  readonly stdout: string;
  readonly stderr: string;
}

/** New streams that remember. */
export function recordedIo(): RecordedIo {
  const text = new TextDecoder();
  let stdout = "";
  let stderr = "";
  return {
    writeBytes: (chunk) => void (stdout += text.decode(chunk)),
    limitOutput: () => {},
    printUntrustedLine: (line) => void (stdout += `${line}\n`),
    printTrusted: (block) => void (stdout += `${block}\n`),
    stderrLine: (line) => void (stderr += `${line}\n`),
    stderrTerminal: () => undefined,
    terminal: () => ({ columns: undefined, color: false, isTerminal: true }),
    stdin: () => undefined,
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
  };
}
