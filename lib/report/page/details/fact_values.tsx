/**
 * Values of facts: texts, states, ways to other objects.
 *
 * @module
 */

import type { ObjectKind } from "../../../query/names/object_kind.ts";
import type { Pointer } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import { ObjectLink } from "../ui/object_link.tsx";
import { Status } from "../ui/status.tsx";
import { Code, Text } from "../ui/text.tsx";
import type { Fact } from "./facts.tsx";
import { ObjectLinks } from "./object_links.tsx";

/** What the facts are made with. */
export interface FactMaker {
  readonly model: Model;
  readonly onSelect: (pointer: Pointer) => void;
}

/** A name that may be missing. */
export function named(value: string | null, none?: string): Fact[1] {
  return value === null ? none ?? null : text(value);
}

/** A state. */
export function stateOf(status: string): Fact[1] {
  return <Status status={status} />;
}

/** A text of the bundle. */
export function text(value: string): Fact[1] {
  return <Text value={value} />;
}

/** An id, in type of one width. */
export function code(value: string): Fact[1] {
  return <Code value={value} />;
}

/** A way to an object that may be missing. */
export function one(
  { model, onSelect }: FactMaker,
  kind: ObjectKind,
  id: string | null,
  none?: string,
): Fact[1] {
  if (id === null) return none ?? null;
  return <ObjectLink model={model} pointer={[kind, id]} onSelect={onSelect} />;
}

/** Ways to objects. */
export function many(
  { model, onSelect }: FactMaker,
  kind: ObjectKind,
  ids: readonly string[],
): Fact[1] {
  return (
    <ObjectLinks
      model={model}
      kind={kind}
      ids={ids}
      onSelect={onSelect}
    />
  );
}
