/**
 * The controller of a timeline: its state, its canvases, and the actions of mouse, touch and keys.
 *
 * @module
 */

import type { TimeRange } from "../../state/places.ts";
import type { Filters } from "../../view.ts";
import { Brush } from "./brush.ts";
import { CanvasLayer } from "./paint/canvas_layer.ts";
import { Gestures } from "./gestures.ts";
import { barTop } from "./layout/geometry.ts";
import { fitAll, rangeView, type Viewport } from "./layout/viewport.ts";
import { drawFrame } from "./paint/draw_frame.ts";
import { drawMinimap } from "./paint/minimap.ts";
import { AXIS, type TimelineState } from "./timeline_state.ts";
import { same, type Target } from "./layout/scene.ts";

/** The elements of a timeline. */
export interface Elements {
  /** Scrolls up and down. */
  readonly scroll: HTMLElement;
  /** What scrolls: as high as all lanes. */
  readonly body: HTMLElement;
  /** Holds the canvas beside or under the names. */
  readonly stage: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly minimap: HTMLElement;
  readonly minimapCanvas: HTMLCanvasElement;
  readonly brush: HTMLElement;
}

export interface TimelineEvents {
  /** The target under the pointer changed, null for none; pixels of the window. */
  hover(target: Target | null, x: number, y: number): void;
  /** A target was selected. */
  select(target: Target): void;
  /** The focus of the keyboard changed. */
  focus(target: Target | null): void;
  /** Lanes or heights changed. */
  layout(): void;
  /** The range or the path changed. */
  summed(): void;
  /** Lanes were folded or unfolded. */
  folded(): void;
  /** The range in view or the scroll position changed. */
  moved(): void;
  longLabel(span: number): string;
}

/** Minimum width at which names are beside their rows, in pixels. */
const MIN_WIDE = 720;
const NAME_HEIGHT = 24;
/** Maximum height of a canvas in print, in pixels: browsers do not draw higher ones. */
const MAX_PRINTED_HEIGHT = 16_000;
/** Duration of the animation of the view, in milliseconds. */
const TRAVEL = 160;

/** Controls a timeline in its elements until it is stopped. */
export class TimelineController {
  readonly state: TimelineState;
  readonly #elements: Elements;
  readonly #events: TimelineEvents;
  readonly #layer: CanvasLayer;
  readonly #minimap: CanvasLayer;
  readonly #gestures: Gestures;
  readonly #brush: Brush;
  readonly #resizes: ResizeObserver;
  readonly #stop = new AbortController();
  #travel = 0;
  #printing = false;

  constructor(
    state: TimelineState,
    elements: Elements,
    events: TimelineEvents,
  ) {
    this.state = state;
    this.#elements = elements;
    this.#events = events;
    this.#layer = new CanvasLayer(
      elements.canvas,
      (pen) => drawFrame(pen, this.#frame()),
    );
    this.#minimap = new CanvasLayer(elements.minimapCanvas, (pen) => {
      const view = this.#fullView();
      const { projection, lanes } = this.state;
      drawMinimap(pen, { ...projection, view }, lanes, this.#minimap.height);
    });
    this.#gestures = new Gestures(elements.canvas, this.#reactions());
    this.#brush = new Brush(elements.minimap, elements.brush, {
      view: () => this.state.view,
      full: () => this.#fullView(),
      setRange: (from, to) => {
        const { width } = this.state.view;
        this.#show(rangeView(from, to, this.state.scale.length, width));
      },
    });
    this.#resizes = new ResizeObserver(() => this.#fit());
    this.#resizes.observe(elements.scroll);
    this.#listen();
    this.#fit();
    this.#layer.now();
    this.#minimap.now();
  }

  /** Removes all listeners and stops drawing. */
  stop(): void {
    this.#stop.abort();
    this.#resizes.disconnect();
    this.#gestures.stop();
    this.#brush.stop();
    this.#layer.stop();
    this.#minimap.stop();
    cancelAnimationFrame(this.#travel);
  }

  filter(filters: Filters): void {
    this.state.filter(filters);
    this.#fit();
    this.#minimap.ask();
  }

  /** Sums up a range of time. */
  setRange(range: TimeRange | null): void {
    this.state.range = range;
    this.#events.summed();
    this.#layer.ask();
  }

  zoomToRange(): void {
    if (this.state.range !== null) {
      this.#go(this.state.viewOf(this.state.range));
    }
  }

  /** Shows the critical path of the turn that is focused or selected. */
  showPath(isShown: boolean): void {
    this.state.showPath(isShown);
    this.#events.summed();
    this.#layer.ask();
  }

  /** Folds lanes, and unfolds all others. */
  fold(lanes: Iterable<number>): void {
    this.state.fold(lanes);
    this.#fit();
    this.#events.folded();
  }

  /** Folds or unfolds a lane. */
  toggle(lane: number): void {
    const folded = new Set(this.state.folded);
    if (!folded.delete(lane)) folded.add(lane);
    this.fold(folded);
  }

  /** Shows a range of time, scrolled to a position; no range shows the target, or everything. */
  open(zoom: TimeRange | null, target: Target | null, scrollTop: number): void {
    this.state.selected = target;
    if (zoom !== null) this.state.view = this.state.viewOf(zoom);
    else if (target !== null) this.state.view = this.state.around(target);
    if (target !== null && zoom === null) this.#scrollTo(target);
    if (scrollTop > 0) this.#elements.scroll.scrollTop = scrollTop;
    this.#brush.place();
    this.#layer.ask();
  }

  setShorten(shorten: boolean): void {
    this.state.setShorten(shorten);
    this.#show(this.state.view);
    this.#minimap.ask();
  }

  /** Marks the selected target, and brings it into view. */
  select(target: Target | null): void {
    if (same(target, this.state.selected)) return;
    this.state.selected = target;
    if (target !== null) this.reveal(target);
    if (this.state.path !== null) this.showPath(true);
    this.#layer.ask();
  }

  /** Moves the focus of the keyboard to a target, and brings it into view. */
  focus(target: Target | null): void {
    this.state.focused = target;
    if (target !== null) this.reveal(target);
    this.#events.focus(target);
    this.#layer.ask();
  }

  zoom(factor: number): void {
    this.#go(this.state.zoomed(factor));
  }

  pan(part: number): void {
    this.#go(this.state.panned(part * this.state.view.width));
  }

  zoomToFit(): void {
    this.#go(this.state.fitted());
  }

  zoomTo(target: Target): void {
    this.#go(this.state.zoomTo(target));
    this.#scrollTo(target);
  }

  /** Moves the view by the minimum that brings a target into view. */
  reveal(target: Target): void {
    this.#go(this.state.revealing(target));
    this.#scrollTo(target);
  }

  #fullView(): Viewport {
    return fitAll(this.state.scale.length, Math.max(1, this.#minimap.width));
  }

  #frame() {
    const { state } = this;
    const { projection, geometry, paths, selected, focused, hovered } = state;
    const shown = document.activeElement === this.#elements.stage;
    return {
      ...{ projection, geometry, paths, selected, hovered },
      focused: shown ? focused : null,
      axis: AXIS,
      scrollTop: this.#printing ? 0 : this.#elements.scroll.scrollTop,
      height: this.#layer.height,
      dimmed: (span: number) => state.dimmed(span),
      edgeDimmed: () => state.filtering,
      longLabel: (span: number) => this.#events.longLabel(span),
      range: state.range === null ? null : state.pixelsOf(state.range),
      path: state.path?.parts ?? [],
    };
  }

  #reactions() {
    const { scroll } = this.#elements;
    const inside = (y: number) => y < AXIS ? -1 : y + scroll.scrollTop;
    return {
      zoom: (factor: number, x: number) =>
        this.#show(this.state.zoomed(factor, x)),
      pan: (dx: number, dy: number) => {
        scroll.scrollTop += dy;
        this.#hover(null, 0, 0);
        if (dx !== 0) this.#show(this.state.panned(dx));
      },
      hover: (x: number, y: number) =>
        this.#hover(this.state.at(x, inside(y), 4), x, y),
      selects: (y: number) => y < AXIS,
      range: (x0: number, x1: number) => {
        const ends = [x0, x1].map((x) => this.state.timeAt(x))
          .sort((a, b) => a - b);
        const [from = 0, to = 0] = ends;
        this.setRange(to > from ? [from, to] : null);
      },
      leave: () => this.#hover(null, 0, 0),
      click: (x: number, y: number, touch: boolean) => {
        const target = this.state.at(x, inside(y), touch ? 12 : 4);
        if (target === null) return;
        this.state.focused = target;
        this.#events.select(target);
      },
      open: (x: number, y: number) => {
        const target = this.state.at(x, inside(y), 4);
        if (target !== null) this.zoomTo(target);
      },
    };
  }

  #hover(target: Target | null, x: number, y: number): void {
    const box = this.#elements.canvas.getBoundingClientRect();
    this.#events.hover(target, box.left + x, box.top + y);
    if (same(target, this.state.hovered)) return;
    this.state.hovered = target;
    this.#elements.canvas.style.cursor = target === null ? "grab" : "pointer";
    this.#layer.ask();
  }

  #listen(): void {
    const { signal } = this.#stop;
    const { scroll, stage } = this.#elements;
    scroll.addEventListener("scroll", () => {
      this.#layer.ask();
      this.#events.moved();
    }, { signal });
    for (const change of ["focus", "blur"]) {
      stage.addEventListener(change, () => this.#layer.ask(), { signal });
    }
    const restyle = () => {
      this.#layer.restyle();
      this.#minimap.restyle();
    };
    document.addEventListener("themechange", restyle, { signal });
    matchMedia("print").addEventListener("change", ({ matches }) => {
      this.#printing = matches;
      restyle();
      this.#fit();
      this.#layer.now();
      this.#minimap.now();
    }, { signal });
  }

  /** Takes the available size; the full height for printing. */
  #fit(): void {
    const { scroll, stage, minimap } = this.#elements;
    const width = stage.clientWidth;
    const room = Math.max(scroll.clientHeight, 60);
    this.state.resize(
      width,
      room,
      scroll.clientWidth < MIN_WIDE ? NAME_HEIGHT : 0,
    );
    const { height } = this.state.geometry;
    this.#elements.body.style.height = `${height}px`;
    this.#layer.resize(
      width,
      this.#printing ? Math.min(height, MAX_PRINTED_HEIGHT) : room,
    );
    this.#minimap.resize(minimap.clientWidth, minimap.clientHeight);
    this.#brush.place();
    this.#events.layout();
  }

  #show(view: Viewport): void {
    cancelAnimationFrame(this.#travel);
    this.#set(view);
  }

  #set(view: Viewport): void {
    this.state.view = view;
    this.#brush.place();
    this.#layer.ask();
    this.#events.moved();
  }

  /** Animates to a view; jumps there if the system asks for reduced motion. */
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
      const mix = (a: number, b: number) =>
        part === 1 ? b : a + (b - a) * eased;
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
    const low = top + (place?.rowHeight ?? 0) + 24 - scroll.clientHeight;
    const high = top - AXIS - 24;
    if (scroll.scrollTop > high) scroll.scrollTop = high;
    else if (scroll.scrollTop < low) scroll.scrollTop = low;
  }
}
