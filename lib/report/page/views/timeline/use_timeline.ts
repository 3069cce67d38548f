/**
 * Connects a timeline with its elements while the view is mounted.
 *
 * @module
 */

import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Pointer } from "../../../report_data.ts";
import type { ViewProps } from "../../view.ts";
import { collect, type Collected } from "./collect_scene.ts";
import {
  type Elements,
  TimelineController,
  type TimelineEvents,
} from "./timeline_controller.ts";
import { describe, longLabel, sentence } from "./describe.ts";
import { type Matcher, TimelineState } from "./timeline_state.ts";
import type { Target } from "./layout/scene.ts";
import type { TipPosition } from "./tip.tsx";
import type { Model } from "../../model/model.ts";
import { isFailed } from "../../model/names.ts";
import { timelineObject } from "../../model/carriers.ts";
import { usePlaces } from "../../state/place_keeper.ts";

/** What the view needs of a timeline. */
export interface Timeline {
  readonly collected: Collected;
  /** Null until the elements are mounted. */
  readonly controller: TimelineController | null;
  readonly elements: ReturnType<typeof useElements>;
  readonly tip: TipPosition | null;
  /** Text for screen readers. */
  readonly spoken: string;
  /** Selects the object of a target. */
  readonly choose: (target: Target) => void;
  /** Renders the view again, after a change of the timeline. */
  readonly again: () => void;
}

/** Runs a timeline. */
export function useTimeline(props: ViewProps): Timeline {
  const { model, filters, selection, ready } = props;
  const collected = useMemo(() => collect(model), [model]);
  const [tip, setTip] = useState<TipPosition | null>(null);
  const [spoken, setSpoken] = useState("");
  const [, redraw] = useState(0);
  const again = () => redraw((n) => n + 1);
  const latest = useRef(props);
  latest.current = props;
  const timeline = useRef<TimelineController | null>(null);
  const elements = useElements();
  const keeper = usePlaces();
  const choose = (target: Target) => chooseIn(collected, latest, target);
  useLayoutEffect(() => {
    const found = elements.all();
    if (found === null) return;
    const state = new TimelineState(collected, matcherOf(model, collected));
    const { scroll, timeline: place } = keeper.places();
    state.setShorten(!place.isIdleFull);
    const target = targetOf(model, collected, latest.current.selection);
    state.range = place.range;
    state.selected = target;
    state.showPath(place.isPathShown);
    state.fold(place.folded ?? unfoldedFor(state, target));
    const events: TimelineEvents = {
      ...eventHandlers(collected, latest, { setTip, setSpoken, again }),
      summed: () => {
        const { range, path } = state;
        keeper.keepTimeline({ range, isPathShown: path !== null });
        again();
      },
      folded: () => keeper.keepTimeline({ folded: [...state.folded] }),
      moved: () => {
        keeper.keepTimeline({ zoom: state.zoom });
        keeper.keepScroll(found.scroll.scrollTop);
      },
    };
    const controller = new TimelineController(state, found, events);
    timeline.current = controller;
    controller.filter(latest.current.filters);
    controller.open(
      place.zoom,
      target,
      scroll.timeline ?? 0,
    );
    again();
    return () => {
      controller.stop();
      timeline.current = null;
    };
  }, [collected]);
  useLayoutEffect(() => timeline.current?.filter(filters), [filters, ready]);
  useLayoutEffect(
    () => timeline.current?.select(targetOf(model, collected, selection)),
    [collected, selection],
  );
  const controller = timeline.current;
  return { collected, controller, elements, tip, spoken, choose, again };
}

/** The properties of the last render, for callbacks. */
interface Latest {
  current: ViewProps;
}

interface Setters {
  readonly setTip: (tip: TipPosition | null) => void;
  readonly setSpoken: (spoken: string) => void;
  readonly again: () => void;
}

function eventHandlers(
  collected: Collected,
  latest: Latest,
  { setTip, setSpoken, again }: Setters,
): Omit<TimelineEvents, "moved" | "folded" | "summed"> {
  const { scene } = collected;
  return {
    hover: (target, x, y) => setTip(target && { target, x, y }),
    select: (target) => chooseIn(collected, latest, target),
    focus: (target) => {
      const description = target &&
        describe(latest.current.model, scene, target);
      setSpoken(description ? sentence(description) : "");
    },
    layout: again,
    longLabel: (span) => longLabel(latest.current.model, scene, span),
  };
}

function useElements() {
  const scroll = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const minimap = useRef<HTMLDivElement>(null);
  const minimapCanvas = useRef<HTMLCanvasElement>(null);
  const brush = useRef<HTMLDivElement>(null);
  const all = (): Elements | null =>
    scroll.current && body.current && stage.current && canvas.current &&
      minimap.current &&
      minimapCanvas.current && brush.current
      ? {
        scroll: scroll.current,
        body: body.current,
        stage: stage.current,
        canvas: canvas.current,
        minimap: minimap.current,
        minimapCanvas: minimapCanvas.current,
        brush: brush.current,
      }
      : null;
  return { scroll, body, stage, canvas, minimap, minimapCanvas, brush, all };
}

function chooseIn(
  { scene }: Collected,
  latest: Latest,
  { type, index }: Target,
): void {
  const chosen = type === "span" ? scene.spans[index] : scene.edges[index];
  if (chosen !== undefined) latest.current.onSelect(chosen.pointer);
}

/** The lanes folded at first, without that of a target. */
function unfoldedFor(state: TimelineState, target: Target | null): number[] {
  const lane = target === null ? -1 : state.laneOf(target);
  return [...state.folded].filter((each) => each !== lane);
}

/** The target that shows an object; null when the timeline does not show it. */
function targetOf(
  model: Model,
  { scene, spanOf }: Collected,
  selection: Pointer | null,
): Target | null {
  const pointer = selection && timelineObject(model, selection);
  if (pointer === null) return null;
  const span = spanOf(pointer);
  if (span !== undefined) return { type: "span", index: span };
  if (pointer[0] !== "edge") return null;
  const edge = scene.edges.findIndex((each) => each.pointer[1] === pointer[1]);
  return edge === -1 ? null : { type: "edge", index: edge };
}

/** A matcher for the spans of a session. A terminal operation is of the kind of its tool call. */
function matcherOf(model: Model, { scene }: Collected): Matcher {
  return (index, { failed, tool }) => {
    const span = scene.spans[index];
    if (span === undefined) return false;
    if (failed && !isFailed(model, span.pointer)) return false;
    if (tool === null) return true;
    const [kind, id] = span.pointer;
    const call = kind === "terminal_operation"
      ? model.operation(id)?.tool_id ?? ""
      : kind === "tool_call"
      ? id
      : "";
    return model.tool(call)?.kind === tool;
  };
}
