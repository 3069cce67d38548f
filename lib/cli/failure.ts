/**
 * What a failure means to the person at the keyboard: one line, a hint, an exit code.
 *
 * @module
 */

import { OutputError } from "../bundle/write/output_file.ts";
import {
  BundleFormatError,
  LimitError,
  PayloadError,
  type PayloadErrorCode,
  quote,
  ReplayError,
} from "../errors.ts";
import { MANIFEST_FILE, STATE_FILE } from "../format/manifest.ts";
import { BundleFault } from "./bundle_fault.ts";
import { EXIT } from "./command.ts";
import { MissingPermissionError, permissionFlag } from "./permissions.ts";
import { SetupError, UsageError } from "./usage_error.ts";

/** A failure, told. */
export interface Failure {
  /** What is wrong. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** How the command is called, when that was the fault. */
  readonly usage?: string | undefined;
  /** How the program ends. */
  readonly exitCode: number;
}

const BUNDLE_HINT =
  "a bundle is a folder with manifest.json, trace.jsonl and payloads/, as Codex leaves it under CODEX_ROLLOUT_TRACE_ROOT";

const NEWER_HINT = "update rollout-trace, or use the Codex that recorded it";

const LIMIT_HINT =
  "raise the limit if you trust the bundle; it bounds what memory and time one may take";

const PAYLOAD_HINTS: Record<PayloadErrorCode, string> = {
  payload_path_refused: "payloads are read only from inside the bundle",
  payload_not_regular: "payloads are read only from regular files",
  payload_unreadable: "was the whole bundle copied?",
  payload_missing: "was the whole bundle copied?",
  payload_not_recorded:
    "the recorder left it out, see [rollout_trace] in the configuration of Codex",
  payload_capture_mismatch: "the log and the payloads are not of one recording",
  shard_malformed: "the file is damaged; was the whole bundle copied?",
  shard_not_sealed:
    "the file was changed after the recording, or was not copied whole",
  payload_over_limit: LIMIT_HINT,
  payload_not_json:
    "the file is damaged or cut off; was the recording interrupted, or is it still going on?",
};

/** Faults of the disk, and what to do about them. */
const DISK_HINTS: readonly (readonly [
  abstract new (message: string) => Error,
  string,
])[] = [
  [Deno.errors.NotFound, BUNDLE_HINT],
  [Deno.errors.NotADirectory, BUNDLE_HINT],
  [
    Deno.errors.PermissionDenied,
    "look at owner and mode of the file and of its folders",
  ],
];

/** Tells a failure in words. Never shows a stack. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof BundleFault) {
    const told = describeFailure(error.cause);
    return {
      ...told,
      message: `${quote(error.bundle)}: ${told.message}`,
      hint: error.hint ?? told.hint,
    };
  }
  if (error instanceof UsageError) {
    const { message, hint, usage } = error;
    return { message, hint, usage, exitCode: EXIT.usage };
  }
  if (error instanceof SetupError) {
    return failure(error.message, error.hint, EXIT.usage);
  }
  if (error instanceof MissingPermissionError) {
    return failure(error.message, `add ${error.flag}`, EXIT.usage);
  }
  const refused = inChain(error, Deno.errors.NotCapable);
  if (refused !== undefined) {
    return failure(refused.message, permissionHint(refused), EXIT.usage);
  }
  if (error instanceof OutputError) {
    return failure(error.message, "name another with -o FILE", EXIT.bundle);
  }
  return describeBundleFault(error) ?? describeDiskFault(error) ??
    failure(
      `unexpected ${nameOf(error)}: ${messageOf(error)}`,
      "this is a fault of rollout-trace, please report it",
      EXIT.bundle,
    );
}

function describeBundleFault(error: unknown): Failure | undefined {
  if (error instanceof BundleFormatError) {
    return failure(error.message, formatHint(error), EXIT.bundle);
  }
  if (error instanceof PayloadError) {
    return failure(error.message, PAYLOAD_HINTS[error.code], EXIT.bundle);
  }
  if (error instanceof LimitError) {
    return failure(error.message, LIMIT_HINT, EXIT.bundle);
  }
  if (error instanceof ReplayError) {
    const hint = error.code === "unsupported_schema"
      ? NEWER_HINT
      : "nothing was written: the bundle contradicts itself at this point";
    return failure(error.message, hint, EXIT.bundle);
  }
  return undefined;
}

function formatHint({ file, path }: BundleFormatError): string {
  if (file === STATE_FILE) {
    return "reduce the bundle anew: rollout-trace reduce BUNDLE";
  }
  if (file !== MANIFEST_FILE) {
    return "is the recording complete, and made by a Codex this program knows?";
  }
  return path === "schema_version" ? NEWER_HINT : BUNDLE_HINT;
}

function describeDiskFault(error: unknown): Failure | undefined {
  for (const [type, hint] of DISK_HINTS) {
    if (inChain(error, type) !== undefined) {
      return failure(messageOf(error), hint, EXIT.bundle);
    }
  }
  // Disk full, read-only, too many open files: the system's own words say enough.
  return error instanceof Error && /\(os error \d+\)/.test(error.message)
    ? failure(error.message, undefined, EXIT.bundle)
    : undefined;
}

/** The flag to add, as far as Deno's message names access and path. */
function permissionHint(refused: Error): string {
  const [, access, path] =
    /^Requires (read|write) access to "(.*)", run again/s.exec(
      refused.message,
    ) ??
      [];
  if ((access === "read" || access === "write") && path !== undefined) {
    return `add ${permissionFlag(access, path)}`;
  }
  // Devices, /proc and the like: no single path grants them.
  return "name an ordinary file; - stands for standard output";
}

function failure(
  message: string,
  hint: string | undefined,
  exitCode: number,
): Failure {
  return { message, hint, exitCode };
}

/** The error, or one of its causes, that is of the class. */
function inChain<E extends Error>(
  error: unknown,
  type: abstract new (message: string) => E,
): E | undefined {
  for (let at = error, depth = 0; depth < 8; depth++) {
    if (at instanceof type) return at;
    if (!(at instanceof Error)) return undefined;
    at = at.cause;
  }
  return undefined;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
