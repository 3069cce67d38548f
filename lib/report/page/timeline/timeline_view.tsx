/**
 * The timeline: lanes of threads over time, arrows between them, and the means to move about.
 *
 * @module
 */

import type { ViewProps } from "../view.ts";
import { onKey } from "./keyboard.ts";
import { LaneNames } from "./lane_names.tsx";
import { Tip } from "./tip.tsx";
import { Toolbar } from "./toolbar.tsx";
import { type Timeline, useTimeline } from "./use_timeline.ts";

const HOW_TO =
  "Spans of the session. Arrow keys move, Enter opens, plus and minus zoom.";

/** Lanes of threads over time. */
export function TimelineView(props: ViewProps) {
  const timeline = useTimeline(props);
  const { collected, controller, elements, tip, spoken, again } = timeline;
  const { scene } = collected;
  const empty = scene.spans.length === 0;
  return (
    <section class="timeline" aria-label="Timeline">
      <Toolbar controller={controller} onChange={again} />
      {empty
        ? (
          <p class="tl-empty">
            No turn, LLM request or tool call was recorded.
          </p>
        )
        : null}
      <div
        class={empty ? "tl-map tl-none" : "tl-map"}
        ref={elements.minimap}
        aria-hidden="true"
      >
        <canvas ref={elements.minimapCanvas} />
        <div class="tl-brush" ref={elements.brush} />
      </div>
      <Lanes {...props} timeline={timeline} />
      <p class="tl-spoken" aria-live="polite">{spoken}</p>
      {tip === null
        ? null
        : <Tip model={props.model} scene={scene} place={tip} />}
    </section>
  );
}

/** Names and spans, scrolled together. */
function Lanes(
  { timeline, selection, onSelect }: ViewProps & {
    readonly timeline: Timeline;
  },
) {
  const { controller, elements, choose } = timeline;
  const height = controller?.state.geometry.height ?? 0;
  return (
    <div class="tl-scroll" ref={elements.scroll}>
      <div class="tl-body" style={{ height: `${height}px` }}>
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
          aria-label={HOW_TO}
          onKeyDown={(event) => controller && onKey(event, controller, choose)}
        >
          <canvas ref={elements.canvas} class="tl-canvas" />
        </div>
      </div>
    </div>
  );
}
