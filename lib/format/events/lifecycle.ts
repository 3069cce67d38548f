/**
 * What an event says about something that runs for a while: that it starts, ends, is resumed, or
 * is used and therefore must have started.
 *
 * @module
 */

/** What runs for a while. Each space has ids of its own. */
export type LifecycleSpace =
  | "rollout"
  | "thread"
  | "codex_turn"
  | "inference_call"
  | "tool_call"
  | "tool_call_runtime"
  | "code_cell"
  | "compaction_request";

/** What happens to one of them. */
export interface LifecycleStep {
  /** What it is. */
  readonly space: LifecycleSpace;
  /** Its id; empty for the rollout, of which a bundle has one. */
  readonly id: string;
  /** What the event says about it. */
  readonly action: "start" | "end" | "resume" | "use";
}

/** It starts. */
export function starts(space: LifecycleSpace, id: string): LifecycleStep {
  return { space, id, action: "start" };
}

/** It ends. */
export function ends(space: LifecycleSpace, id: string): LifecycleStep {
  return { space, id, action: "end" };
}

/** It ended before and continues. */
export function resumes(space: LifecycleSpace, id: string): LifecycleStep {
  return { space, id, action: "resume" };
}

/** It is named by an event about something else. */
export function uses(space: LifecycleSpace, id: string): LifecycleStep {
  return { space, id, action: "use" };
}
