/**
 * Recorded cases for the tests of `check`, and the command itself.
 *
 * @module
 */

import { join } from "@std/path";
import { runProgram } from "../../lib/cli/program.ts";
import {
  BundleFormatError,
  PayloadError,
  ReplayError,
} from "../../lib/errors.ts";
import { replayBundle } from "../../lib/replay.ts";
import { recordedIo } from "../support/cli.ts";
import { TESTDATA } from "../support/paths.ts";

export const UPSTREAM = join(TESTDATA, "upstream");

export const CASES = [...Deno.readDirSync(UPSTREAM)].map(({ name }) => name)
  .sort();

/** Recorded by Codex, and yet not as a recorder should leave a bundle. */
export const ILL: ReadonlySet<string> = new Set([
  "0.164.0-agents_same_call_id",
  "0.164.0-dup_call_id",
  "0.164.0-dup_call_id_same",
  "0.169.0-agents_v2_resume-2",
  "0.169.0-dup_call_same_response",
]);

/** Recordings that reduce, though the end of something is missing from them. */
export const WARNED: ReadonlySet<string> = new Set(["0.169.0-mcp"]);

/** What is noted: limits of the recorder left something out, a compaction was not installed. */
export const NOTED: ReadonlyMap<string, string> = new Map([
  ["0.171.0-lim_p300", "payloads_partial"],
  ["0.169.0-compact_remote_fail", "not_recorded"],
]);

export async function check(
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const io = recordedIo();
  const code = await runProgram(["check", ...args], io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

/** What a strict replay states, as a check would report it. */
export function refusalOf(bundle: string): string | undefined {
  try {
    replayBundle(bundle);
    return undefined;
  } catch (error) {
    if (error instanceof ReplayError) {
      return error.cause instanceof PayloadError
        ? error.cause.message
        : error.reason;
    }
    if (error instanceof BundleFormatError) return error.reason;
    if (error instanceof PayloadError) return error.message;
    throw error;
  }
}
