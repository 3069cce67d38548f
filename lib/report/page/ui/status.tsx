/**
 * States, shown by a colour, a shape and a word, each of which is sufficient alone.
 *
 * @module
 */

import type {
  ExecutionStatus,
  RolloutStatus,
} from "../../../format/vocabulary.ts";
import {
  type Outcome,
  outcomeOfStatus,
} from "../../../query/failures/outcome/outcome.ts";
import { Icon, type IconName } from "./icon.tsx";

/** How a state looks. */
export type Tone = "ok" | "bad" | "off" | "run" | "warn";

const ICONS: Readonly<Record<Tone, IconName>> = {
  ok: "ok",
  bad: "bad",
  off: "off",
  run: "run",
  warn: "warn",
};

/** The looks of outcomes. */
const OUTCOMES: Readonly<Record<Outcome, Tone>> = {
  ok: "ok",
  failed: "bad",
  interrupted: "off",
  incomplete: "run",
};

/** A recorded status; `unknown` where there is none, as in a session log. */
type Recorded = ExecutionStatus | RolloutStatus | "unknown";

/** An outcome, with the recorded status where that is another. Null is unknown. */
export function outcomeText(outcome: Outcome | null, status: Recorded): string {
  const isSame = outcome === null || status === "unknown" ||
    outcomeOfStatus(status) === outcome;
  return `${outcome ?? "unknown"}${isSame ? "" : `, recorded as ${status}`}`;
}

/** The same with its colour and its shape. */
export function OutcomeMark(
  { outcome, status }: { outcome: Outcome | null; status: Recorded },
) {
  const tone = outcome === null ? "warn" : OUTCOMES[outcome];
  return (
    <span class={`status tone-${tone}`}>
      <Icon name={ICONS[tone]} />
      {outcomeText(outcome, status)}
    </span>
  );
}
