/**
 * The flags of `search` that are about all sessions below a directory.
 *
 * @module
 */

import { FILTER_FLAGS, MAX_COUNT_FLAG } from "../args/filter_flags.ts";
import type { Flag } from "../args/flag.ts";
import { JOB_FLAGS } from "./common_flags.ts";

const MANY = "Sessions below a directory";

/** Flags of a search in many sessions. */
export const MANY_FLAGS: readonly Flag[] = [
  {
    name: "sessions",
    alias: "l",
    description: "print only the paths of sessions with hits",
  },
  {
    name: "count",
    alias: "c",
    description: "print how many hits each session has",
  },
  {
    name: "jsonl",
    description: "print a JSON object a line for each hit",
    details:
      "with its session and its object; all hits, unless --hits is given",
  },
  { ...MAX_COUNT_FLAG, description: "at most N sessions with hits" },
  ...FILTER_FLAGS,
  ...JOB_FLAGS,
].map((flag) => ({ ...flag, group: MANY }));
