/**
 * Where an object comes from and what it leads to, step by step, as far as somebody follows.
 *
 * @module
 */

import { useState } from "preact/hooks";
import type { EventRow, HopTuple, Pointer } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import { countOf } from "../ui/figures.ts";
import { Icon } from "../ui/icon.tsx";
import { More } from "../ui/more.tsx";
import { ObjectLink } from "../ui/object_link.tsx";
import { Text } from "../ui/text.tsx";
import { OBJECT_KINDS } from "../../../query/session/names/object_kind.ts";
import { TABLES } from "../model/objects.ts";

/** Which way a chain goes. */
export type Way = "origin" | "leads";

/** What a chain is given. */
export interface ChainProps {
  readonly model: Model;
  readonly pointer: Pointer;
  readonly way: Way;
  readonly onSelect: (pointer: Pointer) => void;
}

/** Steps that are open without a click: what leads here is mostly one line. */
const OPEN: Readonly<Record<Way, number>> = { origin: 3, leads: 1 };
/** Steps of one object that are shown before somebody asks for all. */
const SEEN = 12;
/** Deeper, there is no room to the left. */
const DEEPEST = 30;

/** A chain; nothing where there is none. */
export function Chain(props: ChainProps) {
  const { model, pointer, way } = props;
  const title = way === "origin" ? "Upstream" : "Downstream";
  if (hopsOf(model, pointer, way).length === 0) return null;
  return (
    <section class="chain">
      <h3>{title}</h3>
      <Steps {...props} path={[pointer.join(" ")]} />
    </section>
  );
}

interface StepsProps extends ChainProps {
  /** The objects on the way here. */
  readonly path: readonly string[];
}

/** One level of a chain. */
function Steps(props: StepsProps) {
  return (
    <ul>
      <More
        items={stepsOn(props)}
        most={SEEN}
        render={(step, i) => <StepLine key={i} {...props} step={step} />}
      />
    </ul>
  );
}

function StepLine(props: StepsProps & { step: Step }) {
  const { model, way, path, step, onSelect } = props;
  const next: StepsProps = {
    ...props,
    pointer: step.to,
    path: [...path, step.to.join(" ")],
  };
  const more = path.length < DEEPEST && stepsOn(next).length > 0;
  const [open, setOpen] = useState(more && path.length < OPEN[way]);
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

/** A button that follows a chain or folds it; `open` is null where it ends. */
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
      <span class="sr-only">{open ? "Fold" : "Follow"}</span>
    </button>
  );
}

/** The steps that go on, but for those that lead back. */
function stepsOn({ model, pointer, way, path }: StepsProps): Step[] {
  return stepsFrom(model, hopsOf(model, pointer, way))
    .filter(({ to }) => !path.includes(to.join(" ")));
}

function hopsOf(
  model: Model,
  [kind, id]: Pointer,
  way: Way,
): readonly HopTuple[] {
  return model.row(kind, id)?.[way] ?? [];
}

/** A step. */
export interface Step {
  /** How it goes on, in words. */
  readonly relation: string;
  /** Where to. */
  readonly to: Pointer;
  /** What more there is to say; null where there is nothing. */
  readonly note: string | null;
  /** The events that tell of it. */
  readonly events: readonly EventRow[];
}

/** The steps that some tuples stand for. */
export function stepsFrom(model: Model, hops: readonly HopTuple[]): Step[] {
  const { words } = model.data;
  return hops.flatMap(([relation, kind, row, note, ...events]) => {
    const name = OBJECT_KINDS[kind];
    const to = name === undefined ? undefined : model.rows[TABLES[name]][row];
    if (name === undefined || to === undefined) return [];
    return [{
      relation: (words[relation] ?? "").replaceAll("_", " "),
      to: [name, to.id] as const,
      note: words[note] ?? null,
      events: events.flatMap((each) => model.rows.events[each] ?? []),
    }];
  });
}
