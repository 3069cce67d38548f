/**
 * What a file is that was named in place of a bundle, by its first bytes and its name.
 *
 * @module
 */

import { openSeenFile } from "../../bundle/storage/seen_file.ts";
import { SESSION_LOG_NAME } from "../../bundle/storage/find_bundles.ts";
import { isStateFile } from "../../bundle/state_text.ts";

export type FileKind =
  | {
    /** It has to be unpacked first. */
    readonly type: "archive";
    /** What it is called: `zip`. */
    readonly format: string;
    /** The command that unpacks it, to be followed by its path. */
    readonly command: string;
  }
  /** A log of Codex's own sessions, which is no trace. */
  | { readonly type: "session_file" }
  | { readonly type: "event_log" }
  | { readonly type: "manifest" }
  /** Text with a byte order mark, which is not part of JSON. */
  | { readonly type: "byte_order_mark" }
  /** An object or anything else of JSON: it may be a `state.json`. */
  | { readonly type: "json" }
  | { readonly type: "other" };

interface ArchiveFormat {
  readonly format: string;
  readonly magic: readonly number[];
  readonly at?: number;
  readonly command: string;
  /** The command for a tar archive that is compressed so. */
  readonly tarCommand?: string;
}

const ARCHIVES: readonly ArchiveFormat[] = [
  { format: "zip", magic: [0x50, 0x4b, 0x03, 0x04], command: "unzip" },
  { format: "zip", magic: [0x50, 0x4b, 0x05, 0x06], command: "unzip" },
  {
    format: "gzip",
    magic: [0x1f, 0x8b],
    command: "gunzip",
    tarCommand: "tar -xzf",
  },
  {
    format: "zstd",
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    command: "unzstd",
    tarCommand: "tar --zstd -xf",
  },
  {
    format: "xz",
    magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    command: "unxz",
    tarCommand: "tar -xJf",
  },
  {
    format: "bzip2",
    magic: [0x42, 0x5a, 0x68],
    command: "bunzip2",
    tarCommand: "tar -xjf",
  },
  {
    format: "7z",
    magic: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
    command: "7z x",
  },
  // "ustar", behind the entry of the first file.
  {
    format: "tar",
    magic: [0x75, 0x73, 0x74, 0x61, 0x72],
    at: 257,
    command: "tar -xf",
  },
];

const TAR_NAME = /\.tar\.\w+$|\.t(?:gz|zst|xz|bz2?)$/i;
/** More of a file is not read. */
const MAX_HEAD = 4096;

/** Reads the first bytes of a regular file and returns what it is. */
export function fileKind(path: string): FileKind {
  const head = headOf(path);
  const name = path.split(/[/\\]/).at(-1) ?? path;
  return archiveKind(head, name) ?? textKind(head, name);
}

function archiveKind(head: Uint8Array, name: string): FileKind | undefined {
  const found = ARCHIVES.find(({ magic, at = 0 }) =>
    magic.every((byte, index) => head[at + index] === byte)
  );
  if (found === undefined) return undefined;
  const { format, command, tarCommand } = found;
  const isTar = tarCommand !== undefined && TAR_NAME.test(name);
  return { type: "archive", format, command: isTar ? tarCommand : command };
}

function textKind(head: Uint8Array, name: string): FileKind {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(head);
  const [line = ""] = text.replace(/^\ufeff/, "").trimStart().split("\n", 1);
  if (
    SESSION_LOG_NAME.test(name) ||
    /^\{.*"type"\s*:\s*"session_meta"/.test(line)
  ) return { type: "session_file" };
  if (/^\{"schema_version":\d+,"seq":/.test(line)) return { type: "event_log" };
  if (/"raw_event_log"\s*:/.test(text)) return { type: "manifest" };
  if (text.startsWith("\ufeff")) return { type: "byte_order_mark" };
  return line.startsWith("{") ? { type: "json" } : { type: "other" };
}

function headOf(path: string): Uint8Array {
  using file = openSeenFile(path, Deno.statSync(path), false);
  const head = new Uint8Array(MAX_HEAD);
  let length = 0;
  while (length < head.length) {
    const read = file.readSync(head.subarray(length));
    if (read === null || read === 0) break;
    length += read;
  }
  return head.subarray(0, length);
}

/** Whether a path is a session log. */
export function isSessionFile(path: string): boolean {
  return isStateFile(path) && fileKind(path).type === "session_file";
}
