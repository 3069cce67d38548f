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

/** The look of a status of the graph; a status that is not known looks like a running one. */
function toneOf(status: string): Tone {
  switch (status) {
    case "completed":
      return "ok";
    case "failed":
    case "terminated":
      return "bad";
    case "cancelled":
    case "aborted":
      return "off";
    case "unknown":
      return "warn";
    default:
      return "run";
  }
}

const ICONS: Readonly<Record<Tone, IconName>> = {
  ok: "ok",
  bad: "bad",
  off: "off",
  run: "run",
  warn: "warn",
};

/** What to call a state: `failed` is whether something in it failed, whatever its status is. */
export function statusText(status: string, failed: boolean): string {
  if (status === "running") return "incomplete, no end recorded";
  // A command may complete and report by its exit code that it failed.
  return failed && status === "completed"
    ? "failed, recorded as completed"
    : status;
}

/** The looks of outcomes. */
const OUTCOMES: Readonly<Record<Outcome, Tone>> = {
  ok: "ok",
  failed: "bad",
  interrupted: "off",
  incomplete: "run",
};

/** An outcome; with the recorded status where that is another. Null is unknown. */
export function OutcomeMark(
  { outcome, status }: {
    outcome: Outcome | null;
    status: ExecutionStatus | RolloutStatus | "unknown";
  },
) {
  const tone = outcome === null ? "warn" : OUTCOMES[outcome];
  const isSame = outcome === null || status === "unknown" ||
    outcomeOfStatus(status) === outcome;
  return (
    <span class={`status tone-${tone}`}>
      <Icon name={ICONS[tone]} />
      {outcome ?? "unknown"}
      {isSame ? "" : `, recorded as ${status}`}
    </span>
  );
}

/** A state. */
export function Status(
  { status, failed = false }: { status: string; failed?: boolean },
) {
  const tone = toneOf(failed && status === "completed" ? "failed" : status);
  return (
    <span class={`status tone-${tone}`}>
      <Icon name={ICONS[tone]} />
      {statusText(status, failed)}
    </span>
  );
}
