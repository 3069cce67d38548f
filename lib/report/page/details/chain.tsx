/**
 * The chains of causes and effects of an object, which the reader expands step by step.
 *
 * @module
 */

import { useState } from "preact/hooks";
import type { EventRow, Pointer, StepTuple } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import { countOf } from "../ui/figures.ts";
import { Icon } from "../ui/icon.tsx";
import { More } from "../ui/more.tsx";
import { ObjectLink } from "../ui/object_link.tsx";
import { Text } from "../ui/text.tsx";
import { OBJECT_KINDS } from "../../../query/session/names/object_kind.ts";
import { TABLES } from "../model/objects.ts";

/** The direction of a chain. */
export type Direction = "upstream" | "downstream";

/** Properties of a chain. */
export interface ChainProps {
  readonly model: Model;
  readonly pointer: Pointer;
  readonly direction: Direction;
  readonly onSelect: (pointer: Pointer) => void;
}

/** Levels that are open without a click: upstream chains rarely branch. */
const OPEN: Readonly<Record<Direction, number>> = {
  upstream: 3,
  downstream: 1,
};
/** Steps of one object that are shown before the reader expands them. */
const SEEN = 12;
/** Deeper steps are not shown: there is no room to indent them. */
const DEEPEST = 30;

/** A chain; renders nothing where there is none. */
export function Chain(props: ChainProps) {
  const { model, pointer, direction } = props;
  const title = direction === "upstream" ? "Upstream" : "Downstream";
  if (tuplesOf(model, pointer, direction).length === 0) return null;
  return (
    <section class="chain">
      <h3>{title}</h3>
      <Steps {...props} path={[pointer.join(" ")]} />
    </section>
  );
}

interface StepsProps extends ChainProps {
  /** The objects on the path to this step. */
  readonly path: readonly string[];
}

/** One level of a chain. */
function Steps(props: StepsProps) {
  return (
    <ul>
      <More
        items={stepsOn(props)}
        max={SEEN}
        wrap={(button) => <li>{button}</li>}
        render={(step, i) => <StepLine key={i} {...props} step={step} />}
      />
    </ul>
  );
}

function StepLine(props: StepsProps & { step: Step }) {
  const { model, direction, path, step, onSelect } = props;
  const next: StepsProps = {
    ...props,
    pointer: step.to,
    path: [...path, step.to.join(" ")],
  };
  const more = path.length < DEEPEST && stepsOn(next).length > 0;
  const [open, setOpen] = useState(more && path.length < OPEN[direction]);
  return (
    <li>
      <div class="step">
        <Toggle open={more ? open : null} onToggle={() => setOpen(!open)} />
        <span class="step-relation">{step.relation}</span>
        <ObjectLink model={model} pointer={step.to} onSelect={onSelect} />
        {step.note === null ? null : (
          <span class="faint">
            <Text value={step.note} />
          </span>
        )}
        {step.events.length === 0 ? null : (
          <span class="faint num">
            seq {step.events.map(({ seq }) => countOf(seq)).join(", ")}
          </span>
        )}
      </div>
      {open ? <Steps {...next} /> : null}
    </li>
  );
}

/** A button that expands or collapses a step; `open` is null where the chain ends. */
function Toggle(
  { open, onToggle }: { open: boolean | null; onToggle: () => void },
) {
  if (open === null) return <span class="step-toggle" />;
  return (
    <button
      type="button"
      class={`step-toggle ${open ? "open" : ""}`}
      aria-expanded={open}
      onClick={onToggle}
    >
      <Icon name="open" />
      <span class="sr-only">{open ? "Collapse" : "Expand"}</span>
    </button>
  );
}

/** The next steps, without those to an object that is already on the path. */
function stepsOn({ model, pointer, direction, path }: StepsProps): Step[] {
  return stepsFrom(model, tuplesOf(model, pointer, direction))
    .filter(({ to }) => !path.includes(to.join(" ")));
}

function tuplesOf(
  model: Model,
  pointer: Pointer,
  direction: Direction,
): readonly StepTuple[] {
  return model.linksOf(pointer)?.[direction] ?? [];
}

export interface Step {
  /** The relation, in words. */
  readonly relation: string;
  /** The other object. */
  readonly to: Pointer;
  /** An addition to the relation; null where there is none. */
  readonly note: string | null;
  /** The events that are evidence of it. */
  readonly events: readonly EventRow[];
}

/** Decodes the steps of an object. */
export function stepsFrom(model: Model, tuples: readonly StepTuple[]): Step[] {
  const { step_texts: texts } = model.data;
  return tuples.flatMap(([relation, kind, row, note, events]) => {
    const name = OBJECT_KINDS[kind];
    const to = name === undefined ? undefined : model.rows[TABLES[name]][row];
    if (name === undefined || to === undefined) return [];
    return [{
      relation: (texts[relation] ?? "").replaceAll("_", " "),
      to: [name, to.id] as const,
      note: texts[note] ?? null,
      events: events.flatMap((each) => model.rows.events[each] ?? []),
    }];
  });
}
