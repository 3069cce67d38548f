/**
 * The flags that choose sessions below a directory: `--since 2d --failed --cwd DIR`.
 *
 * @module
 */

import type { ListFilter } from "../../query/list/list_filter.ts";
import type { Flag } from "./flag.ts";
import { momentIn } from "./moment.ts";
import type { ParsedFlags } from "./parse_args.ts";

/** The flags of the period in which sessions began. */
export const PERIOD_FLAGS: readonly Flag[] = [
  {
    name: "since",
    value: { type: "text", name: "WHEN" },
    description: "those that began then or later",
    details: "2026-11-29, yesterday, a time with zone, or 30m, 12h, 2d, 1w ago",
  },
  {
    name: "until",
    value: { type: "text", name: "WHEN" },
    description: "those that began before",
  },
];

/** The flags, in the order of the help. */
export const FILTER_FLAGS: readonly Flag[] = [
  ...PERIOD_FLAGS,
  { name: "failed", description: "those that failed" },
  {
    name: "model",
    value: { type: "text", name: "TEXT" },
    description: "those that asked a model whose name has TEXT",
  },
  {
    name: "cwd",
    value: { type: "path", name: "DIR" },
    description: "those that worked in DIR, or inside it",
  },
  {
    name: "grep",
    value: { type: "text", name: "TEXT" },
    description: "those whose prompt or result has TEXT, in any case",
  },
];

/** How many are wanted, at most. */
export const MAX_COUNT_FLAG: Flag = {
  name: "max-count",
  alias: "n",
  value: { type: "integer", name: "N", min: 1, max: 1_000_000 },
  description: "at most N bundles",
};

/**
 * The period in which wanted sessions began; null where any is.
 *
 * @throws {UsageError} If a moment is none.
 */
export function periodOf(
  flags: ParsedFlags,
): Pick<ListFilter, "since" | "until"> | null {
  const now = Date.now();
  const moment = (name: "since" | "until") => {
    const text = flags.value(name);
    return text === undefined ? {} : { [name]: momentIn(text, name, now) };
  };
  return flags.on("since") || flags.on("until")
    ? { ...moment("since"), ...moment("until") }
    : null;
}

/**
 * Which sessions the command line wants.
 *
 * @throws {UsageError} If a moment is none.
 */
export function filterOf(flags: ParsedFlags): ListFilter {
  const text = (flag: string, name: "model" | "cwd" | "text") => {
    const value = flags.value(flag);
    return value === undefined ? {} : { [name]: value };
  };
  return {
    ...periodOf(flags),
    failed: flags.on("failed"),
    ...text("model", "model"),
    ...text("cwd", "cwd"),
    ...text("grep", "text"),
  };
}
