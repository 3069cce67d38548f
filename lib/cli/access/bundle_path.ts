/**
 * Checks a path that was given as a bundle before it is opened: a file that is none, or a directory
 * that may not be read, is described as what it is.
 *
 * @module
 */

import { splitPath } from "../../bundle/storage/disk_path.ts";
import { listingOf } from "../../bundle/storage/find_bundles.ts";
import { NOT_UTF8 } from "../../bundle/storage/folder_listing.ts";
import { quote } from "../../errors.ts";
import {
  EVENT_LOG_FILE,
  MANIFEST_FILE,
  PAYLOADS_DIR,
} from "../../format/manifest.ts";
import { shellWord } from "../text/shell_word.ts";
import { MISSING_HINT, PathError } from "./path_error.ts";
import { type FileKind, fileKind, isSessionFile } from "./file_kind.ts";
import { requireAccess } from "./permissions.ts";

/** What a command opens. */
export type PathUse =
  /** The directory of a bundle, a `state.json`, or a session log. */
  | "session"
  /** The directory of a bundle, or a `state.json`. */
  | "bundle_or_state"
  /** The directory of a bundle. */
  | "bundle"
  /** A directory with bundles or session logs in it. */
  | "root";

const SESSION_HINT =
  "show, transcript, timeline, search, stats, sql, follow, report and export read session logs; Codex records bundles when CODEX_ROLLOUT_TRACE_ROOT is set";

/**
 * Checks that `path` may be a bundle, or a directory above bundles.
 *
 * @throws {MissingPermissionError} If Deno may not read it.
 * @throws {PathError} If it does not exist, the system denies access, or it is a file that the
 * command does not open.
 */
export function requireBundlePath(path: string, use: PathUse): void {
  requireAccess("read", path);
  const info = statOf(path);
  if (info.isDirectory) requireListable(path, use);
  else if (info.isFile) refuseFile(path, use);
  else throw new PathError("wrong kind", `${quote(path)} is no directory`);
}

function statOf(path: string): Deno.FileInfo {
  try {
    return Deno.statSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Reads the type of one entry: a directory may be listed but not searched, or the other way round. */
function requireListable(path: string, use: PathUse): void {
  try {
    Deno.lstatSync(`${path}/${MANIFEST_FILE}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw unreadable(path, error);
    if (use === "root") requireEntries(path);
  }
}

function requireEntries(path: string): void {
  try {
    Deno.readDirSync(path)[Symbol.iterator]().next();
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): unknown {
  if (error instanceof Deno.errors.PermissionDenied) {
    return new PathError(
      "unreadable",
      `cannot read ${quote(path)}: permission denied`,
      "check owner and mode of the path and of the directories above it",
    );
  }
  return error instanceof Deno.errors.NotFound
    ? new PathError(
      "unreadable",
      `cannot read ${quote(path)}: it does not exist`,
      path.includes("\ufffd") ? NOT_UTF8 : MISSING_HINT,
    )
    : error;
}

function refuseFile(path: string, use: PathUse): void {
  const kind = readKind(path);
  if (kind.type === "archive") {
    const { format, command } = kind;
    throw new PathError(
      "wrong kind",
      `${quote(path)} is a ${format} archive: unpack it first`,
      `${command} ${shellWord(path)}`,
    );
  }
  const bundle = bundleOf(path, use, kind);
  if (bundle !== undefined) {
    throw new PathError(
      "wrong kind",
      `${quote(path)} is a file of a bundle; did you mean ${quote(bundle)}?`,
    );
  }
  const refusal = refusalOf(kind, use);
  if (refusal === undefined) return;
  throw new PathError(
    "wrong kind",
    `${quote(path)} ${refusal.what}`,
    refusal.hint,
  );
}

function readKind(path: string): FileKind {
  try {
    return fileKind(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * Checks that a place has what a session log lacks; `needs` is what needs it: `a page needs …`.
 *
 * @throws {PathError} If it is a session log.
 */
export function requireNoSessionLog(
  place: string,
  needs: string,
  hint: string,
): void {
  if (!isSessionFile(place)) return;
  throw new PathError(
    "wrong kind",
    `${quote(place)} is a session log of Codex: ${needs}, which it lacks`,
    hint,
  );
}

interface Refusal {
  readonly what: string;
  readonly hint?: string;
}

const DIRECTORY_OF_LOG: Refusal = {
  what: "is a session log of Codex, not a directory",
  hint: "name the directory that it is in",
};

function refusalOf({ type }: FileKind, use: PathUse): Refusal | undefined {
  const expected = use === "root"
    ? "name a directory with bundles in it"
    : "name the directory with manifest.json, trace.jsonl and payloads/";
  const mayBeFile = use === "session" || use === "bundle_or_state";
  switch (type) {
    case "session_file":
      if (use === "session") return undefined;
      return use === "root" ? DIRECTORY_OF_LOG : {
        what:
          "is a session log of Codex, not a trace bundle: it has no LLM requests and no payloads",
        hint: SESSION_HINT,
      };
    case "event_log":
      return {
        what: "is the log of a bundle without the rest",
        hint: expected,
      };
    case "manifest":
      return {
        what: "is the manifest of a bundle without the rest",
        hint: expected,
      };
    case "byte_order_mark":
      return mayBeFile
        ? {
          what: "begins with a byte order mark (BOM), which is not JSON",
          hint: "save it as UTF-8 without one",
        }
        : { what: "is a file, not a directory", hint: expected };
    case "json":
      return mayBeFile
        ? undefined
        : { what: "is a file, not a directory", hint: expected };
    case "archive":
    case "other":
      return mayBeFile
        ? { what: "is neither a bundle nor a state.json", hint: expected }
        : { what: "is a file, not a directory", hint: expected };
  }
}

/** The bundle that a file is part of; a `state.json` is a part only where none is accepted. */
function bundleOf(
  path: string,
  use: PathUse,
  { type }: FileKind,
): string | undefined {
  const { folder, name } = splitPath(path);
  const { folder: outer, name: inner } = splitPath(folder);
  if (inner === PAYLOADS_DIR && hasManifest(outer)) return outer;
  const isPart = name === MANIFEST_FILE || name === EVENT_LOG_FILE ||
    type === "event_log" || type === "manifest" || use === "bundle";
  return isPart && hasManifest(folder) ? folder : undefined;
}

/** Whether a directory is a bundle; false without the permission to read it. */
function hasManifest(folder: string): boolean {
  const { state } = Deno.permissions.querySync({ name: "read", path: folder });
  return state === "granted" && listingOf(folder).has(MANIFEST_FILE);
}
