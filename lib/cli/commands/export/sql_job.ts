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
import { lossesIn, type SessionLosses } from "../../shared/bundle_losses.ts";
import { type Attempt, attempt } from "../../shared/jobs/attempt.ts";
import type { JobKind } from "../../shared/jobs/job.ts";
import { openPlace } from "../../shared/open/open_target.ts";

/** Which rows are wanted. */
export interface SqlSettings {
  readonly needs: NeededNames;
  readonly limits: Partial<Limits>;
  /** The user's prices; without any, nothing has a cost. */
  readonly prices: PriceTable | null;
}

/** The rows of a session. */
export interface LoadedSession {
  readonly rows: SessionRows;
  readonly losses: SessionLosses;
}

/** Reads the rows of a session. */
export const SQL_JOB: JobKind<SqlSettings, string, Attempt<LoadedSession>> = {
  start: ({ needs, limits, prices }) => ({
    run: (bundle) =>
      attempt(bundle, () => {
        const session = openPlace(bundle, { limits });
        const rows = sessionRows(session, needs, prices);
        return { rows, losses: lossesIn(session) };
      }),
  }),
};
