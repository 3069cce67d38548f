/**
 * Facts as they are put together: values, objects, and what is not known.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import type { ExecutionWindow } from "../../../graph/session.ts";
import type { ObjectKind } from "../../session/names/object_kind.ts";
import type { Fact } from "../answer.ts";
import type { Scene } from "../scene.ts";

/** A fact with a value; null where it is not known. */
export function value(
  name: string,
  value: string | Integer | boolean | null | undefined,
): Fact {
  return { name, value: value ?? null, object: null };
}

/** A fact that is an object; null where it is not known. */
export function object(
  scene: Scene,
  name: string,
  kind: ObjectKind,
  id: string | null | undefined,
): Fact {
  return {
    name,
    value: null,
    object: id === null || id === undefined ? null : scene.ref(kind, id),
  };
}

/** A fact that only some objects have: left out where it does not apply. */
export function ifAny(
  name: string,
  given: string | Integer | null | undefined,
): Fact[] {
  return given === null || given === undefined || given === ""
    ? []
    : [value(name, given)];
}

/** How long something ran, and when it ended; both unknown where no end was recorded. */
export function duration(window: ExecutionWindow): Fact[] {
  const { started_at_unix_ms: from, ended_at_unix_ms: to } = window;
  return [
    value("ended_at_unix_ms", to),
    value("duration_ms", to === null ? null : lasted(from, to)),
  ];
}

function lasted(from: Integer, to: Integer): Integer {
  return typeof from === "number" && typeof to === "number"
    ? to - from
    : BigInt(to) - BigInt(from);
}
