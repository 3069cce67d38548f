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
import type { TraceSession } from "../../../query/session/session.ts";
import { explainLines } from "./explain_text.ts";
import { namedObject, numberNotes } from "../../shared/object_argument.ts";
import { reportPageOf } from "../../shared/open/report_page.ts";
import {
  type QueryArgs,
  queryCommand,
  type QueryResult,
} from "../../shared/query_command.ts";
import { unknownName } from "../../shared/unknown_object.ts";

/** Runs `explain`. */
export const runExplain = queryCommand("explain", answer);

async function answer(
  { session, operands: [word = ""], flags }: QueryArgs,
): Promise<QueryResult> {
  const depth = flags.number("depth");
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
    page: reportPageOf(session, found.object),
    lines: (render) => explainLines(found, session.place, render),
    messages: [
      ...numberNotes(session, word, prefixOf(found.object)),
      ...substituteNotice(session, word, found.object),
    ],
  };
}

/** The part of a handle before the number. */
function prefixOf({ handle }: ObjectRef): string {
  return handle.replace(/:.*/s, "");
}

/** The note that the event is about no object, and the object next to it is explained. */
function substituteNotice(
  session: TraceSession,
  word: string,
  { kind, id, handle }: ObjectRef,
): string[] {
  const seq = eventNumber(word);
  const event = seq === undefined ? undefined : session.log?.at(seq);
  if (seq === undefined || event === undefined) return [];
  const about = objectsOf(session, event);
  if (about.some((each) => each.kind === kind && each.id === id)) return [];
  const { type } = event.event.payload;
  return [`event ${seq} (${type}) is about no object: this is ${handle}`];
}
