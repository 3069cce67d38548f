/**
 * Chooses one session out of many: `ROOT@latest`, `ROOT@-2`, `ROOT@2f0c`, `--latest`.
 *
 * @module
 */

import { DiskFiles } from "../../bundle/storage/disk_files.ts";
import {
  foundSessions,
  isFolder,
  listingOf,
} from "../../bundle/storage/find_bundles.ts";
import { splitPath } from "../../bundle/storage/disk_path.ts";
import { readManifest } from "../../bundle/manifest_file.ts";
import { isUnreadable, quote } from "../../errors.ts";
import {
  isRecorded,
  threadsOf,
} from "../../query/session/session_log/recorded_logs.ts";
import type { UnreadFolder } from "../../query/session/answer_document.ts";
import { readLogHead } from "../../query/session/session_log/log_head.ts";
import { counted } from "../../text/figures.ts";
import type { Operand } from "../args/flag.ts";
import { UsageError } from "../args/usage_error.ts";
import { LIST_HINT } from "./path_error.ts";
import { requireAccess } from "./permissions.ts";

/** The variable that makes Codex record; its value is the default root. */
const ROOT_VARIABLE = "CODEX_ROLLOUT_TRACE_ROOT";

/** A root and what is chosen below it; without a root, below the default one. */
const SELECTOR = /^(.*)@(latest|-[1-9]\d{0,8}|[\w-]+)$/s;
/** Shorter beginnings of ids are taken for a mistake. */
const MIN_PREFIX = 4;
const MAX_CANDIDATES = 5;

/** What operands become. */
export interface Selected {
  /** The operands, with the path of a bundle in place of each selector. */
  readonly operands: readonly string[];
  /** The paths that were chosen. */
  readonly chosen: readonly string[];
  /** Directories that could not be searched: what they hold might have been chosen. */
  readonly unread: readonly UnreadFolder[];
}

/**
 * Replaces what selects a bundle by its path. With `--latest`, the first operand is a root and may
 * be left out. A word that is a path is never a selector.
 *
 * @throws {UsageError} If a selector matches no bundle, or more than one, or there is no root.
 * @throws {MissingPermissionError} If a root may not be read.
 */
export function selectBundles(
  table: readonly Operand[],
  words: readonly string[],
  isLatest: boolean,
): Selected {
  const [first] = table;
  if (first?.selects === undefined) {
    return { operands: words, chosen: [], unread: [] };
  }
  const operands = withRoot(first, words, isLatest);
  const chosen: string[] = [];
  const unread: UnreadFolder[] = [];
  const found = operands.map((word, at) => {
    const operand = table[Math.min(at, table.length - 1)];
    if (operand?.selects === undefined || operand.selects === "root") {
      return word;
    }
    const below = { unread, takesLogs: operand.selects === "session" };
    const path = chosenBy(word, isLatest && at === 0, below);
    if (path !== word) chosen.push(path);
    return path;
  });
  return { operands: found, chosen, unread };
}

/** The operands, with the default root before them where that is meant. */
function withRoot(
  { selects, optional = false }: Operand,
  words: readonly string[],
  isLatest: boolean,
): readonly string[] {
  const [word] = words;
  if (selects === "root") {
    const root = word === undefined ? defaultRoot() : undefined;
    return root === undefined ? words : [root, ...words];
  }
  if (!isLatest || (word !== undefined && exists(word))) return words;
  if (word === undefined && optional) return words;
  return [requireRoot("--latest"), ...words];
}

function chosenBy(
  word: string,
  isLatest: boolean,
  search: Omit<SearchedRoot, "root">,
): string {
  if (isLatest) return nth({ root: word, ...search }, 1, word);
  const [, base, which] = SELECTOR.exec(word) ?? [];
  if (base === undefined || which === undefined || exists(word)) return word;
  const root = base === "" ? requireRoot(quote(word)) : base;
  if (!exists(root)) return word;
  const below = { root, ...search };
  if (which === "latest") return nth(below, 1, word);
  return which.startsWith("-")
    ? nth(below, Number(which.slice(1)), word)
    : withPrefix(below, which);
}

/** The root of all recordings; `undefined` where it is not set, or may not be read. */
function defaultRoot(): string | undefined {
  const variable = { name: "env", variable: ROOT_VARIABLE } as const;
  const { state } = Deno.permissions.querySync(variable);
  const root = state === "granted" ? Deno.env.get(ROOT_VARIABLE) : undefined;
  return root === "" ? undefined : root;
}

function requireRoot(what: string): string {
  const root = defaultRoot();
  if (root !== undefined) return root;
  throw new UsageError(
    `${what} needs a directory above the bundles`,
    `name it, or set ${ROOT_VARIABLE} (deno run needs --allow-env=${ROOT_VARIABLE} to read it)`,
  );
}

/** A bundle or a session log that can be chosen. */
interface Candidate {
  readonly path: string;
  readonly start: number;
  readonly ids: readonly string[];
  /** Whether it can be chosen by its place in time: the log of an agent is part of a session. */
  readonly isSession: boolean;
}

/** Where bundles are searched. */
interface SearchedRoot {
  readonly root: string;
  /** Whether session logs can be chosen, too. */
  readonly takesLogs: boolean;
  /** Receives the directories that cannot be searched. */
  readonly unread: UnreadFolder[];
}

/**
 * The bundles below a root whose manifest can be read, and the logs of sessions without any, the newest
 * first.
 */
function candidates({ root, unread, takesLogs }: SearchedRoot): Candidate[] {
  requireAccess("read", root);
  if (!isFolder(root)) {
    throw new UsageError(`${quote(root)} is no directory above bundles`);
  }
  const found: Candidate[] = [];
  const recorded = new Set<string>();
  const onUnread = (path: string, reason: string) =>
    void unread.push({ path, reason });
  const { bundles, logs } = foundSessions(root, onUnread);
  for (const path of bundles) {
    try {
      const manifest = readManifest(new DiskFiles(path));
      const { trace_id, rollout_id, root_thread_id } = manifest;
      found.push({
        path,
        start: Number(manifest.started_at_unix_ms),
        ids: [trace_id, rollout_id, root_thread_id, splitPath(path).name],
        isSession: true,
      });
      for (const id of threadsOf(manifest)) recorded.add(id);
    } catch (error) {
      // What is closed may be a bundle; `list` reports what else cannot be read.
      if (listingOf(path).isDenied()) onUnread(path, "permission denied");
      if (!isUnreadable(error)) throw error;
    }
  }
  for (const path of takesLogs ? logs : []) {
    const head = readLogHead(path);
    if (head === null || isRecorded(head, recorded)) continue;
    found.push({
      path,
      start: head.startedAt,
      ids: [head.thread, splitPath(path).name],
      isSession: head.parent === null,
    });
  }
  return found.sort((a, b) => b.start - a.start || (a.path < b.path ? 1 : -1));
}

function nth(below: SearchedRoot, place: number, word: string): string {
  const { root } = below;
  const found = candidates(below).filter(({ isSession }) => isSession);
  const path = found[place - 1]?.path;
  if (path !== undefined) return path;
  const what = nounOf(below);
  throw new UsageError(
    found.length === 0
      ? `no ${what} that can be read below ${quote(root)}`
      : `${quote(word)}: there are only ${counted(found.length, what)}`,
    hintOf(below),
  );
}

function withPrefix(below: SearchedRoot, prefix: string): string {
  const { root } = below;
  const what = nounOf(below);
  if (prefix.length < MIN_PREFIX) {
    throw new UsageError(
      `the beginning of an id has ${MIN_PREFIX} letters or more: ${
        quote(prefix)
      }`,
    );
  }
  const found = candidates(below).filter(({ ids }) =>
    ids.some((id) => id.startsWith(prefix))
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.path;
  throw new UsageError(
    only === undefined
      ? `no ${what} below ${quote(root)} has an id that begins with ${
        quote(prefix)
      }`
      : `${counted(found.length, what)} below ${
        quote(root)
      } have an id that begins with ${quote(prefix)}`,
    only === undefined
      ? hintOf(below)
      : `name one: ${
        found.slice(0, MAX_CANDIDATES).map(({ path }) => quote(path)).join(", ")
      }`,
  );
}

/** What is chosen from. */
function nounOf({ takesLogs }: SearchedRoot): "session" | "bundle" {
  return takesLogs ? "session" : "bundle";
}

function hintOf({ unread: [first, ...others] }: SearchedRoot): string {
  return first === undefined
    ? LIST_HINT
    : `${quote(first.path)} could not be searched: ${first.reason}` +
      (others.length === 0 ? "" : `; and ${others.length} more`);
}

/** Whether there is something at a path; false without the permission to read it. */
function exists(path: string): boolean {
  const { state } = Deno.permissions.querySync({ name: "read", path });
  if (state !== "granted") return false;
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
