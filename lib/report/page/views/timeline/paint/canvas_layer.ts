/**
 * A canvas in the resolution of the screen, which is drawn at most once per animation frame.
 *
 * @module
 */

import { Pen, readPalette } from "./pen.ts";

/** A canvas with its pen. */
export class CanvasLayer {
  readonly element: HTMLCanvasElement;
  /** Size in CSS pixels. */
  width = 0;
  height = 0;
  readonly #ctx: CanvasRenderingContext2D | null;
  readonly #draw: (pen: Pen) => void;
  #pen: Pen | undefined;
  #asked = 0;

  constructor(element: HTMLCanvasElement, draw: (pen: Pen) => void) {
    this.element = element;
    this.#ctx = element.getContext("2d");
    this.#draw = draw;
  }

  /** Sets the size in CSS pixels. */
  resize(width: number, height: number): void {
    this.width = Math.max(1, Math.floor(width));
    this.height = Math.max(1, Math.floor(height));
    this.#fitPixels();
    this.ask();
  }

  /** Reads the colours again. */
  restyle(): void {
    this.#pen = undefined;
    this.ask();
  }

  /** Requests a drawing with the next animation frame. */
  ask(): void {
    if (this.#asked !== 0) return;
    this.#asked = requestAnimationFrame(() => this.now());
  }

  /** Draws at once. */
  now(): void {
    cancelAnimationFrame(this.#asked);
    this.#asked = 0;
    if (this.#ctx === null || this.width <= 1) return;
    this.#fitPixels();
    this.#pen ??= new Pen(this.#ctx, readPalette(this.element));
    this.#draw(this.#pen);
  }

  /** Never draws again. */
  stop(): void {
    cancelAnimationFrame(this.#asked);
  }

  #fitPixels(): void {
    const dots = Math.max(1, devicePixelRatio);
    const [width, height] = [this.width * dots, this.height * dots]
      .map(Math.round);
    const { element } = this;
    if (element.width !== width || element.height !== height) {
      element.width = width ?? 1;
      element.height = height ?? 1;
      element.style.width = `${this.width}px`;
      element.style.height = `${this.height}px`;
    }
    this.#ctx?.setTransform(dots, 0, 0, dots, 0, 0);
  }
}
