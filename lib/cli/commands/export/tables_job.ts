/**
 * What `tables` does with some sessions of a day.
 *
 * @module
 */

import type { Limits } from "../../../bundle/limits.ts";
import {
  type PartMember,
  type PartOptions,
  type TablePart,
  tablePart,
} from "../../../export/tables/table_part.ts";
import { lossesIn, type SessionLosses } from "../../shared/bundle_losses.ts";
import { attempt } from "../../shared/jobs/attempt.ts";
import type { JobKind } from "../../shared/jobs/job.ts";
import { openPlace } from "../../shared/open/open_target.ts";

/** How tables are made. */
export interface TablesSettings {
  readonly options: PartOptions;
  readonly limits: Partial<Limits>;
}

/** A part, and what is to be reported of it. */
export interface MadePart {
  readonly part: TablePart;
  /** Why bundles could not be read. */
  readonly faults: readonly string[];
  /** What the sessions lack. */
  readonly losses: readonly SessionLosses[];
}

/** Makes a part. */
export const TABLES_JOB: JobKind<
  TablesSettings,
  readonly PartMember[],
  MadePart
> = {
  start: ({ options, limits }) => ({
    run: (members) => {
      const faults: string[] = [];
      const losses: SessionLosses[] = [];
      const part = tablePart(members, (path) => {
        const opened = attempt(
          path,
          () => openPlace(path, { limits, isOneOfMany: true }),
        );
        if (opened.type === "fault") {
          faults.push(opened.message);
          return null;
        }
        losses.push(lossesIn(opened.value));
        return opened.value;
      }, options);
      return { part, faults, losses };
    },
  }),
};
