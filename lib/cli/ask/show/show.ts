/**
 * `show BUNDLE`: the session on one screen.
 *
 * @module
 */

import { summarize } from "../../../query/show/show_session.ts";
import {
  COMMON_EXITS_HELP,
  COMMON_FLAGS_HELP,
  questionCommand,
} from "../question.ts";
import { showLines } from "./show_text.ts";

const USAGE = `Usage: rollout-trace show BUNDLE [OPTION]...

Shows the session on one screen: which it is and how complete, what went wrong
first, threads and turns with their calls and tokens, tools, compactions, and
what to ask next. Cached tokens are part of the input, reasoning tokens of the
output; what a provider did not tell is unknown.

${COMMON_FLAGS_HELP}

${COMMON_EXITS_HELP}

Example:
  rollout-trace show ~/traces/trace-2f0c`;

/** The command. */
export const showCommand = questionCommand({
  name: "show",
  usage: USAGE,
  flags: { switches: [], values: [], short: {} },
  words: [],
  answer: ({ session, config }) => {
    const data = summarize(session, { prices: config.prices });
    return {
      found: true,
      data,
      lines: (paper) => showLines(data, session.place, paper),
    };
  },
});
