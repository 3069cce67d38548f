/**
 * Objects that flags name, such as `--at call:3`.
 *
 * @module
 */

import { quote } from "../../errors.ts";
import {
  HANDLE_WORDS,
  type ObjectKind,
  type ObjectRef,
} from "../../query/names/object_kind.ts";
import type { Session } from "../../query/session/session.ts";
import { namedObject } from "./named_object.ts";
import type { Reply } from "./question.ts";

/**
 * The object of a kind that a flag names; `undefined` where the flag is not given, `null` where
 * nothing has that name.
 *
 * @throws {UsageError} If it may mean several.
 */
export function objectOf(
  session: Session,
  word: string | undefined,
  kind: ObjectKind,
): ObjectRef | undefined | null {
  if (word === undefined) return undefined;
  return namedObject(session, word, [kind]) ?? null;
}

/** The answer when nothing has the name that was given. */
export function unknownName(
  word: string | undefined,
  kind: ObjectKind,
): Reply {
  const what = kind === "inference_call" ? "inference call" : kind;
  return {
    found: false,
    data: null,
    lines: () => [
      `no ${what} is called ${quote(word ?? "")}`,
      `try ${HANDLE_WORDS[kind]}:1; show and timeline tell what there is`,
    ],
  };
}
