/**
 * Makes a root of many sessions: copies of recorded ones with other ids and dates.
 *
 *     deno run -A tests/support/bundles/many_sessions.ts ROOT 10000 90 [CASES]
 *
 * The copies began within the given number of days, the last one now. CASES is a folder of recorded
 * cases, searched for bundles; by default `testdata/upstream`. Payloads in shards stay as they are.
 *
 * @module
 */

import { walkSync } from "@std/fs";
import { dirname, join, relative } from "@std/path";
import { bundleFolders } from "../../../lib/bundle/storage/find_bundles.ts";
import { EVENT_LOG_FILE, MANIFEST_FILE } from "../../../lib/format/manifest.ts";
import { TESTDATA } from "../paths.ts";

const DAY_MS = 86_400_000;
/** Directories of one root hold at most so many bundles: one for each day. */
const TIME = /("(?:wall_time|started_at)_unix_ms":\s*)(\d+)/g;
const TEXT_FILE = /\.jsonl?$/;

/** A root to be made. */
export interface ManySessions {
  /** The directory to make. */
  readonly root: string;
  /** How many sessions. */
  readonly count: number;
  /** In how many days they begin. */
  readonly days: number;
  /** When the last one begins, in milliseconds since 1970. */
  readonly until: number;
  /** Bundles that are copied in turn. */
  readonly bundles: readonly string[];
}

/** A bundle in memory. */
interface Original {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly startedAt: number;
  readonly traceId: string;
  readonly threadId: string;
}

/** Makes the root: a directory for each day with the bundles that began on it. */
export function makeManySessions(
  { root, count, days, until, bundles }: ManySessions,
): void {
  const originals = bundles.map(readOriginal);
  for (let at = 0; at < count; at++) {
    const original = originals[at % originals.length];
    if (original === undefined) throw new Error("no bundle to copy");
    const ago = (count - 1 - at) / count * days * DAY_MS;
    const startedAt = Math.floor(until - ago);
    const day = new Date(startedAt).toISOString().slice(0, 10);
    writeCopy(original, at, startedAt, join(root, day));
  }
}

function readOriginal(bundle: string): Original {
  const paths = [...walkSync(bundle, { includeDirs: false })];
  const files = new Map(
    paths.map(({ path }) => [relative(bundle, path), Deno.readFileSync(path)]),
  );
  const manifest = JSON.parse(
    Deno.readTextFileSync(join(bundle, MANIFEST_FILE)),
  );
  return {
    files,
    startedAt: manifest.started_at_unix_ms,
    traceId: manifest.trace_id,
    threadId: manifest.root_thread_id,
  };
}

function writeCopy(
  { files, startedAt: before, traceId, threadId }: Original,
  at: number,
  startedAt: number,
  folder: string,
): void {
  const bundle = join(folder, `trace-${idAt(at, traceId)}`);
  for (const [name, bytes] of files) {
    const path = join(bundle, name);
    Deno.mkdirSync(dirname(path), { recursive: true });
    if (!TEXT_FILE.test(name)) {
      Deno.writeFileSync(path, bytes);
      continue;
    }
    const text = new TextDecoder().decode(bytes)
      .replaceAll(traceId, idAt(at, traceId))
      .replaceAll(threadId, idAt(at, threadId));
    const isDated = name === MANIFEST_FILE || name === EVENT_LOG_FILE;
    const moved = isDated
      ? text.replace(
        TIME,
        (_, key, time) => key + (Number(time) - before + startedAt),
      )
      : text;
    Deno.writeTextFileSync(path, moved);
  }
}

/** Another id of the same length for each copy. */
function idAt(at: number, id: string): string {
  const number = at.toString(16).padStart(8, "0");
  return number + id.slice(number.length);
}

function main(): void {
  const [
    root,
    count = "10000",
    days = "90",
    cases = join(TESTDATA, "upstream"),
  ] = Deno.args;
  if (root === undefined) throw new Error("missing argument ROOT");
  makeManySessions({
    root,
    count: Number(count),
    days: Number(days),
    until: Date.now(),
    bundles: [...bundleFolders(cases)],
  });
}

if (import.meta.main) main();
