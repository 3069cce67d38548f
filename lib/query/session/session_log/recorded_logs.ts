/**
 * Distinguishes sessions that have a bundle, a session log, or both: Codex keeps a log of a session that
 * is recorded, too.
 *
 * @module
 */

import { DiskFiles } from "../../../bundle/storage/disk_files.ts";
import { readManifest } from "../../../bundle/manifest_file.ts";
import { isUnreadable } from "../../../errors.ts";
import type { TraceBundleManifest } from "../../../format/manifest.ts";
import { readLogHead } from "./log_head.ts";
import type { SessionLogHead } from "./session_log.ts";

/**
 * Returns the session logs whose session has none of the bundles, so that figures of all have each
 * session once: a bundle has all that the log of its session has, and more.
 */
export function logsWithoutBundle(
  bundles: readonly string[],
  logs: readonly string[],
): string[] {
  if (bundles.length === 0 || logs.length === 0) return [...logs];
  const recorded = new Set(
    bundles.flatMap((bundle) => {
      const manifest = manifestOf(bundle);
      return manifest === null ? [] : threadsOf(manifest);
    }),
  );
  return logs.filter((log) => {
    const head = readLogHead(log);
    return head === null || !isRecorded(head, recorded);
  });
}

/** The ids by which the logs of a session name it, of a bundle. */
export function threadsOf(
  { root_thread_id, rollout_id }: TraceBundleManifest,
): string[] {
  return [root_thread_id, rollout_id];
}

/** Whether a log is of one of these sessions: of its root thread, or of an agent of it. */
export function isRecorded(
  { thread, session, parent }: SessionLogHead,
  sessions: ReadonlySet<string>,
): boolean {
  return sessions.has(thread) || sessions.has(session) ||
    (parent !== null && sessions.has(parent));
}

/** The manifest of a bundle; null where it cannot be read, which its reader reports. */
function manifestOf(bundle: string): TraceBundleManifest | null {
  try {
    return readManifest(new DiskFiles(bundle));
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return null;
  }
}
