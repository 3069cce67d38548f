/**
 * Keys of the timeline, as `timeline_keys.ts` tells them.
 *
 * @module
 */

import type { TimelineController } from "./timeline_controller.ts";
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
/** Part of the view that one press moves by. */
const PAN = 0.25;

/** Does what a key asks for; leaves alone what is not a key of the timeline. */
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

/** Stays where it is when there is nowhere to go. */
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

/** What a key does that takes no step. */
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
      return () => controller.whole();
    case "z":
      return () => target && controller.closeTo(target);
    default:
      return undefined;
  }
}

/** Keys and what they do, for the help. */
export const TIMELINE_KEYS: readonly (readonly [keys: string, what: string])[] = [
  ["← →", "previous or next span; with a filter, the next one that matches"],
  ["↓ ↑", "into the span, and out of it"],
  ["Page Up, Page Down", "the thread above or below"],
  ["Home, End", "the first or last span"],
  ["e, Shift+e", "the next or previous edge between threads"],
  ["Enter", "open the details"],
  ["+ −", "zoom in or out"],
  ["Shift+← →", "move in time"],
  ["0", "the complete session"],
  ["z", "zoom to the span"],
];
