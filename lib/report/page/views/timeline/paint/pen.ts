/**
 * A pen: the canvas, its palette (read from the style of the page, so that drawings follow the
 * theme), and what is kept between drawings, such as widths of texts and hatchings.
 *
 * @module
 */

import { prefixOf } from "../../../../../text/truncate.ts";
import { colorsOf } from "../../../state/theme.ts";
import type { SpanKind } from "../layout/scene.ts";

/** Maximum number of cached text widths. */
const MAX_WIDTHS = 20_000;

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

  /** A straight line, by default one pixel wide. */
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

  /**
   * Text, truncated to `room` pixels; nothing where not even two letters fit. Returns its width.
   */
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
    if (this.#widths.size > MAX_WIDTHS) this.#widths.clear();
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
    // A longer label cannot fit on a screen, so the rest need not be measured.
    const short = text.length > 400 ? text.slice(0, 400) : text;
    const width = this.width(short, font);
    if (width <= room) return short;
    if (room < 18) return "";
    let letters = Math.floor(short.length * room / width);
    while (letters > 1) {
      const cut = `${prefixOf(short, letters)}…`;
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

/** A strong colour for outlines and narrow bars, a soft one as a background of text. */
export interface Tone {
  readonly strong: string;
  readonly soft: string;
}

/** The colours and fonts of a drawing. */
export interface Palette {
  readonly surface: string;
  readonly sunken: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly text: string;
  readonly muted: string;
  readonly accent: string;
  readonly focus: string;
  readonly edge: string;
  readonly bad: Tone;
  readonly off: Tone;
  readonly kinds: Readonly<Record<SpanKind, Tone>>;
  /** Font of labels, and of small text. */
  readonly font: string;
  readonly small: string;
}

/** Reads the palette from the computed style of an element. */
export function readPalette(element: HTMLElement): Palette {
  const read = colorsOf(element);
  const tone = (name: string): Tone => ({
    strong: read(name),
    soft: read(`${name}-soft`),
  });
  const sans = getComputedStyle(element).getPropertyValue("--sans").trim();
  return {
    surface: read("--surface"),
    sunken: read("--sunken"),
    line: read("--line"),
    lineStrong: read("--line-strong"),
    text: read("--text"),
    muted: read("--muted"),
    accent: read("--accent"),
    focus: read("--focus"),
    edge: read("--kind-edge"),
    bad: tone("--bad"),
    off: tone("--off"),
    kinds: {
      turn: tone("--kind-turn"),
      call: tone("--kind-call"),
      tool: tone("--kind-tool"),
      cell: tone("--kind-cell"),
      operation: tone("--kind-terminal"),
      compaction: tone("--kind-compaction"),
      summary: tone("--kind-compaction"),
    },
    font: `11px ${sans}`,
    small: `10px ${sans}`,
  };
}
