/**
 * The tip at the pointer: what is under it, in words.
 *
 * @module
 */

import { useLayoutEffect, useRef } from "preact/hooks";
import type { Model } from "../../model/model.ts";
import { Icon } from "../../ui/icon.tsx";
import { describe } from "./describe.ts";
import type { Scene, Target } from "./layout/scene.ts";

/** What is under the pointer, and where that is in the window. */
export interface TipPlace {
  readonly target: Target;
  readonly x: number;
  readonly y: number;
}

/** What a tip is made of. */
export interface TipProps {
  readonly model: Model;
  readonly scene: Scene;
  readonly place: TipPlace;
}

/** Away from the pointer, and from the edges of the window, in pixels. */
const AWAY = 14;

/** The tip; it never leaves the window. */
export function Tip({ model, scene, place }: TipProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const { width, height } = element.getBoundingClientRect();
    const right = place.x + AWAY + width < innerWidth - 8;
    const low = place.y + AWAY + height < innerHeight - 8;
    const x = right ? place.x + AWAY : Math.max(8, place.x - AWAY - width);
    const y = low ? place.y + AWAY : Math.max(8, place.y - AWAY - height);
    element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  });
  const told = describe(model, scene, place.target);
  if (told === undefined) return null;
  const bad = /failed|not delivered/.test(told.status);
  return (
    <div class="tl-tip" ref={box} aria-hidden="true">
      <div class="tl-tip-title">
        <bdi>{told.title}</bdi>
        <span class={bad ? "tl-tip-bad" : ""}>
          {bad ? <Icon name="bad" /> : null}
          {told.status}
        </span>
      </div>
      <bdi class="tl-tip-label">{told.label}</bdi>
      <dl>
        {told.facts.map(([name, value]) => (
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
