/**
 * What `search ROOT` does with each session.
 *
 * @module
 */

import type { Limits } from "../../../bundle/limits.ts";
import type { ListedBundle } from "../../../query/list/list_answer.ts";
import {
  type ListFilter,
  matchesFilter,
} from "../../../query/list/list_filter.ts";
import { listBundle } from "../../../query/list/list_bundles.ts";
import { search } from "../../../query/search/search.ts";
import type { SearchAnswer } from "../../../query/search/search_answer.ts";
import { lossesIn, type SessionLosses } from "../../shared/bundle_losses.ts";
import { type Attempt, attempt } from "../../shared/jobs/attempt.ts";
import type { JobKind } from "../../shared/jobs/job.ts";
import { objectOf } from "../../shared/object_argument.ts";
import { openPlace } from "../../shared/open/open_target.ts";
import { searchPattern, type SoughtText } from "./search_pattern.ts";

/** What is searched for in each session. */
export interface SearchSettings {
  readonly sought: SoughtText;
  readonly filter: ListFilter;
  readonly limits: Partial<Limits>;
  /** The thread that is searched; undefined for all. */
  readonly thread: string | undefined;
  /** The most hits of one object. */
  readonly maxHits: number;
}

/** What was found in a session. */
export type SearchedSession =
  | { readonly type: "unwanted" }
  | { readonly type: "no thread"; readonly losses: SessionLosses }
  | {
    readonly type: "searched";
    readonly bundle: string;
    /** What a list has of it; null without a hit. */
    readonly brief: ListedBundle | null;
    readonly answer: SearchAnswer;
    readonly losses: SessionLosses;
  };

export const SEARCH_JOB: JobKind<
  SearchSettings,
  string,
  Attempt<SearchedSession>
> = {
  async start(settings) {
    const { sought: { text, options, scopes } } = settings;
    const pattern = await searchPattern(text, options);
    const { filter, limits, maxHits } = settings;
    const list = (bundle: string) =>
      listBundle(bundle, { limits, tokens: false });
    const searched = (bundle: string): SearchedSession => {
      const known = isAboutContents(filter) ? list(bundle) : null;
      // One that cannot be read is opened, for the best error message.
      if (known?.error === null && !matchesFilter(known, filter)) {
        return { type: "unwanted" };
      }
      const session = openPlace(bundle, {
        limits,
        isOneOfMany: true,
        keepsRecords: true,
      });
      const losses = lossesIn(session);
      const thread = objectOf(session, settings.thread, "thread");
      if (thread === null) return { type: "no thread", losses };
      const answer = search(session, pattern, {
        scopes,
        maxHits,
        ...(thread === undefined ? {} : { thread: thread.id }),
      });
      const hasHits = answer.objects.length > 0;
      const brief = hasHits ? known ?? list(bundle) : null;
      return { type: "searched", bundle, brief, answer, losses };
    };
    return { run: (bundle) => attempt(bundle, () => searched(bundle)) };
  },
};

/** Whether more than the start of a session must be known to filter it. */
function isAboutContents({ failed, model, cwd, text }: ListFilter): boolean {
  return failed === true ||
    [model, cwd, text].some((each) => each !== undefined);
}
