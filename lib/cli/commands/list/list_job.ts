/**
 * What `list` does with each bundle.
 *
 * @module
 */

import type { ListedBundle } from "../../../query/list/list_answer.ts";
import {
  listBundle,
  type ListOptions,
} from "../../../query/list/list_bundles.ts";
import type { JobKind } from "../../shared/jobs/job.ts";

/** Reads a bundle as far as a list needs it. */
export const LIST_JOB: JobKind<ListOptions, string, ListedBundle> = {
  start: (options) => ({ run: (bundle) => listBundle(bundle, options) }),
};
