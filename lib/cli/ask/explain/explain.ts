/**
 * `rollout-trace explain`: one object, and the chain around it in both directions.
 *
 * @module
 */

import { quote } from "../../../errors.ts";
import { explainObject } from "../../../query/explain/explain.ts";
import { UsageError } from "../../usage_error.ts";
import { explainLines } from "./explain_text.ts";
import { namedObject } from "../named_object.ts";
import {
  type Asked,
  COMMON_EXITS_HELP,
  COMMON_FLAGS_HELP,
  questionCommand,
  type Reply,
} from "../question.ts";

const USAGE = `Usage: rollout-trace explain BUNDLE OBJECT [OPTIONS]

Tells everything about one object, where it comes from and what it led to. Each
step names its evidence: the events by number and line, the payloads by name.
Where a tool put something out, it stands beside what the model got of it.

OBJECT is a handle as the other questions print them (call:3, tool:5, item:9,
cell:1, op:1, terminal:1, edge:1, thread:1, payload:7), an id or the beginning
of one, the model's own id of a call, the path of an agent, or the number of an
event.

Options:
      --depth N           steps of a chain; by default 7 back and 3 ahead
${COMMON_FLAGS_HELP}

Examples:
  rollout-trace explain BUNDLE tool:1     who asked for it, what came of it
  rollout-trace explain BUNDLE terminal:1 which operations used a process
  rollout-trace explain BUNDLE /root/kid  who spawned, messaged, closed an agent
  rollout-trace explain BUNDLE 15         what event 15 is about

${COMMON_EXITS_HELP}`;

const MOST_DEPTH = 100;

/** The command. */
export const explainCommand = questionCommand({
  name: "explain",
  usage: USAGE,
  flags: { switches: [], values: ["depth"], short: {} },
  words: [{ name: "OBJECT" }],
  answer,
});

function answer({ session, words, flags }: Asked): Reply {
  const depth = depthOf(flags.value("depth"));
  const [word = ""] = words;
  const object = namedObject(session, word);
  const found = object === undefined ? null : explainObject(
    session,
    object,
    depth === undefined ? {} : { depth },
  );
  if (found === null) return nothing(word);
  return {
    found: true,
    data: found,
    lines: (paper) => explainLines(found, paper),
  };
}

function nothing(word: string): Reply {
  return {
    found: false,
    data: null,
    lines: () => [
      `nothing is called ${quote(word)}`,
      "hint: show and timeline print the names of objects, such as call:1 or tool:1",
    ],
  };
}

function depthOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const depth = /^\d{1,3}$/.test(given) ? Number(given) : 0;
  if (depth >= 1 && depth <= MOST_DEPTH) return depth;
  throw new UsageError(`--depth must be a number from 1 to ${MOST_DEPTH}`);
}
