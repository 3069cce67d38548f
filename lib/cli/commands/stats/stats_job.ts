/**
 * What `stats` does with each session.
 *
 * @module
 */

import type { Limits } from "../../../bundle/limits.ts";
import {
  type SessionFigures,
  sessionFigures,
} from "../../../query/stats/session_figures.ts";
import type { StatsBy } from "../../../query/stats/stats_answer.ts";
import { requireBundlePath } from "../../access/bundle_path.ts";
import {
  logsNote,
  lossesIn,
  type SessionLosses,
} from "../../shared/bundle_losses.ts";
import { type Attempt, attempt } from "../../shared/jobs/attempt.ts";
import type { JobKind } from "../../shared/jobs/job.ts";
import { openPlace } from "../../shared/open/open_target.ts";

/** What is counted. */
export interface StatsSettings {
  readonly by: StatsBy;
  readonly limits: Partial<Limits>;
  /** Whether the session is one of several. */
  readonly isOneOfMany: boolean;
}

/** A session that was counted. */
export interface CountedSession {
  readonly figures: SessionFigures;
  readonly losses: SessionLosses;
  /** Of which logs a session is that was read from its logs; null where that needs no note. */
  readonly note: string | null;
}

export function countSession(
  bundle: string,
  { by, ...options }: StatsSettings,
): CountedSession {
  requireBundlePath(bundle, "session");
  const session = openPlace(bundle, options);
  return {
    figures: sessionFigures(session, by),
    losses: lossesIn(session),
    note: logsNote(session),
  };
}

export const STATS_JOB: JobKind<
  StatsSettings,
  string,
  Attempt<CountedSession>
> = {
  start: (settings) => ({
    run: (bundle) => attempt(bundle, () => countSession(bundle, settings)),
  }),
};
