/**
 * Recorded session logs, each beside the bundle of its session.
 *
 * @module
 */

import { join } from "@std/path";
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
