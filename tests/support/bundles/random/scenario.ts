/**
 * The scenario walk: a session made up step by step, each step drawn by chance.
 *
 * @module
 */

import { ACCEPTANCE_STEPS } from "./steps/acceptance_steps.ts";
import { AGENT_STEPS } from "./steps/agent_steps.ts";
import type { RandomBundle, Schema } from "./bundle.ts";
import { CELL_STEPS } from "./steps/cell_steps.ts";
import { COMPACTION_STEPS } from "./steps/compaction_steps.ts";
import { answer } from "./steps/answer_steps.ts";
import { CONVERSATION_STEPS, fullRequest } from "./steps/conversation_steps.ts";
import {
  endSession,
  LIFECYCLE_STEPS,
  startSession,
} from "./steps/lifecycle_steps.ts";
import { randomProfile } from "./profile.ts";
import { RECEIPT_STEPS } from "./steps/receipt_steps.ts";
import { Session } from "./session.ts";
import type { Step } from "./steps/step.ts";
import { TERMINAL_STEPS } from "./steps/terminal_steps.ts";
import { TOOL_STEPS } from "./steps/tool_steps.ts";

const STEPS: readonly Step[] = [
  ...LIFECYCLE_STEPS,
  ...CONVERSATION_STEPS,
  ...COMPACTION_STEPS,
  ...TOOL_STEPS,
  ...TERMINAL_STEPS,
  ...AGENT_STEPS,
  ...CELL_STEPS,
  ...ACCEPTANCE_STEPS,
  ...RECEIPT_STEPS,
];

/** The steps with their weights in this session. */
function stepTable(s: Session): (readonly [number, Step])[] {
  const steps = STEPS.filter((step) =>
    step.since === undefined || step.since <= s.schema
  );
  return steps.map((step) => {
    const family = steps.filter((other) => other.family === step.family);
    const total = family.reduce((sum, other) => sum + other.weight, 0);
    return [s.profile.weights[step.family] * step.weight / total, step];
  });
}

/** Makes up one session. */
export function walk(seed: number, schema: Schema): RandomBundle {
  const s = new Session(seed, schema, randomProfile);
  const table = stepTable(s);
  startSession(s);
  if (s.prng.chance(0.7)) {
    fullRequest(s);
    answer(s);
  }
  // Steps that do not apply add no event, so their number is bounded as well.
  for (let n = 0; n < 4 * s.profile.events; n++) {
    if (s.events.length >= s.profile.events) break;
    s.prng.weighted(table).run(s);
  }
  if (s.prng.chance(0.6)) fullRequest(s);
  if (s.prng.chance(0.7)) endSession(s);
  return s.bundle();
}
