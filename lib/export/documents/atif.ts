/**
 * The Agent Trajectory Interchange Format, ATIF, as far as a session fills it: a JSON document for
 * a run of one agent.
 *
 * From its specification, version 1.5 (Harbor, RFC 0001): steps are numbered from 1, only steps of
 * the agent have a model, reasoning, tool calls and metrics, and a result names a call of its step.
 *
 * @module
 */

/** The version of the format. */
export const ATIF_VERSION = "ATIF-v1.5";

/** A run of one agent. */
export interface AtifTrajectory {
  readonly schema_version: typeof ATIF_VERSION;
  /** Id of the thread: the format has one agent in a session. */
  readonly session_id: string;
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
  tool_calls?: readonly AtifToolCall[];
  observation?: { readonly results: readonly AtifResult[] };
  readonly metrics?: StepMetrics;
  /** Whether it was in the history before the thread was recorded. */
  readonly is_copied_context?: boolean;
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** A call of a tool. */
export interface AtifToolCall {
  readonly tool_call_id: string;
  readonly function_name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What a call returned. */
export interface AtifResult {
  /** The call, of the same step; absent where no step has it. */
  readonly source_call_id?: string;
  readonly content: string;
}

/** Tokens of a response. */
export interface StepMetrics {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly cached_tokens?: number;
}
