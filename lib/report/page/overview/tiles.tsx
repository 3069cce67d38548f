/**
 * The few numbers that a session is told by.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "../ui/icon.tsx";

/** A number and what it counts. */
export interface Tile {
  readonly icon: IconName;
  readonly name: string;
  readonly value: ComponentChildren;
  /** More about it, in a line. */
  readonly note: ComponentChildren;
}

/** Numbers side by side. */
export function Tiles({ tiles }: { tiles: readonly Tile[] }) {
  return (
    <dl class="tiles">
      {tiles.map(({ icon, name, value, note }) => (
        <div class="tile" key={name}>
          <dt>
            <Icon name={icon} />
            {name}
          </dt>
          <dd>
            <span class="tile-value">{value}</span>
            <span class="tile-note">{note}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
