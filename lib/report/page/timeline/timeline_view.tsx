/**
 * The timeline: lanes of threads over time, arrows between them, and the means to move about.
 *
 * @module
 */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Pointer } from "../../report_data.ts";
import type { ViewProps } from "../view.ts";
import { collect, type Collected } from "./collect.ts";
import { TimelineController } from "./controller.ts";
import { describe, longLabel, sentence } from "./describe.ts";
import { onKey } from "./keyboard.ts";
import { LaneNames } from "./lane_names.tsx";
import { matcherOf } from "./matching.ts";
import { TimelineState } from "./state.ts";
import type { Target } from "./target.ts";
import { Tip, type TipPlace } from "./tip.tsx";
import { Toolbar } from "./toolbar.tsx";

/** Lanes of threads over time. */
export function TimelineView(props: ViewProps) {
  const { model, filters, selection, onSelect } = props;
  const collected = useMemo(() => collect(model), [model]);
  const [tip, setTip] = useState<TipPlace | null>(null);
  const [spoken, setSpoken] = useState("");
  const [, redraw] = useState(0);
  const again = () => redraw((n) => n + 1);
  const latest = useRef(props);
  latest.current = props;
  const timeline = useRef<TimelineController | null>(null);
  const elements = useElements();

  useEffect(() => {
    const found = elements.all();
    if (found === null) return;
    const { scene } = collected;
    const controller = new TimelineController(
      new TimelineState(collected, matcherOf(model, collected)),
      found,
      {
        hover: (target, x, y) => setTip(target && { target, x, y }),
        select: (target) => choose(latest.current.onSelect, collected, target),
        focus: (target) => {
          const said = target && describe(model, scene, target);
          setSpoken(said ? sentence(said) : "");
        },
        layout: again,
        longLabel: (span) => longLabel(model, scene, span),
      },
    );
    timeline.current = controller;
    controller.filter(latest.current.filters);
    controller.select(targetOf(collected, latest.current.selection));
    again();
    return () => {
      controller.stop();
      timeline.current = null;
    };
  }, [collected]);

  useEffect(() => timeline.current?.filter(filters), [filters, props.ready]);
  useEffect(
    () => timeline.current?.select(targetOf(collected, selection)),
    [collected, selection],
  );

  const controller = timeline.current;
  const empty = collected.scene.spans.length === 0;
  return (
    <section class="timeline" aria-label="Timeline">
      <Toolbar controller={controller} onChange={again} />
      {empty
        ? <p class="tl-empty">No turn, request or tool call was recorded.</p>
        : null}
      <div
        class={empty ? "tl-map tl-none" : "tl-map"}
        ref={elements.minimap}
        aria-hidden="true"
      >
        <canvas ref={elements.minimapCanvas} />
        <div class="tl-brush" ref={elements.brush} />
      </div>
      <div class="tl-scroll" ref={elements.scroll}>
        <div
          class="tl-body"
          style={{ height: `${controller?.state.geometry.height ?? 0}px` }}
        >
          <LaneNames
            controller={controller}
            selection={selection}
            onSelect={onSelect}
          />
          <div
            class="tl-stage"
            ref={elements.stage}
            tabIndex={0}
            role="application"
            aria-label="Spans of the session. Arrow keys walk, Enter opens, plus and minus zoom."
            onKeyDown={(event) =>
              controller && onKey(event, controller, (target) =>
                choose(onSelect, collected, target))}
          >
            <canvas ref={elements.canvas} class="tl-canvas" />
          </div>
        </div>
      </div>
      <p class="tl-spoken" aria-live="polite">{spoken}</p>
      {tip === null
        ? null
        : <Tip model={model} scene={collected.scene} place={tip} />}
    </section>
  );
}

function useElements() {
  const scroll = useRef<HTMLDivElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const minimap = useRef<HTMLDivElement>(null);
  const minimapCanvas = useRef<HTMLCanvasElement>(null);
  const brush = useRef<HTMLDivElement>(null);
  const all = () =>
    scroll.current && stage.current && canvas.current && minimap.current &&
      minimapCanvas.current && brush.current
      ? {
        scroll: scroll.current,
        stage: stage.current,
        canvas: canvas.current,
        minimap: minimap.current,
        minimapCanvas: minimapCanvas.current,
        brush: brush.current,
      }
      : null;
  return { scroll, stage, canvas, minimap, minimapCanvas, brush, all };
}

function choose(
  onSelect: (pointer: Pointer) => void,
  { scene }: Collected,
  { type, index }: Target,
): void {
  const chosen = type === "span" ? scene.spans[index] : scene.edges[index];
  if (chosen !== undefined) onSelect(chosen.pointer);
}

/** The target that stands for an object; null when the timeline does not show it. */
function targetOf(
  { scene, spanOf }: Collected,
  pointer: Pointer | null,
): Target | null {
  if (pointer === null) return null;
  const span = spanOf(pointer);
  if (span !== undefined) return { type: "span", index: span };
  if (pointer[0] !== "edge") return null;
  const edge = scene.edges.findIndex((each) => each.pointer[1] === pointer[1]);
  return edge === -1 ? null : { type: "edge", index: edge };
}
