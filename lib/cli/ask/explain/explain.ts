/**
 * `rollout-trace explain`: one object, and the chain around it in both directions.
 *
 * @module
 */

import { explain } from "../../../query/explain/explain.ts";
import {
  eventNumber,
  objectsOf,
} from "../../../query/session/resolve_object.ts";
import type { ObjectRef } from "../../../query/session/names/object_kind.ts";
import type { Session } from "../../../query/session/session.ts";
import { MOST_DEPTH } from "../../../query/explain/walk.ts";
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
import { unknownName } from "../unknown_name.ts";

const USAGE = `Usage: rollout-trace explain BUNDLE OBJECT [OPTIONS]

Tells everything about one object, where it comes from and what it led to. Each
step names its evidence: the events by number, the payloads by name. What
happened before an object is never told as what it led to.
Where a tool put something out, it stands beside what the model got of it.

OBJECT is a handle as the other questions print them (call:3, tool:5, item:9,
cell:1, operation:1, terminal:1, edge:1, thread:1, payload:7), an id or its
beginning of four letters or more, the model's own id of a call, the path of an agent, or
the number of an event (9 or seq:9): what it is about, or where it happened.

Options:
      --depth N           steps of a chain; by default 3 back and 2 ahead
${COMMON_FLAGS_HELP}

Examples:
  rollout-trace explain BUNDLE tool:1     who asked for it, what came of it
  rollout-trace explain BUNDLE terminal:1 which operations used a process
  rollout-trace explain BUNDLE /root/kid  who spawned, messaged, closed an agent
  rollout-trace explain BUNDLE 15         what event 15 is about

${COMMON_EXITS_HELP}`;

/** The command. */
export const explainCommand = questionCommand({
  name: "explain",
  usage: USAGE,
  flags: { switches: [], values: ["depth"], short: {} },
  words: [{ name: "OBJECT" }],
  answer,
});

async function answer(
  { session, words, flags }: Asked,
): Promise<Reply> {
  const depth = depthOf(flags.value("depth"));
  const [word = ""] = words;
  const object = namedObject(session, word);
  const found = object === undefined ? null : explain(
    session,
    object,
    depth === undefined ? {} : { depth },
  );
  if (found === null) return await unknownName(session, word);
  return {
    found: true,
    data: found,
    lines: (paper) => explainLines(found, session.place, paper),
    remarks: standIn(session, word, found.object),
  };
}

/** Says so, where an event is about no object and what stands next to it is explained. */
function standIn(
  session: Session,
  word: string,
  { kind, id, handle }: ObjectRef,
): string[] {
  const seq = eventNumber(word);
  const event = seq === undefined ? undefined : session.log?.at(seq);
  if (seq === undefined || event === undefined) return [];
  const about = objectsOf(session, event);
  if (about.some((each) => each.kind === kind && each.id === id)) return [];
  const { type } = event.event.payload;
  return [`event ${seq} (${type}) names no object: this is ${handle}`];
}

function depthOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const depth = /^\d{1,3}$/.test(given) ? Number(given) : 0;
  if (depth >= 1 && depth <= MOST_DEPTH) return depth;
  throw new UsageError(`--depth must be a number from 1 to ${MOST_DEPTH}`);
}
