/**
 * More recorded cases than ship with the sources, where somebody has them.
 *
 * @module
 */

import { join } from "@std/path";
import { PROJECT } from "./paths.ts";

/** The folder that `ROLLOUT_TRACE_CORPUS` names; else one that does not exist. */
export const CORPUS = Deno.env.get("ROLLOUT_TRACE_CORPUS") ??
  join(PROJECT, "no-corpus");
