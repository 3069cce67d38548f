/**
 * Describes errors to the user: a message of one line, a hint, an exit code.
 *
 * @module
 */

import { InterruptedError } from "../../bundle/output/interruption.ts";
import { OutputError } from "../../bundle/output/output_error.ts";
import {
  BundleFormatError,
  ChangedFileError,
  LimitError,
  PayloadError,
  type PayloadErrorCode,
  quote,
  ReplayError,
} from "../../errors.ts";
import { LeftOverError } from "../../export/redact/receipt.ts";
import { MANIFEST_FILE, STATE_FILE } from "../../format/manifest.ts";
import { BundleError } from "./bundle_error.ts";
import { ReportedError } from "./reported_error.ts";
import { SetupError } from "./setup_error.ts";
import { PathError } from "../access/path_error.ts";
import { EXIT } from "../command.ts";
import {
  MissingPermissionError,
  permissionFlag,
} from "../access/permissions.ts";
import { UsageError } from "../args/usage_error.ts";

/** An error as the program reports it. */
export interface ErrorReport {
  /** What failed, on what, and why. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** The usage of the command, for a usage error. */
  readonly usage?: string | undefined;
  /** The exit code of the program. */
  readonly exitCode: number;
}

const BUNDLE_HINT =
  "a bundle is a directory with manifest.json, trace.jsonl and payloads/, which Codex records below CODEX_ROLLOUT_TRACE_ROOT";

const NEWER_HINT = "update rollout-trace, or use the Codex that recorded it";

const LIMIT_HINT =
  "raise the limit if you trust the bundle; it bounds memory and time";

const TEXT_HINT =
  "ask for less of it, or without --json: lines are printed as they are made";

const PAYLOAD_HINTS: Record<PayloadErrorCode, string> = {
  payload_path_refused: "payloads are read only from inside the bundle",
  payload_not_regular: "payloads are read only from regular files",
  payload_unreadable: "was the bundle copied completely?",
  payload_missing: "was the bundle copied completely?",
  payload_not_recorded:
    "the recorder omitted it, see [rollout_trace] in the configuration of Codex",
  payload_capture_mismatch:
    "the log and the payloads are of different recordings",
  shard_malformed: "the file is damaged; was the bundle copied completely?",
  shard_not_sealed:
    "the file was changed after the recording, or not copied completely",
  payload_over_limit: LIMIT_HINT,
  payload_not_json:
    "the file is damaged or truncated; was the recording interrupted, or is it still running?",
};

const DENIED_HINT = "check owner and mode of the file and of its directories";

/** Errors of the file system, and what to do about them. */
const DISK_HINTS: readonly (readonly [
  abstract new (message: string) => Error,
  string,
])[] = [
  [Deno.errors.NotFound, BUNDLE_HINT],
  [Deno.errors.NotADirectory, BUNDLE_HINT],
  [Deno.errors.PermissionDenied, DENIED_HINT],
];

/** Describes an error, never with a stack trace. */
export function describeError(error: unknown): ErrorReport {
  if (error instanceof BundleError) {
    const described = describeError(error.cause);
    return {
      ...described,
      message: messageFor(error, described.message),
      hint: error.hint ?? described.hint,
    };
  }
  if (error instanceof UsageError) {
    const { message, hint, usage } = error;
    return { message, hint, usage, exitCode: EXIT.usage };
  }
  if (error instanceof ReportedError) {
    return report(error.message, error.hint, error.exitCode);
  }
  if (error instanceof SetupError) {
    return report(error.message, error.hint, EXIT.usage);
  }
  if (error instanceof PathError) {
    const code = error.fault === "wrong kind" ? EXIT.usage : EXIT.failed;
    return report(error.message, error.hint, code);
  }
  if (error instanceof MissingPermissionError) {
    return report(error.message, `add ${error.flag}`, EXIT.usage);
  }
  const refused = inChain(error, Deno.errors.NotCapable);
  if (refused !== undefined) {
    return report(refused.message, permissionHint(refused), EXIT.usage);
  }
  if (error instanceof OutputError) {
    const hint = error.hint ?? "name another with -o";
    return report(error.message, hint, EXIT.failed);
  }
  if (error instanceof LeftOverError) {
    return report(
      `nothing was written: ${error.message}`,
      undefined,
      EXIT.partial,
    );
  }
  if (error instanceof InterruptedError) {
    return report(error.message, undefined, EXIT.interrupted[error.signal]);
  }
  if (isTooLongForText(error)) {
    return report(
      "the answer is too large for one text",
      TEXT_HINT,
      EXIT.failed,
    );
  }
  return describeBundleContent(error) ?? describeFileSystemError(error) ??
    report(
      `unexpected ${nameOf(error)}: ${messageOf(error)}`,
      "this is a bug of rollout-trace, please report it",
      EXIT.failed,
    );
}

/** A state is called by its own path: the file has any name. */
function messageFor({ bundle, cause }: BundleError, message: string): string {
  if (cause instanceof PathError) return message;
  return cause instanceof BundleFormatError && cause.file === STATE_FILE
    ? `cannot read ${quote(bundle)} as a state.json: ${cause.reason}`
    : `${quote(bundle)}: ${message}`;
}

function describeBundleContent(error: unknown): ErrorReport | undefined {
  if (error instanceof BundleFormatError) {
    return report(error.message, formatHint(error), EXIT.failed);
  }
  if (error instanceof PayloadError) {
    const hint = isDenied(error) ? DENIED_HINT : PAYLOAD_HINTS[error.code];
    return report(error.message, hint, EXIT.failed);
  }
  if (error instanceof LimitError) {
    return report(error.message, LIMIT_HINT, EXIT.failed);
  }
  if (error instanceof ReplayError) {
    const hint = error.code === "unsupported_schema"
      ? NEWER_HINT
      : "nothing was written: the bundle contradicts itself here";
    return report(error.message, hint, EXIT.failed);
  }
  return undefined;
}

/** Whether the system denied access to a file of the bundle. */
function isDenied(error: Error): boolean {
  return inChain(error, Deno.errors.PermissionDenied) !== undefined;
}

function formatHint(error: BundleFormatError): string {
  if (error instanceof ChangedFileError) {
    return "what was printed is of the file as it was; to continue, follow it again";
  }
  const { file, path, cause } = error;
  if (isDenied(error)) return DENIED_HINT;
  if (file === STATE_FILE) {
    return "it may be of another version or program: name the directory of a bundle, or reduce the bundle again: rollout-trace reduce BUNDLE";
  }
  if (file !== MANIFEST_FILE && cause instanceof Deno.errors.NotFound) {
    return "was the bundle copied completely?";
  }
  if (file !== MANIFEST_FILE) {
    return "is the recording complete, and made by a supported version of Codex?";
  }
  return path === "schema_version" ? NEWER_HINT : BUNDLE_HINT;
}

function describeFileSystemError(error: unknown): ErrorReport | undefined {
  for (const [type, hint] of DISK_HINTS) {
    if (inChain(error, type) !== undefined) {
      return report(messageOf(error), hint, EXIT.failed);
    }
  }
  // Disk full, read-only, too many open files: the message of the system is enough.
  return error instanceof Error && /\(os error \d+\)/.test(error.message)
    ? report(error.message, undefined, EXIT.failed)
    : undefined;
}

/** The permission flag to add, if the message of Deno names access and path. */
function permissionHint(refused: Error): string {
  const [, access, path] =
    /^Requires (read|write) access to "(.*)", run again/s.exec(
      refused.message,
    ) ??
      [];
  if ((access === "read" || access === "write") && path !== undefined) {
    return `add ${permissionFlag(access, path)}`;
  }
  // Devices and /proc need more than the permission for a path.
  return "name a regular file; - is standard output";
}

function report(
  message: string,
  hint: string | undefined,
  exitCode: number,
): ErrorReport {
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

/** Whether a text would be longer than the engine allows, 512 MB. */
function isTooLongForText(error: unknown): boolean {
  return error instanceof RangeError &&
    error.message === "Invalid string length";
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
