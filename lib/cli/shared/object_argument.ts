/**
 * The object that a word on the command line means, or in words why there is none.
 *
 * @module
 */

import { quote } from "../../errors.ts";
import { findObject } from "../../query/session/resolve_object.ts";
import {
  OBJECT_KINDS,
  type ObjectKind,
  type ObjectRef,
} from "../../query/session/names/object_kind.ts";
import type { TraceSession } from "../../query/session/session.ts";
import { UsageError } from "../args/usage_error.ts";

/**
 * The object meant by `word`; `undefined` when nothing has that name.
 *
 * @throws {UsageError} If it may mean several.
 */
export function namedObject(
  session: TraceSession,
  word: string,
  kinds: readonly ObjectKind[] = OBJECT_KINDS,
): ObjectRef | undefined {
  const found = findObject(session, word, kinds);
  switch (found.type) {
    case "found":
      return found.ref;
    case "unknown":
      return undefined;
    case "ambiguous":
      throw new UsageError(
        `${quote(word)} may mean ${
          found.candidates.map(({ handle, id }) =>
            handle === id ? id : `${handle} (${id})`
          ).join(", ")
        }`,
        "give more of the id, or one of these names",
      );
  }
}

/**
 * The note that a number alone is that of an event, so that it is not read as the number of an
 * object of a kind; none where the word is no number of an event.
 */
export function numberNotes(
  session: TraceSession,
  word: string,
  prefix: string,
): string[] {
  if (!/^\d{1,20}$/.test(word)) return [];
  const type = session.log?.at(BigInt(word))?.event.payload.type;
  if (type === undefined) return [];
  return [`note: ${word} is event ${word} (${type}), not ${prefix}:${word}`];
}

/**
 * The object of a kind that a flag names; `undefined` where the flag is not given, `null` where
 * nothing has that name.
 *
 * @throws {UsageError} If it may mean several.
 */
export function objectOf(
  session: TraceSession,
  word: string | undefined,
  kind: ObjectKind,
): ObjectRef | undefined | null {
  if (word === undefined) return undefined;
  if (kind === "thread" && /^\d+$/.test(word)) {
    throw new UsageError(
      `invalid value ${quote(word)} for --${kind}`,
      `a number alone means an event: write ${kind}:${word}, or seq:${word} for the ${kind} of event ${word}`,
    );
  }
  return namedObject(session, word, [kind]) ?? null;
}
