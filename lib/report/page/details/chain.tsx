/**
 * Where an object comes from and what it leads to, step by step, as far as somebody follows.
 *
 * @module
 */

import { useState } from "preact/hooks";
import type { HopTuple, Pointer } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import { type Step, stepsFrom } from "../model/steps.ts";
import { countOf } from "../ui/figures.ts";
import { Icon } from "../ui/icon.tsx";
import { ObjectLink } from "../ui/object_link.tsx";
import { Text } from "../ui/text.tsx";

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
  const title = way === "origin" ? "Where it comes from" : "Where it leads";
  if (hopsOf(model, pointer, way).length === 0) return null;
  return (
    <section class="chain">
      <h3>{title}</h3>
      <Steps {...props} path={[pointer.join(" ")]} />
    </section>
  );
}

/** One level of a chain; `path` are the objects on the way here. */
function Steps(props: ChainProps & { path: readonly string[] }) {
  const { model, pointer, way, path } = props;
  const [all, setAll] = useState(false);
  const steps = stepsFrom(model, hopsOf(model, pointer, way))
    .filter(({ to }) => !path.includes(to.join(" ")));
  const seen = all ? steps : steps.slice(0, SEEN);
  return (
    <ul>
      {seen.map((step, i) => <StepLine key={i} {...props} step={step} />)}
      {seen.length < steps.length
        ? (
          <li>
            <button type="button" class="link" onClick={() => setAll(true)}>
              and {countOf(steps.length - seen.length)} more
            </button>
          </li>
        )
        : null}
    </ul>
  );
}

function StepLine(
  props: ChainProps & { path: readonly string[]; step: Step },
) {
  const { model, way, path, step, onSelect } = props;
  const more = path.length < DEEPEST &&
    stepsFrom(model, hopsOf(model, step.to, way))
      .some(({ to }) => !path.includes(to.join(" ")));
  const [open, setOpen] = useState(more && path.length < OPEN[way]);
  return (
    <li>
      <div class="step">
        {more
          ? (
            <button
              type="button"
              class={`step-toggle ${open ? "open" : ""}`}
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            >
              <Icon name="open" />
              <span class="sr-only">{open ? "Fold" : "Follow"}</span>
            </button>
          )
          : <span class="step-toggle" />}
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
      {open
        ? (
          <Steps
            {...props}
            pointer={step.to}
            path={[...path, step.to.join(" ")]}
          />
        )
        : null}
    </li>
  );
}

function hopsOf(
  model: Model,
  [kind, id]: Pointer,
  way: Way,
): readonly HopTuple[] {
  return model.row(kind, id)?.[way] ?? [];
}
