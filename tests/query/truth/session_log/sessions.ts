/**
 * Recorded session logs, each beside the bundle of its session.
 *
 * @module
 */

import { walkSync } from "@std/fs";
import { dirname, join, relative } from "@std/path";
import { openBundle } from "../../../../lib/query/session/open_bundle.ts";
import { openLoggedSession } from "../../../../lib/query/session/session_log/joined/open_logged_session.ts";
import { openSessionLog } from "../../../../lib/query/session/session_log/open_session_log.ts";
import type { TraceSession } from "../../../../lib/query/session/session.ts";
import { TESTDATA } from "../../../support/paths.ts";

const MORE = Deno.env.get("ROLLOUT_TRACE_SESSIONS");

/**
 * The folders with them: that of the repository, and the one that `ROLLOUT_TRACE_SESSIONS` names, if
 * any.
 */
export const SESSIONS: readonly string[] = [
  join(TESTDATA, "sessions"),
  ...MORE === undefined ? [] : [MORE],
];

/** A session log, and the bundle of its session. */
export interface Both {
  readonly name: string;
  readonly log: TraceSession;
  readonly bundle: TraceSession;
  /** The thread of the log. */
  readonly thread: string;
}

/** The session of several logs, and the bundle of the same session. */
export interface Joined {
  readonly name: string;
  /** The files, each of one thread. */
  readonly logs: readonly string[];
  readonly session: TraceSession;
  readonly bundle: TraceSession;
}

/** Every log with the bundle beside it; a bundle has the logs of several threads. */
export const ALL: readonly Both[] = SESSIONS.flatMap((root) =>
  [...walkSync(root, {
    includeDirs: false,
    match: [/[\\/]rollout-[^\\/]*\.jsonl$/],
  })]
    .map(({ path }) => {
      const log = openSessionLog(path);
      return {
        name: relative(root, path).slice(0, -".jsonl".length),
        log,
        bundle: openBundle(join(dirname(path), "bundle")),
        thread: log.trace.root_thread_id,
      };
    })
);

/** Every session with agents, opened by the log of its root. */
export const JOINED: readonly Joined[] = [
  ...Map.groupBy(ALL, ({ log }) => dirname(log.place)).values(),
].flatMap((logs): Joined[] => {
  const root = logs.find(({ thread, bundle }) =>
    thread === bundle.trace.root_thread_id
  );
  return root === undefined || logs.length === 1 ? [] : [{
    name: dirname(root.name),
    logs: logs.map(({ log }) => log.place),
    session: openLoggedSession(root.log.place),
    bundle: root.bundle,
  }];
});

/** Every thread of which a log is there: in its log alone, and in the session of all logs. */
export const THREADS: readonly Both[] = [
  ...ALL,
  ...JOINED.flatMap(({ name, session, bundle }) =>
    [...session.trace.threads.keys()].map((thread) => ({
      name: `${name}, all logs, ${thread}`,
      log: session,
      bundle,
      thread,
    }))
  ),
];
