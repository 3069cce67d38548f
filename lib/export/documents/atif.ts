/**
 * The Agent Trajectory Interchange Format, ATIF, as far as a session fills it: a JSON document for
 * a session, in which the runs of further agents are embedded.
 *
 * From its specification, version 1.7 (Harbor, RFC 0001): steps are numbered from 1, only steps of
 * the agent have a model, reasoning, tool calls and metrics, a result names a call of its step, and
 * a reference a trajectory embedded in its own.
 *
 * @module
 */

/** The version of the format. */
export const ATIF_VERSION = "ATIF-v1.7";

/** A run of one agent. */
export interface AtifTrajectory {
  readonly schema_version: typeof ATIF_VERSION;
  /** Id of the session: that of its root thread, the same for each of its threads. */
  readonly session_id: string;
  /** Id of the thread. */
  readonly trajectory_id: string;
  readonly agent: {
    readonly name: string;
    readonly version: string;
    readonly model_name?: string;
  };
  readonly steps: readonly AtifStep[];
  /** What a reader has to know about it. */
  readonly notes?: string;
  readonly final_metrics: {
    readonly total_prompt_tokens?: number;
    readonly total_completion_tokens?: number;
    readonly total_cached_tokens?: number;
    readonly total_steps: number;
  };
  readonly extra: Readonly<Record<string, unknown>>;
  /** The threads that it spawned; in the root's, also those whose parents are unknown. */
  readonly subagent_trajectories?: readonly AtifTrajectory[];
}

/** One step: a message, or a response of the model with what its calls returned. */
export interface AtifStep {
  readonly step_id: number;
  /** ISO 8601. */
  readonly timestamp?: string;
  readonly source: "user" | "agent" | "system";
  message: string;
  readonly model_name?: string;
  reasoning_content?: string;
  tool_calls?: AtifToolCall[];
  observation?: { readonly results: AtifResult[] };
  readonly metrics?: StepMetrics;
  /** 1 in the first step of a recorded response; absent elsewhere. */
  readonly llm_call_count?: 1;
  /** Whether it repeats an earlier message: of an earlier history, or after a compaction. */
  readonly is_copied_context?: boolean;
  readonly extra?: Readonly<Record<string, unknown>>;
}

export interface AtifToolCall {
  readonly tool_call_id: string;
  readonly function_name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What a call returned. */
export interface AtifResult {
  /** The call, of the same step; absent where no step has it. */
  readonly source_call_id?: string;
  /** Absent where no output was recorded: the result is there for its reference. */
  content?: string;
  /** The agents that the call spawned. */
  readonly subagent_trajectory_ref?: readonly AtifReference[];
}

/** An embedded trajectory. */
export interface AtifReference {
  readonly trajectory_id: string;
}

/** Tokens of a response. */
export interface StepMetrics {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly cached_tokens?: number;
}
