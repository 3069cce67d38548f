/**
 * Keys of the timeline.
 *
 * @module
 */

import type { TimelineController } from "./timeline_controller.ts";
import type { TimeRange } from "../../state/places.ts";
import type { TimelineState } from "./timeline_state.ts";
import type { Step } from "./layout/walk.ts";
import type { Target } from "./layout/scene.ts";

const STEPS: Readonly<Record<string, Step>> = {
  ArrowRight: "next",
  ArrowLeft: "previous",
  ArrowDown: "in",
  ArrowUp: "out",
  PageDown: "lane_down",
  PageUp: "lane_up",
  Home: "first",
  End: "last",
};

const ZOOM = 1.6;
/** Part of the view by which one press moves it. */
const PAN = 0.25;

/** Handles a key; ignores keys that are not of the timeline. */
export function onKey(
  event: KeyboardEvent,
  controller: TimelineController,
  open: (target: Target) => void,
): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (!press(event, controller, open)) return;
  event.preventDefault();
  event.stopPropagation();
}

/** Moves the focus to a target, if there is one. */
function go(controller: TimelineController, target: Target | null): void {
  if (target !== null) controller.focus(target);
}

/** Whether the key was one of the timeline's. */
function press(
  { key, shiftKey }: KeyboardEvent,
  controller: TimelineController,
  open: (target: Target) => void,
): boolean {
  const { state } = controller;
  if (shiftKey && (key === "ArrowLeft" || key === "ArrowRight")) {
    controller.pan(key === "ArrowLeft" ? -PAN : PAN);
    return true;
  }
  const step = Object.hasOwn(STEPS, key) ? STEPS[key] : undefined;
  if (step !== undefined) {
    go(controller, state.step(step));
    return true;
  }
  const target = state.focused ?? state.selected;
  const act = actionOf(key, controller, target && (() => open(target)));
  act?.();
  return act !== undefined;
}

/** The action of a key that is not a step. */
function actionOf(
  key: string,
  controller: TimelineController,
  open: (() => void) | null,
): (() => void) | undefined {
  const { state } = controller;
  const target = state.focused ?? state.selected;
  switch (key) {
    case "e":
      return () => go(controller, state.stepEdge(1));
    case "E":
      return () => go(controller, state.stepEdge(-1));
    case "Enter":
    case " ":
      return () => open?.();
    case "+":
    case "=":
      return () => controller.zoom(ZOOM);
    case "-":
    case "_":
      return () => controller.zoom(1 / ZOOM);
    case "0":
      return () => controller.zoomToFit();
    case "w":
      return () => controller.zoom(ZOOM);
    case "s":
      return () => controller.zoom(1 / ZOOM);
    case "a":
      return () => controller.pan(-PAN);
    case "d":
      return () => controller.pan(PAN);
    case "r":
      return () => target && controller.setRange(state.rangeOf(target));
    case "R":
      return () => target && controller.setRange(joined(state, target));
    case "p":
      return () => controller.showPath(state.path === null);
    case "Escape":
      return state.range === null ? undefined : () => controller.setRange(null);
    case "c":
      return () =>
        controller.toggle(target === null ? 0 : state.laneOf(target));
    case "C":
      return () => controller.fold(state.folded.size > 0 ? [] : state.lanes);
    case "z":
      return () => target && controller.zoomTo(target);
    default:
      return undefined;
  }
}

/** The range, extended by that of a target. */
function joined(state: TimelineState, target: Target): TimeRange {
  const [from, to] = state.rangeOf(target);
  const { range } = state;
  return range === null
    ? [from, to]
    : [Math.min(range[0], from), Math.max(range[1], to)];
}

/** Keys and what they do, for the help. */
export const TIMELINE_KEYS: readonly (readonly [keys: string, what: string])[] =
  [
    ["← →", "previous or next span; with a filter, the next one that matches"],
    ["↓ ↑", "into the span, and out of it"],
    ["Page Up, Page Down", "the thread above or below"],
    ["Home, End", "the first or last span"],
    ["e, Shift+e", "the next or previous edge between threads"],
    ["Enter", "open the details"],
    ["+ −, w s", "zoom in or out"],
    ["Shift+← →, a d", "move in time"],
    ["r, Shift+r", "sum up the time of the span, or extend the range to it"],
    ["Shift+drag", "sum up a range; also a drag along the time axis"],
    ["p", "the critical path of the turn"],
    ["c, Shift+c", "fold or unfold the lane, or all lanes"],
    ["0", "the complete session"],
    ["z", "zoom to the span"],
  ];
