/**
 * A pen: the canvas, its palette, and what is worth keeping from frame to frame, such as widths
 * of texts and hatchings.
 *
 * @module
 */

import { beginningOf } from "../../../../text/beginning.ts";
import type { Palette } from "./palette.ts";

/** Texts measured before they are forgotten. */
const MOST_WIDTHS = 20_000;

/** Draws on one canvas with one palette. */
export class Pen {
  readonly ctx: CanvasRenderingContext2D;
  readonly palette: Palette;
  readonly #widths = new Map<string, number>();
  readonly #hatchings = new Map<string, CanvasPattern | string>();

  constructor(ctx: CanvasRenderingContext2D, palette: Palette) {
    this.ctx = ctx;
    this.palette = palette;
  }

  /** A straight line, one pixel wide unless told. */
  line(
    [x0, y0]: readonly [number, number],
    [x1, y1]: readonly [number, number],
    colour: string,
    width = 1,
  ): void {
    const { ctx } = this;
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.beginPath();
    ctx.moveTo(x0, y0);
    ctx.lineTo(x1, y1);
    ctx.stroke();
  }

  /** A filled rectangle. */
  fill(
    x: number,
    y: number,
    width: number,
    height: number,
    colour: string | CanvasPattern | CanvasGradient,
  ): void {
    this.ctx.fillStyle = colour;
    this.ctx.fillRect(x, y, width, height);
  }

  /** Text as far as it fits; nothing where not even two letters would. Returns its width. */
  text(
    text: string,
    [x, y]: readonly [number, number],
    room: number,
    colour: string,
    font = this.palette.font,
  ): number {
    const { ctx } = this;
    ctx.font = font;
    const fitting = this.#fit(text, room, font);
    if (fitting === "") return 0;
    ctx.fillStyle = colour;
    ctx.fillText(fitting, x, y);
    return this.width(fitting, font);
  }

  /** Width of a text in pixels. */
  width(text: string, font = this.palette.font): number {
    const key = `${font}\n${text}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    if (this.#widths.size > MOST_WIDTHS) this.#widths.clear();
    this.ctx.font = font;
    const { width } = this.ctx.measureText(text);
    this.#widths.set(key, width);
    return width;
  }

  /** Slanted lines, as a filling. */
  hatching(colour: string): CanvasPattern | string {
    const known = this.#hatchings.get(colour);
    if (known !== undefined) return known;
    const made = this.#hatch(colour) ?? colour;
    this.#hatchings.set(colour, made);
    return made;
  }

  #fit(text: string, room: number, font: string): string {
    // No label is longer than a screen is wide; measuring more would be for nothing.
    const short = text.length > 400 ? text.slice(0, 400) : text;
    const width = this.width(short, font);
    if (width <= room) return short;
    if (room < 18) return "";
    let letters = Math.floor(short.length * room / width);
    while (letters > 1) {
      const cut = `${beginningOf(short, letters)}…`;
      if (this.width(cut, font) <= room) return cut;
      letters--;
    }
    return "";
  }

  #hatch(colour: string): CanvasPattern | null {
    const tile = document.createElement("canvas");
    [tile.width, tile.height] = [6, 6];
    const ctx = tile.getContext("2d");
    if (ctx === null) return null;
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1.4;
    ctx.beginPath();
    for (const shift of [-6, 0, 6]) {
      ctx.moveTo(shift - 1, 7);
      ctx.lineTo(shift + 7, -1);
    }
    ctx.stroke();
    return this.ctx.createPattern(tile, "repeat");
  }
}
