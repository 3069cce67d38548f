/**
 * A list of facts, names with values, and the values that facts have: texts, states, links.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import type { ObjectKind } from "../../../query/session/names/object_kind.ts";
import type { Pointer } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import { More } from "./more.tsx";
import { ObjectLink } from "./object_link.tsx";
import { Code, Text } from "./text.tsx";

/** A fact. A value that is null is unknown. */
export type Fact = readonly [name: string, value: ComponentChildren];

/** A list of facts. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value === null || value === undefined
              ? <span class="faint">unknown</span>
              : value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Number of links shown before the reader expands them. */
const SEEN = 24;

/** Properties of the links. */
export interface ObjectLinksProps {
  readonly model: Model;
  readonly kind: ObjectKind;
  readonly ids: readonly string[];
  readonly onSelect: (pointer: Pointer) => void;
}

export function ObjectLinks({ model, kind, ids, onSelect }: ObjectLinksProps) {
  if (ids.length === 0) return <span class="faint">none</span>;
  return (
    <span class="links">
      <More
        items={ids}
        max={SEEN}
        render={(id, i) => (
          <ObjectLink
            key={`${i} ${id}`}
            model={model}
            pointer={[kind, id]}
            onSelect={onSelect}
            short={kind === "item" || kind === "payload"}
          />
        )}
      />
    </span>
  );
}

/** What the values of facts need. */
export interface FactMaker {
  readonly model: Model;
  readonly onSelect: (pointer: Pointer) => void;
}

/** A name that may be missing. */
export function named(value: string | null, none?: string): Fact[1] {
  return value === null ? none ?? null : text(value);
}

/** A fact that not everything has: none where it is null. */
export function known(name: string, value: Fact[1]): Fact[] {
  return value === null ? [] : [[name, value]];
}

/** A text of the bundle. */
export function text(value: string): Fact[1] {
  return <Text value={value} />;
}

/** An id, in a monospaced font. */
export function code(value: string): Fact[1] {
  return <Code value={value} />;
}

/** A link to an object that may be missing. */
export function one(
  { model, onSelect }: FactMaker,
  kind: ObjectKind,
  id: string | null,
  none?: string,
): Fact[1] {
  if (id === null) return none ?? null;
  return <ObjectLink model={model} pointer={[kind, id]} onSelect={onSelect} />;
}

/** Links to objects. That a session log has none is no evidence that there was none. */
export function many(
  { model, onSelect }: FactMaker,
  kind: ObjectKind,
  ids: readonly string[],
): Fact[1] {
  if (ids.length === 0 && model.isSessionLog) return null;
  return (
    <ObjectLinks
      model={model}
      kind={kind}
      ids={ids}
      onSelect={onSelect}
    />
  );
}
