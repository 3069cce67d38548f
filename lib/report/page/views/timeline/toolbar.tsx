/**
 * The bar above the timeline: zoom, idle times, and the legend.
 *
 * @module
 */

import { usePlaces } from "../../state/place_keeper.ts";
import { counted, durationOf } from "../../ui/figures.ts";
import type { TimelineController } from "./timeline_controller.ts";
import { shortened } from "./layout/time_scale.ts";
import type { SpanKind } from "./layout/scene.ts";

/** Kinds of spans, and their names. */
const LEGEND: readonly (readonly [kind: SpanKind, word: string])[] = [
  ["turn", "turn"],
  ["call", "LLM request"],
  ["tool", "tool call"],
  ["cell", "code cell"],
  ["operation", "terminal operation"],
  ["compaction", "compaction"],
];

/** Properties of the bar. */
export interface ToolbarProps {
  readonly controller: TimelineController | null;
  /** Called after a change that the rest of the view shows, too. */
  readonly onChange: () => void;
}

/** The bar. */
export function Toolbar({ controller, onChange }: ToolbarProps) {
  return (
    <div class="tl-bar">
      <ZoomButtons controller={controller} />
      <PathButton controller={controller} />
      <FoldButtons controller={controller} />
      <IdleSwitch controller={controller} onChange={onChange} />
      <MatchCount controller={controller} />
      <Legend controller={controller} />
    </div>
  );
}

function ZoomButtons({ controller }: Pick<ToolbarProps, "controller">) {
  const { state } = controller ?? {};
  const target = state?.focused ?? state?.selected ?? null;
  const buttons = [
    ["−", "Zoom out (-)", () => controller?.zoom(1 / 1.6), true],
    ["+", "Zoom in (+)", () => controller?.zoom(1.6), true],
    [
      "Fit",
      "Fit the complete session (0)",
      () => controller?.zoomToFit(),
      true,
    ],
    [
      "Selected",
      "Zoom to what is selected (z)",
      () => target && controller?.zoomTo(target),
      target !== null,
    ],
  ] as const;
  return (
    <div class="tl-group" role="group" aria-label="Zoom">
      {buttons.map(([word, title, onClick, usable]) => (
        <button
          key={word}
          type="button"
          title={title}
          aria-label={title}
          disabled={!usable}
          onClick={onClick}
        >
          {word}
        </button>
      ))}
    </div>
  );
}

/** Shows what decided how long a turn took. */
function PathButton({ controller }: Pick<ToolbarProps, "controller">) {
  const { path } = controller?.state ?? { path: null };
  if (controller?.state.packed.scene.hasUnknownTimes) return null;
  return (
    <div class="tl-group">
      <button
        type="button"
        aria-pressed={path !== null}
        title="What decided how long the selected turn took (p)"
        onClick={() => controller?.showPath(path === null)}
      >
        Critical path
      </button>
    </div>
  );
}

/** Folds or unfolds all lanes; nothing for a single one. */
function FoldButtons({ controller }: Pick<ToolbarProps, "controller">) {
  if (controller === null || controller.state.lanes.length < 2) return null;
  const { folded, lanes } = controller.state;
  return (
    <div class="tl-group" role="group" aria-label="Lanes">
      <button
        type="button"
        disabled={lanes.every((lane) => folded.has(lane))}
        onClick={() => controller.fold(lanes)}
      >
        Fold all
      </button>
      <button
        type="button"
        disabled={folded.size === 0}
        onClick={() => controller.fold([])}
      >
        Unfold all
      </button>
    </div>
  );
}

/** Shows how many idle times are shortened; the reader can switch this off. */
function IdleSwitch({ controller, onChange }: ToolbarProps) {
  const keeper = usePlaces();
  if (controller === null) return null;
  const { scale, shorten, packed } = controller.state;
  const gaps = shorten ? scale.gaps : shortened(packed.scene);
  if (gaps.length === 0) return null;
  const left = packed.scene.hasJump
    ? null
    : gaps.reduce((sum, gap) => sum + gap.end - gap.start, 0);
  return (
    <label class="tl-idle">
      <input
        type="checkbox"
        checked={shorten}
        onChange={(event) => {
          const { checked } = event.currentTarget;
          controller.setShorten(checked);
          keeper.keepTimeline({ isIdleFull: !checked });
          onChange();
        }}
      />
      shorten{" "}
      {counted(gaps.length, packed.scene.hasUnknownTimes ? "gap" : "idle time")}
      {" "}
      ({durationOf(left)})
    </label>
  );
}

/** How many spans match the filters. */
function MatchCount({ controller }: Pick<ToolbarProps, "controller">) {
  if (controller === null || !controller.state.filtering) return null;
  const { matching, packed } = controller.state;
  return (
    <span class="tl-count" role="status">
      {counted(matching, "span")} of {packed.scene.spans.length} match
    </span>
  );
}

/** The legend of colours and shapes, for the kinds that the session has. */
function Legend({ controller }: Pick<ToolbarProps, "controller">) {
  const spans = controller?.state.packed.scene.spans ?? [];
  const kinds = new Set(spans.map(({ kind }) => kind));
  const failed = spans.some(({ failed, isGrave }) => failed && !isGrave);
  const grave = spans.some(({ isGrave }) => isGrave);
  return (
    <ul class="tl-legend" aria-label="Legend">
      {LEGEND.filter(([kind]) => kinds.has(kind)).map(([kind, word]) => (
        <li key={kind}>
          <i class={`tl-swatch tl-${kind}`} />
          {word}
        </li>
      ))}
      {failed
        ? (
          <li title="Recovered by a later request, or an exit code that the model continued with">
            <i class="tl-swatch tl-turn">✕</i>failed, the session continued
          </li>
        )
        : null}
      {grave
        ? (
          <li title="The first error, and errors that nothing recovered">
            <i class="tl-swatch tl-failed">✕</i>failed
          </li>
        )
        : null}
    </ul>
  );
}
