/**
 * Facts of an object: names and values, unknown ones told as such.
 *
 * @module
 */

import type { ComponentChildren } from "preact";

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
