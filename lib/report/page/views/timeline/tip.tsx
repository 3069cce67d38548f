/**
 * The tooltip: describes the target under the pointer.
 *
 * @module
 */

import { useLayoutEffect, useRef } from "preact/hooks";
import type { Model } from "../../model/model.ts";
import { Icon } from "../../ui/icon.tsx";
import { describe } from "./describe.ts";
import type { Scene, Target } from "./layout/scene.ts";

/** The target under the pointer, and the position of the pointer in the window. */
export interface TipPosition {
  readonly target: Target;
  readonly x: number;
  readonly y: number;
}

/** What a tip is made of. */
export interface TipProps {
  readonly model: Model;
  readonly scene: Scene;
  readonly position: TipPosition;
}

/** Distance from the pointer, in pixels. */
const DISTANCE = 14;

/** The tooltip; it stays inside the window. */
export function Tip({ model, scene, position }: TipProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const { width, height } = element.getBoundingClientRect();
    const right = position.x + DISTANCE + width < innerWidth - 8;
    const low = position.y + DISTANCE + height < innerHeight - 8;
    const x = right
      ? position.x + DISTANCE
      : Math.max(8, position.x - DISTANCE - width);
    const y = low
      ? position.y + DISTANCE
      : Math.max(8, position.y - DISTANCE - height);
    element.style.transform = `translate(${Math.round(x)}px, ${
      Math.round(y)
    }px)`;
  });
  const description = describe(model, scene, position.target);
  if (description === undefined) return null;
  const bad = /failed|not delivered/.test(description.status);
  return (
    <div class="tl-tip" ref={box} aria-hidden="true">
      <div class="tl-tip-title">
        <bdi>{description.title}</bdi>
        <span class={bad ? "tl-tip-bad" : ""}>
          {bad ? <Icon name="bad" /> : null}
          {description.status}
        </span>
      </div>
      <bdi class="tl-tip-label">{description.label}</bdi>
      <dl>
        {description.facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
