/**
 * Recorded session logs, each beside the bundle of its session.
 *
 * @module
 */

import { walkSync } from "@std/fs";
import { dirname, join, relative } from "@std/path";
import { openBundle } from "../../../../lib/query/session/open_bundle.ts";
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

/** Every log with the bundle beside it; a bundle has the logs of several threads. */
export const ALL: readonly Both[] = SESSIONS.flatMap((root) =>
  [...walkSync(root, {
    includeDirs: false,
    match: [/\/rollout-[^/]*\.jsonl$/],
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
