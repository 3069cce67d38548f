/**
 * The brush on the minimap: what is in view, to be moved and pulled at either end; a press beside
 * it looks there.
 *
 * @module
 */

import { toPixel, toPlace, type Viewport } from "./layout/viewport.ts";

/** What a brush shows and changes. */
export interface BrushTarget {
  /** The view of the timeline. */
  view(): Viewport;
  /** All of it, over the width of the minimap. */
  whole(): Viewport;
  /** Looks at a range of the paper. */
  look(from: number, to: number): void;
}

type Grip = "left" | "right" | "middle";

/** An end can be pulled from this far, in pixels. */
const END = 8;
/** An end is never pulled closer to the other than this, in pixels. */
const LEAST = 3;

/** Listens to an element until it is stopped, and keeps the brush in place. */
export class Brush {
  readonly #box: HTMLElement;
  readonly #brush: HTMLElement;
  readonly #target: BrushTarget;
  readonly #stop = new AbortController();
  #held: { grip: Grip; x: number } | null = null;

  constructor(box: HTMLElement, brush: HTMLElement, target: BrushTarget) {
    this.#box = box;
    this.#brush = brush;
    this.#target = target;
    const { signal } = this.#stop;
    box.addEventListener("pointerdown", (e) => this.#down(e), { signal });
    box.addEventListener("pointermove", (e) => this.#move(e), { signal });
    for (const over of ["pointerup", "pointercancel"] as const) {
      box.addEventListener(over, () => this.#held = null, { signal });
    }
  }

  /** Stops listening. */
  stop(): void {
    this.#stop.abort();
  }

  /** Puts the brush where the view is. */
  place(): void {
    const [left, right] = this.#ends();
    const { width } = this.#target.whole();
    const style = this.#brush.style;
    style.left = `${Math.max(0, left)}px`;
    style.width = `${Math.max(LEAST, Math.min(right, width) - Math.max(0, left))}px`;
  }

  #ends(): [number, number] {
    const whole = this.#target.whole();
    const view = this.#target.view();
    return [toPixel(whole, view.from), toPixel(whole, view.to)];
  }

  #x(event: PointerEvent): number {
    return event.clientX - this.#box.getBoundingClientRect().left;
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    const x = this.#x(event);
    const [left, right] = this.#ends();
    const grip = Math.abs(x - left) < END ? "left" : Math.abs(x - right) < END ? "right" : "middle";
    this.#held = { grip, x };
    this.#box.setPointerCapture(event.pointerId);
    if (grip === "middle" && (x < left || x > right)) {
      this.#look(x - (right - left) / 2, x + (right - left) / 2);
    }
  }

  #move(event: PointerEvent): void {
    if (this.#held === null) return;
    const x = this.#x(event);
    const by = x - this.#held.x;
    const [left, right] = this.#ends();
    this.#held.x = x;
    switch (this.#held.grip) {
      case "left":
        return this.#look(Math.min(left + by, right - LEAST), right);
      case "right":
        return this.#look(left, Math.max(right + by, left + LEAST));
      case "middle":
        return this.#look(left + by, right + by);
    }
  }

  #look(left: number, right: number): void {
    const whole = this.#target.whole();
    this.#target.look(toPlace(whole, left), toPlace(whole, right));
  }
}
