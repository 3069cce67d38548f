/**
 * The catalogue: every command of the program, in the order of the help.
 *
 * @module
 */

import type { Command } from "../command.ts";
import {
  CHECK,
  completionsEntry,
  REDACT,
  REDUCE,
  REPORT,
  VIEWER,
} from "./bundle_commands.ts";
import { FOLLOW } from "./follow_command.ts";
import { EXPORT, LIST, SQL, STATS, TABLES } from "./root_commands.ts";
import {
  CONTEXT,
  DIFF,
  EXPLAIN,
  PAYLOAD,
  SHOW,
  TIMELINE,
  TRANSCRIPT,
} from "./session_commands.ts";
import { SEARCH } from "./search_command.ts";

export const COMMANDS: readonly Command[] = [
  REDUCE,
  CHECK,
  SHOW,
  TIMELINE,
  FOLLOW,
  TRANSCRIPT,
  CONTEXT,
  EXPLAIN,
  PAYLOAD,
  DIFF,
  SEARCH,
  STATS,
  SQL,
  LIST,
  REPORT,
  VIEWER,
  REDACT,
  EXPORT,
  TABLES,
  completionsEntry(() => COMMANDS),
];
