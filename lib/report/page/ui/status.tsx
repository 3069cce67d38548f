/**
 * States: a colour, a shape and a word, so that each alone tells.
 *
 * @module
 */

import { Icon, type IconName } from "./icon.tsx";

/** How a state looks. */
export type Tone = "ok" | "bad" | "off" | "run" | "warn";

/** How a state of the graph looks; what is new looks like nothing in particular. */
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

/** A state. What runs in a recording is what never ended. */
export function Status({ status }: { status: string }) {
  const tone = toneOf(status);
  return (
    <span class={`status tone-${tone}`}>
      <Icon name={ICONS[tone]} />
      {status === "running" ? "running, no end recorded" : status}
    </span>
  );
}
