/**
 * Finds the session to follow below a folder: the newest, and then the next one.
 *
 * @module
 */

import { DiskFiles } from "../../../bundle/storage/disk_files.ts";
import {
  foundSessions,
  listingOf,
} from "../../../bundle/storage/find_bundles.ts";
import { readManifest } from "../../../bundle/manifest_file.ts";
import { isUnreadable } from "../../../errors.ts";
import { EVENT_LOG_FILE } from "../../../format/manifest.ts";
import {
  isRecorded,
  threadsOf,
} from "../../session/session_log/recorded_logs.ts";
import { readLogHead } from "../../session/session_log/log_head.ts";
import type { SessionLogHead } from "../../session/session_log/session_log.ts";

/** A bundle or a session log below a folder. */
export interface FoundSession {
  /** The folder of the bundle, or the log. */
  readonly bundle: string;
  /** When the session began. */
  readonly startedAt: number;
}

/** Searches a folder again and again. */
export class SessionSearch {
  /** The folder. */
  readonly root: string;
  readonly #takesLogs: boolean;
  /** The first lines of logs, which do not change. */
  readonly #heads: Map<string, SessionLogHead> = new Map();

  /** Searches `root`, for bundles only or for session logs as well. */
  constructor(root: string, takesLogs: boolean) {
    this.root = root;
    this.#takesLogs = takesLogs;
  }

  /** The newest session; `undefined` where there is none. */
  newest(): FoundSession | undefined {
    return this.#sessions().at(-1);
  }

  /** The session that began next after another; `undefined` where there is none yet. */
  after(last: FoundSession): FoundSession | undefined {
    return this.#sessions().find((each) => compare(each, last) > 0);
  }

  /**
   * The sessions whose manifest is complete and whose log exists, and the logs of those without a
   * bundle, the oldest first. The log of an agent is part of a session.
   */
  #sessions(): FoundSession[] {
    const found: FoundSession[] = [];
    const recorded = new Set<string>();
    const { bundles, logs } = foundSessions(this.root);
    for (const bundle of bundles) {
      if (!listingOf(bundle).has(EVENT_LOG_FILE)) continue;
      try {
        const manifest = readManifest(new DiskFiles(bundle));
        const startedAt = Number(manifest.started_at_unix_ms);
        found.push({ bundle, startedAt });
        for (const id of threadsOf(manifest)) recorded.add(id);
      } catch (error) {
        // It may be written at this moment. `list` reports what cannot be read.
        if (!isUnreadable(error)) throw error;
      }
    }
    for (const bundle of this.#takesLogs ? logs : []) {
      const head = this.#headOf(bundle);
      if (head === null || head.parent !== null) continue;
      if (isRecorded(head, recorded)) continue;
      found.push({ bundle, startedAt: head.startedAt });
    }
    return found.sort(compare);
  }

  #headOf(log: string): SessionLogHead | null {
    const head = this.#heads.get(log) ?? readLogHead(log);
    if (head !== null) this.#heads.set(log, head);
    return head;
  }
}

function compare(a: FoundSession, b: FoundSession): number {
  return a.startedAt - b.startedAt ||
    (a.bundle < b.bundle ? -1 : a.bundle > b.bundle ? 1 : 0);
}
