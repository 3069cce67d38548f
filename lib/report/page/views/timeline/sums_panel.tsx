/**
 * What the timeline adds up: the selected range, and the critical path of a turn.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import type { CallRow, ExactInteger } from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";
import {
  amountText,
  counted,
  countOf,
  durationOf,
  offsetOf,
  shareOf,
  UNKNOWN,
} from "../../ui/figures.ts";
import { ObjectLink } from "../../ui/object_link.tsx";
import { Text } from "../../ui/text.tsx";
import type { ViewProps } from "../../view.ts";
import { mayMissIssues } from "../overview/shown.ts";
import type { PathPart } from "./layout/critical_path.ts";
import { sumsByKind } from "./layout/range_sums.ts";
import type { SpanKind } from "./layout/scene.ts";
import type { TimelineController } from "./timeline_controller.ts";

/** Properties of the panel. */
export interface SumsPanelProps extends Pick<ViewProps, "model" | "onSelect"> {
  readonly controller: TimelineController | null;
}

const WORDS: Readonly<Record<SpanKind, string>> = {
  turn: "turn",
  call: "LLM request",
  tool: "tool call",
  cell: "code cell",
  operation: "terminal operation",
  compaction: "compaction",
  summary: "compaction request",
};

/** The panel below the lanes; nothing without a range and a path. */
export function SumsPanel(props: SumsPanelProps) {
  const { controller } = props;
  if (controller === null) return null;
  const { range, path } = controller.state;
  if (range === null && path === null) return null;
  return (
    <section class="tl-sums" aria-label="Sums">
      {range === null ? null : <RangeSums {...props} controller={controller} />}
      {path === null ? null : <PathSums {...props} controller={controller} />}
    </section>
  );
}

type Known = SumsPanelProps & { readonly controller: TimelineController };

function RangeSums({ model, controller }: Known) {
  const { state } = controller;
  const { scene } = state.packed;
  const [from, to] = state.range ?? [0, 0];
  const times = [scene.start + from, scene.start + to] as const;
  const isKnown = !scene.hasJump;
  return (
    <Line
      title="Range"
      onClear={() => controller.setRange(null)}
      action={["zoom to it", () => controller.zoomToRange()]}
    >
      <span>
        {isKnown
          ? `${offsetOf(from)} to ${offsetOf(to)} (${durationOf(to - from)})`
          : "times unknown: the clock jumped"}
      </span>
      {sumsByKind(scene, state.lanes, times).map(({ kind, count, ms }) => (
        <span key={kind}>
          <i class={`tl-swatch tl-${kind}`} /> {counted(count, WORDS[kind])},
          {" "}
          {durationOf(ms)}
          {ms === null ? "" : ` (${shareOf(ms, to - from)})`}
        </span>
      ))}
      <span>{tokensText(model, state.threads, times)}</span>
      <CostText model={model} threads={state.threads} times={times} />
      <span>{errorsText(model, state.threads, times)}</span>
    </Line>
  );
}

/** The requests that ended in a range. */
function endedIn(
  { rows }: Model,
  threads: ReadonlySet<string>,
  [from, to]: readonly [number, number],
): CallRow[] {
  return rows.calls.filter(({ thread_id: thread, ended }) =>
    threads.has(thread) && ended !== null && ended >= from && ended <= to
  );
}

/** What the requests that ended in a range cost; nothing without prices. */
function CostText(
  { model, threads, times }: {
    model: Model;
    threads: ReadonlySet<string>;
    times: readonly [number, number];
  },
) {
  const { cost } = model.data.show;
  if (cost === null) return null;
  const ended = endedIn(model, threads, times);
  const costs = ended.flatMap(({ cost }) => cost === null ? [] : [cost]);
  const amount = costs.reduce((sum, each) => sum + each, 0);
  if (costs.length === 0) return <span>cost {UNKNOWN}</span>;
  return (
    <span>
      {costs.length < ended.length ? "at least " : ""}
      <Text value={`${amountText(amount)} ${cost.currency}`} max={40} />
    </span>
  );
}

/** Tokens of the requests that ended in a range: providers report them at the end. */
function tokensText(
  model: Model,
  threads: ReadonlySet<string>,
  times: readonly [number, number],
): string {
  if (model.isSessionLog) return `LLM requests and their tokens: ${UNKNOWN}`;
  const ended = endedIn(model, threads, times);
  const usages = ended.flatMap(({ usage }) => usage ?? []);
  const requests = `${counted(ended.length, "request")} that ended`;
  if (usages.length === 0) return `tokens of ${requests}: ${UNKNOWN}`;
  const sum = (values: readonly ExactInteger[]) =>
    countOf(String(values.reduce<bigint>((all, n) => all + BigInt(n), 0n)));
  const part = usages.length === ended.length
    ? ""
    : `, reported by ${usages.length}`;
  return `${sum(usages.map((each) => each.input_tokens))} tokens in (${
    sum(usages.map((each) => each.cached_input_tokens))
  } cached), ${
    sum(usages.map((each) => each.output_tokens))
  } out, of ${requests}${part}`;
}

function errorsText(
  model: Model,
  threads: ReadonlySet<string>,
  [from, to]: readonly [number, number],
): string {
  const errors = model.rows.failures.filter((
    { severity, at, thread_id: thread },
  ) =>
    severity === "error" && at >= from && at <= to &&
    (thread === null || threads.has(thread))
  );
  if (errors.length > 0) return counted(errors.length, "error");
  return mayMissIssues(model) ? "no errors known" : "no errors";
}

/** Where the time of a turn went that decided how long it took. */
function PathSums({ model, controller, onSelect }: Known) {
  const { state } = controller;
  const { scene } = state.packed;
  const { turn, parts } = state.path ?? { turn: -1, parts: [] };
  const pointer = scene.spans[turn]?.pointer;
  if (pointer === undefined) return null;
  return (
    <Line title="Critical path" onClear={() => controller.showPath(false)}>
      <span>
        of{" "}
        <ObjectLink model={model} pointer={pointer} onSelect={onSelect} short />
      </span>
      {scene.spans[turn]?.duration === null
        ? (
          <span>
            times {UNKNOWN}: the clock jumped, or a start or an end was lost
          </span>
        )
        : <PathTimes parts={parts} controller={controller} />}
    </Line>
  );
}

function PathTimes(
  { parts, controller }: {
    parts: readonly PathPart[];
    controller: TimelineController;
  },
) {
  const { spans, lanes } = controller.state.packed.scene;
  const sumBy = <K,>(key: (span: number) => K | undefined) => {
    const sums = new Map<K, number>();
    for (const { span, from, to } of parts) {
      const group = key(span);
      if (group !== undefined) {
        sums.set(group, (sums.get(group) ?? 0) + to - from);
      }
    }
    return [...sums].sort((a, b) => b[1] - a[1]);
  };
  const total = parts.reduce((sum, { from, to }) => sum + to - from, 0);
  const agents = sumBy((span) => spans[span]?.lane);
  return (
    <>
      {sumBy((span) => spans[span]?.kind).map(([kind, ms]) => (
        <span key={kind}>
          <i class={`tl-swatch tl-${kind}`} />{" "}
          {kind === "turn" ? "between them" : `${WORDS[kind]}s`}{" "}
          {durationOf(ms)} ({shareOf(ms, total)})
        </span>
      ))}
      {agents.length < 2
        ? null
        : agents.slice(0, 4).map(([lane, ms]) => (
          <span key={`lane ${lane}`}>
            <bdi>{lanes[lane]?.label ?? ""}</bdi> {durationOf(ms)}{" "}
            ({shareOf(ms, total)})
          </span>
        ))}
      {agents.length > 4
        ? <span>{counted(agents.length - 4, "other agent")}</span>
        : null}
    </>
  );
}

function Line(
  { title, action, onClear, children }: {
    title: string;
    action?: readonly [name: string, act: () => void];
    onClear: () => void;
    children: ComponentChildren;
  },
) {
  return (
    <div class="tl-sum" role="group" aria-label={title}>
      <strong>{title}</strong>
      {children}
      {action === undefined
        ? null
        : (
          <button type="button" class="link" onClick={action[1]}>
            {action[0]}
          </button>
        )}
      <button type="button" class="link" onClick={onClear}>clear</button>
    </div>
  );
}
