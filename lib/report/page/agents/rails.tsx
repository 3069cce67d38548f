/**
 * Rails: a line for every thread, and an arrow from the one that sent to the one that received,
 * so that a column of messages reads as a picture of who spoke to whom.
 *
 * @module
 */

import type { TreePlace } from "../timeline/thread_tree.ts";

/** What a row of rails shows. */
export interface RailsProps {
  readonly tree: readonly TreePlace[];
  readonly from: string | null;
  readonly to: string | null;
  readonly arrived: boolean;
}

/** With more threads there would be no room beside the text. */
const MOST = 8;
const STEP = 18;
const MIDDLE = 18;

/** The rails; nothing for a crowd of threads. The names beside them tell the same. */
export function Rails({ tree, from, to, arrived }: RailsProps) {
  if (tree.length < 2 || tree.length > MOST) return null;
  const at = (thread: string | null) =>
    tree.findIndex(({ row }) => row.id === thread);
  const [start, end] = [at(from), at(to)];
  const x = (rail: number) => rail * STEP + STEP / 2;
  const back = end > start ? -6 : 6;
  return (
    <svg class="agents-rails" width={tree.length * STEP} aria-hidden="true">
      {tree.map((_, rail) => (
        <line
          key={rail}
          class="rail"
          x1={x(rail)}
          x2={x(rail)}
          y1="0"
          y2="100%"
        />
      ))}
      {start === -1 || end === -1 || start === end
        ? null
        : (
          <g class={arrived ? "arrow" : "arrow lost"}>
            <circle cx={x(start)} cy={MIDDLE} r="3.5" />
            <line x1={x(start)} x2={x(end)} y1={MIDDLE} y2={MIDDLE} />
            <path d={`M${x(end)} ${MIDDLE}l${back} -4v8z`} />
          </g>
        )}
    </svg>
  );
}
