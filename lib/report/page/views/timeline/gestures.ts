/**
 * Mouse, wheel and touch on a timeline: drag to move, drag along the axis or with Shift to select a
 * range, wheel or pinch to zoom, click to select.
 *
 * The browser handles vertical scrolling by touch and by the plain wheel, so that the reader can
 * always scroll past the timeline.
 *
 * @module
 */

/** The actions of gestures; pixels count from the top left of the drawing. */
export interface GestureTarget {
  zoom(factor: number, x: number): void;
  pan(dx: number, dy: number): void;
  /** Whether a drag that begins at a height selects a range. */
  selects(y: number): boolean;
  /** A drag selects a range; a press without movement has none. */
  range(x0: number, x1: number): void;
  hover(x: number, y: number): void;
  leave(): void;
  click(x: number, y: number, touch: boolean): void;
  open(x: number, y: number): void;
}

/** Maximum distance that a pointer moves in a click, in pixels. */
const CLICK = 4;

interface Finger {
  x: number;
  y: number;
}

/** Listens to an element until it is stopped. */
export class Gestures {
  readonly #element: HTMLElement;
  readonly #target: GestureTarget;
  readonly #fingers = new Map<number, Finger>();
  readonly #stop = new AbortController();
  #moved = 0;
  /** Where the drag began that selects a range. */
  #rangeStart: number | null = null;

  constructor(element: HTMLElement, target: GestureTarget) {
    this.#element = element;
    this.#target = target;
    const { signal } = this.#stop;
    element.addEventListener("wheel", (event) => this.#wheel(event), {
      signal,
      passive: false,
    });
    element.addEventListener("pointerdown", (e) => this.#down(e), { signal });
    element.addEventListener("pointermove", (e) => this.#move(e), { signal });
    element.addEventListener("pointerup", (e) => this.#up(e), { signal });
    element.addEventListener("pointercancel", (e) => this.#lose(e), { signal });
    element.addEventListener("pointerleave", () => target.leave(), { signal });
    element.addEventListener("dblclick", (event) => {
      target.open(...this.#point(event));
    }, { signal });
  }

  /** Stops listening. */
  stop(): void {
    this.#stop.abort();
  }

  #point(event: MouseEvent): [number, number] {
    const box = this.#element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #wheel(event: WheelEvent): void {
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const by = Math.min(Math.max(-dy, -200), 200);
      this.#target.zoom(Math.exp(by / 220), this.#point(event)[0]);
    } else if (event.shiftKey || Math.abs(dx) > Math.abs(dy)) {
      event.preventDefault();
      this.#target.pan(Math.abs(dx) > Math.abs(dy) ? dx : dy, 0);
    }
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const [x, y] = this.#point(event);
    if (this.#fingers.size === 0) {
      this.#moved = 0;
      this.#rangeStart = event.shiftKey || this.#target.selects(y) ? x : null;
    }
    this.#fingers.set(event.pointerId, { x, y });
    if (event.pointerType !== "touch") {
      this.#element.setPointerCapture(event.pointerId);
    }
  }

  #move(event: PointerEvent): void {
    const [x, y] = this.#point(event);
    const finger = this.#fingers.get(event.pointerId);
    if (finger === undefined) {
      if (event.pointerType !== "touch") this.#target.hover(x, y);
      return;
    }
    const [dx, dy] = [x - finger.x, y - finger.y];
    this.#moved += Math.abs(dx) + Math.abs(dy);
    const other = [...this.#fingers].find(([id]) => id !== event.pointerId);
    if (this.#rangeStart !== null) {
      if (this.#moved > CLICK) this.#target.range(this.#rangeStart, x);
    } else if (other !== undefined) this.#pinch(finger, other[1], x);
    else if (this.#moved > CLICK) {
      this.#target.pan(-dx, event.pointerType === "touch" ? 0 : -dy);
    }
    [finger.x, finger.y] = [x, y];
  }

  #pinch(finger: Finger, other: Finger, x: number): void {
    this.#moved = Infinity;
    const before = Math.max(20, Math.abs(finger.x - other.x));
    const after = Math.max(20, Math.abs(x - other.x));
    this.#target.zoom(after / before, (x + other.x) / 2);
  }

  #up(event: PointerEvent): void {
    const finger = this.#fingers.get(event.pointerId);
    this.#lose(event);
    const isRange = this.#rangeStart !== null && this.#moved > CLICK;
    this.#rangeStart = null;
    if (isRange) return;
    if (finger === undefined || this.#moved > CLICK) return;
    this.#target.click(finger.x, finger.y, event.pointerType === "touch");
  }

  #lose(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
  }
}
