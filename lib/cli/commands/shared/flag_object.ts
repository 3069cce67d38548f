/**
 * Objects that flags name, such as `--at call:3`.
 *
 * @module
 */

import type {
  ObjectKind,
  ObjectRef,
} from "../../../query/session/names/object_kind.ts";
import type { Session } from "../../../query/session/session.ts";
import { namedObject } from "./object_argument.ts";

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
