/**
 * A timeline at work: its state, its canvases, and what mouse, fingers and keys do to them.
 *
 * @module
 */

import type { Filters } from "../../view.ts";
import { Brush } from "./brush.ts";
import { Sheet } from "./paint/canvas_layer.ts";
import { Gestures } from "./gestures.ts";
import { barTop } from "./layout/geometry.ts";
import { fitAll, look, type Viewport } from "./layout/viewport.ts";
import { drawFrame } from "./paint/draw_frame.ts";
import { drawMinimap } from "./paint/minimap.ts";
import { AXIS, type TimelineState } from "./timeline_state.ts";
import { same, type Target } from "./layout/scene.ts";

/** The elements a timeline lives in. */
export interface Elements {
  /** Scrolls up and down. */
  readonly scroll: HTMLElement;
  /** Holds the canvas beside or under the names. */
  readonly stage: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly minimap: HTMLElement;
  readonly minimapCanvas: HTMLCanvasElement;
  readonly brush: HTMLElement;
}

/** What a timeline tells. */
export interface Told {
  /** Something is under the pointer, or nothing any more; pixels of the window. */
  hover(target: Target | null, x: number, y: number): void;
  /** Something was chosen. */
  select(target: Target): void;
  /** The keyboard is at something. */
  focus(target: Target | null): void;
  /** Lanes or heights are others now. */
  layout(): void;
  /** A long label for a span. */
  longLabel(span: number): string;
}

/** Names stand beside their rows from this width on, in pixels. */
const WIDE = 720;
const NAME_HEIGHT = 24;
/** How long the view takes to get somewhere, in milliseconds. */
const TRAVEL = 160;

/** Runs a timeline in its elements until it is stopped. */
export class TimelineController {
  readonly state: TimelineState;
  readonly #elements: Elements;
  readonly #told: Told;
  readonly #sheet: Sheet;
  readonly #minimap: Sheet;
  readonly #gestures: Gestures;
  readonly #brush: Brush;
  readonly #resizes: ResizeObserver;
  readonly #stop = new AbortController();
  #travel = 0;
  #printing = false;

  constructor(state: TimelineState, elements: Elements, told: Told) {
    this.state = state;
    this.#elements = elements;
    this.#told = told;
    this.#sheet = new Sheet(
      elements.canvas,
      (pen) => drawFrame(pen, this.#frame()),
    );
    this.#minimap = new Sheet(elements.minimapCanvas, (pen) => {
      const view = this.#whole();
      const { lens, lanes } = this.state;
      drawMinimap(pen, { ...lens, view }, lanes, this.#minimap.height);
    });
    this.#gestures = new Gestures(elements.canvas, this.#reactions());
    this.#brush = new Brush(elements.minimap, elements.brush, {
      view: () => this.state.view,
      whole: () => this.#whole(),
      look: (from, to) => {
        const { width } = this.state.view;
        this.#show(look(from, to, this.state.scale.length, width));
      },
    });
    this.#resizes = new ResizeObserver(() => this.#fit());
    this.#resizes.observe(elements.scroll);
    this.#listen();
    this.#fit();
    this.#sheet.now();
    this.#minimap.now();
  }

  /** Lets go of everything. */
  stop(): void {
    this.#stop.abort();
    this.#resizes.disconnect();
    this.#gestures.stop();
    this.#brush.stop();
    this.#sheet.stop();
    this.#minimap.stop();
    cancelAnimationFrame(this.#travel);
  }

  filter(filters: Filters): void {
    this.state.filter(filters);
    this.#fit();
    this.#minimap.ask();
  }

  setShorten(shorten: boolean): void {
    this.state.setShorten(shorten);
    this.#show(this.state.view);
    this.#minimap.ask();
  }

  /** Marks what the details show, and has it in view. */
  select(target: Target | null): void {
    if (same(target, this.state.selected)) return;
    this.state.selected = target;
    if (target !== null) this.reveal(target);
    this.#sheet.ask();
  }

  /** Puts the keyboard at something, and has it in view. */
  focus(target: Target | null): void {
    this.state.focused = target;
    if (target !== null) this.reveal(target);
    this.#told.focus(target);
    this.#sheet.ask();
  }

  zoom(factor: number): void {
    this.#go(this.state.zoomed(factor));
  }

  pan(part: number): void {
    this.#go(this.state.panned(part * this.state.view.width));
  }

  whole(): void {
    this.#go(this.state.whole());
  }

  closeTo(target: Target): void {
    this.#go(this.state.closeTo(target));
    this.#scrollTo(target);
  }

  /** Moves no farther than it takes to have something in view. */
  reveal(target: Target): void {
    this.#go(this.state.revealing(target));
    this.#scrollTo(target);
  }

  #whole(): Viewport {
    return fitAll(this.state.scale.length, Math.max(1, this.#minimap.width));
  }

  #frame() {
    const { state } = this;
    const { lens, geometry, paths, selected, focused, hovered } = state;
    const shown = document.activeElement === this.#elements.stage;
    return {
      ...{ lens, geometry, paths, selected, hovered },
      focused: shown ? focused : null,
      axis: AXIS,
      scrollTop: this.#printing ? 0 : this.#elements.scroll.scrollTop,
      height: this.#sheet.height,
      dimmed: (span: number) => state.dimmed(span),
      edgeDimmed: () => state.filtering,
      longLabel: (span: number) => this.#told.longLabel(span),
    };
  }

  #reactions() {
    const { scroll } = this.#elements;
    const inside = (y: number) => y < AXIS ? -1 : y + scroll.scrollTop;
    return {
      zoom: (factor: number, x: number) => this.#show(this.state.zoomed(factor, x)),
      pan: (dx: number, dy: number) => {
        scroll.scrollTop += dy;
        this.#hover(null, 0, 0);
        if (dx !== 0) this.#show(this.state.panned(dx));
      },
      hover: (x: number, y: number) => this.#hover(this.state.at(x, inside(y), 4), x, y),
      leave: () => this.#hover(null, 0, 0),
      click: (x: number, y: number, touch: boolean) => {
        const target = this.state.at(x, inside(y), touch ? 12 : 4);
        if (target === null) return;
        this.state.focused = target;
        this.#told.select(target);
      },
      open: (x: number, y: number) => {
        const target = this.state.at(x, inside(y), 4);
        if (target !== null) this.closeTo(target);
      },
    };
  }

  #hover(target: Target | null, x: number, y: number): void {
    const box = this.#elements.canvas.getBoundingClientRect();
    this.#told.hover(target, box.left + x, box.top + y);
    if (same(target, this.state.hovered)) return;
    this.state.hovered = target;
    this.#elements.canvas.style.cursor = target === null ? "grab" : "pointer";
    this.#sheet.ask();
  }

  #listen(): void {
    const { signal } = this.#stop;
    const { scroll, stage } = this.#elements;
    scroll.addEventListener("scroll", () => this.#sheet.ask(), { signal });
    for (const change of ["focus", "blur"]) {
      stage.addEventListener(change, () => this.#sheet.ask(), { signal });
    }
    const restyle = () => {
      this.#sheet.restyle();
      this.#minimap.restyle();
    };
    document.addEventListener("themechange", restyle, { signal });
    matchMedia("print").addEventListener("change", ({ matches }) => {
      this.#printing = matches;
      restyle();
      this.#fit();
      this.#sheet.now();
      this.#minimap.now();
    }, { signal });
  }

  /** Takes the size there is; all of the height when it is for paper. */
  #fit(): void {
    const { scroll, stage, minimap } = this.#elements;
    const width = stage.clientWidth;
    const room = Math.max(scroll.clientHeight, 60);
    this.state.resize(width, room, scroll.clientWidth < WIDE ? NAME_HEIGHT : 0);
    const { height } = this.state.geometry;
    this.#sheet.resize(width, this.#printing ? Math.min(height, 8000) : room);
    this.#minimap.resize(minimap.clientWidth, minimap.clientHeight);
    this.#brush.place();
    this.#told.layout();
  }

  #show(view: Viewport): void {
    cancelAnimationFrame(this.#travel);
    this.#set(view);
  }

  #set(view: Viewport): void {
    this.state.view = view;
    this.#brush.place();
    this.#sheet.ask();
  }

  /** Goes to a view in a moment, or at once for who does not like motion. */
  #go(goal: Viewport): void {
    cancelAnimationFrame(this.#travel);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      return this.#set(goal);
    }
    const from = this.state.view;
    if (from.from === goal.from && from.to === goal.to) return;
    const began = performance.now();
    const step = (now: number) => {
      const part = Math.min(1, Math.max(0, (now - began) / TRAVEL));
      const eased = 1 - (1 - part) ** 3;
      const mix = (a: number, b: number) => part === 1 ? b : a + (b - a) * eased;
      this.#set({
        from: mix(from.from, goal.from),
        to: mix(from.to, goal.to),
        width: this.state.view.width,
      });
      if (part < 1) this.#travel = requestAnimationFrame(step);
    };
    this.#travel = requestAnimationFrame(step);
  }

  #scrollTo(target: Target): void {
    const { scroll } = this.#elements;
    const { geometry, packed } = this.state;
    const place = geometry.byLane[this.state.laneOf(target)];
    const top = target.type === "span"
      ? barTop(packed, geometry, target.index)
      : place?.top ?? null;
    if (top === null) return;
    const low = top + geometry.rowHeight + 24 - scroll.clientHeight;
    const high = top - AXIS - 24;
    if (scroll.scrollTop > high) scroll.scrollTop = high;
    else if (scroll.scrollTop < low) scroll.scrollTop = low;
  }
}
