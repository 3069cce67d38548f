/**
 * What `sql` does with each session.
 *
 * @module
 */

import type { Limits } from "../../../bundle/limits.ts";
import {
  type NeededNames,
  type SessionRows,
  sessionRows,
} from "../../../export/tables/database.ts";
import type { PriceTable } from "../../../query/stats/measures/cost.ts";
import {
  logsNote,
  lossesIn,
  type SessionLosses,
} from "../../shared/bundle_losses.ts";
import { type Attempt, attempt } from "../../shared/jobs/attempt.ts";
import type { JobKind } from "../../shared/jobs/job.ts";
import { openPlace } from "../../shared/open/open_target.ts";

/** Which rows are wanted. */
export interface SqlSettings {
  readonly needs: NeededNames;
  readonly limits: Partial<Limits>;
  /** Whether the session is one of several. */
  readonly isOneOfMany: boolean;
  /** The user's prices; without any, nothing has a cost. */
  readonly prices: PriceTable | null;
}

/** The rows of a session. */
export interface LoadedSession {
  readonly rows: SessionRows;
  readonly losses: SessionLosses;
  /** Of which logs a session is that was read from its logs; null where that needs no note. */
  readonly note: string | null;
}

/** Reads the rows of a session. */
export const SQL_JOB: JobKind<SqlSettings, string, Attempt<LoadedSession>> = {
  start: ({ needs, prices, ...options }) => ({
    run: (bundle) =>
      attempt(bundle, () => {
        const session = openPlace(bundle, options);
        const rows = sessionRows(session, needs, prices);
        return { rows, losses: lossesIn(session), note: logsNote(session) };
      }),
  }),
};
