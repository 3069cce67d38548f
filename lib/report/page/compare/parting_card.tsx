/**
 * Where two sessions part: the step of each, with the events about it.
 *
 * @module
 */

import type { PageComparison } from "../../build/page_comparison.ts";
import { stepTitle } from "../../../text/step_text.ts";
import { objectAddress } from "../../../query/session/names/object_address.ts";
import { counted } from "../ui/figures.ts";
import { More } from "../ui/more.tsx";
import { Text } from "../ui/text.tsx";

type Parting = NonNullable<PageComparison["turns"]["first_difference"]>;
type PartingStep = NonNullable<Parting["a"]>;

/** Events of a step that are shown before the reader expands the list. */
const MAX_EVENTS = 3;

export function PartingCard(
  { parting, other }: { parting: Parting; other: number },
) {
  const { turn_a, turn_b, change, agent_path, last_common, unknown_before } =
    parting;
  return (
    <div class="parting">
      {change === "not_aligned"
        ? <p>From here on, too much differs to be aligned.</p>
        : null}
      <div class="pair">
        <Side label="A" session={1} turn={turn_a} step={parting.a} />
        <Side label="B" session={other} turn={turn_b} step={parting.b} />
      </div>
      <p class="faint">
        in <Text value={agent_path} />
        {last_common === null
          ? ", from the first step on"
          : `, after ${last_common.a.handle} of A and ${last_common.b.handle} of B`}
        {unknown_before === 0
          ? ""
          : `; before it, ${
            counted(unknown_before, "step")
          } cannot be compared`}
      </p>
    </div>
  );
}

function Side(
  { label, session, turn, step: found }: {
    label: string;
    session: number;
    turn: Parting["turn_a"];
    step: PartingStep | null;
  },
) {
  if (turn === null) return <p>{label}: no such turn</p>;
  const link = <a href={objectAddress(session, turn)}>{turn.handle}</a>;
  if (found === null) {
    return (
      <p>
        {label}: {link}, no such step
      </p>
    );
  }
  const { step, evidence } = found;
  return (
    <div>
      <p>
        {label}: {link}{" "}
        <a href={objectAddress(session, step.object)}>{step.object.handle}</a>
        {" "}
        <Text value={stepTitle(step)} />
      </p>
      <p class="step-text">
        <Text value={step.excerpt} />
      </p>
      <ul class="faint">
        <More
          items={evidence}
          max={MAX_EVENTS}
          wrap={(button) => <li>{button}</li>}
          render={({ seq, line, event_type, payloads }) => (
            <li key={`${seq} ${line}`}>
              seq {String(seq)}
              {line === null ? "" : `, line ${line}`} {event_type ?? ""}{" "}
              {payloads.map((each) => (
                <a key={each.id} href={objectAddress(session, each)}>
                  {each.handle}
                  {" "}
                </a>
              ))}
            </li>
          )}
        />
      </ul>
    </div>
  );
}
