/**
 * The brush on the minimap: it marks the range in view, and can be moved and resized. A press
 * beside it moves the view there.
 *
 * @module
 */

import { toPixel, toPosition, type Viewport } from "./layout/viewport.ts";

/** The view that a brush shows and changes. */
export interface BrushTarget {
  /** The view of the timeline. */
  view(): Viewport;
  /** The full range, over the width of the minimap. */
  full(): Viewport;
  /** Shows a range of the time axis. */
  setRange(from: number, to: number): void;
}

type Grip = "left" | "right" | "middle";

/** Maximum distance from an end at which a press grips it, in pixels. */
const END = 8;
/** Minimum width of the brush, in pixels. */
const MIN_WIDTH = 3;

/** Handles the pointer events of the minimap until it is stopped. */
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

  /** Moves the brush to the range in view. */
  place(): void {
    const [left, right] = this.#ends();
    const { width } = this.#target.full();
    const style = this.#brush.style;
    style.left = `${Math.max(0, left)}px`;
    style.width = `${
      Math.max(MIN_WIDTH, Math.min(right, width) - Math.max(0, left))
    }px`;
  }

  #ends(): [number, number] {
    const full = this.#target.full();
    const view = this.#target.view();
    return [toPixel(full, view.from), toPixel(full, view.to)];
  }

  #x(event: PointerEvent): number {
    return event.clientX - this.#box.getBoundingClientRect().left;
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    const x = this.#x(event);
    const [left, right] = this.#ends();
    const grip = Math.abs(x - left) < END
      ? "left"
      : Math.abs(x - right) < END
      ? "right"
      : "middle";
    this.#held = { grip, x };
    this.#box.setPointerCapture(event.pointerId);
    if (grip === "middle" && (x < left || x > right)) {
      this.#setRange(x - (right - left) / 2, x + (right - left) / 2);
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
        return this.#setRange(Math.min(left + by, right - MIN_WIDTH), right);
      case "right":
        return this.#setRange(left, Math.max(right + by, left + MIN_WIDTH));
      case "middle":
        return this.#setRange(left + by, right + by);
    }
  }

  #setRange(left: number, right: number): void {
    const full = this.#target.full();
    this.#target.setRange(toPosition(full, left), toPosition(full, right));
  }
}
