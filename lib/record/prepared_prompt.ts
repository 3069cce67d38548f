/**
 * Prompts as a host prepares them, before they become requests.
 *
 * @module
 */

import { ItemList } from "../bundle/write/json_members.ts";

/** Instructions that a prompt begins with. */
export interface BaseInstructions {
  /** The instructions. */
  readonly text: string;
  /** Where they are from, such as `{type: "model", model}`. */
  readonly provenance?: unknown;
}

/**
 * A prompt. Its keys are those of the payload; what is missing is written as Codex writes it when
 * there is none.
 */
export interface PreparedPrompt {
  /** The whole history that the model is to see, also when the request only adds to an answer. */
  readonly input: readonly unknown[];
  /** Definitions of tools. */
  readonly tools?: readonly unknown[];
  /** Whether the model may call several tools at once. */
  readonly parallel_tool_calls?: boolean;
  /** Instructions. */
  readonly base_instructions?: BaseInstructions;
  /** Schema that the answer must have. */
  readonly output_schema?: unknown;
  /** Whether the answer must have exactly that schema. */
  readonly output_schema_strict?: boolean;
  /** How long the provider keeps the prompt. */
  readonly prompt_cache_ttl?: unknown;
  /** Access program of the provider for work on security. */
  readonly cyber_access_program?: unknown;
}

/** A request whose items are made into text once, for itself and for the prompt that has them. */
export function sharingItems(request: unknown): unknown {
  const input = inputOf(request);
  return input === undefined ? request : { ...members(request), input };
}

/** A prompt as a payload. */
export function promptBody(prompt: PreparedPrompt): object {
  return {
    input: prompt.input,
    tools: prompt.tools ?? [],
    parallel_tool_calls: prompt.parallel_tool_calls ?? false,
    base_instructions: prompt.base_instructions ?? { text: "" },
    output_schema: prompt.output_schema ?? null,
    output_schema_strict: prompt.output_schema_strict ?? true,
    prompt_cache_ttl: prompt.prompt_cache_ttl ?? null,
    cyber_access_program: prompt.cyber_access_program ?? null,
  };
}

/**
 * The prompt as far as a request shows it, as a payload.
 *
 * @param context What the request continues, when it continues a warm-up.
 */
export function promptOfRequest(request: unknown, context: unknown): object {
  const { input, tools, parallel_tool_calls, instructions, text } = members(
    request,
  );
  const { schema, strict } = members(members(text)["format"]);
  return {
    input: members(context)["input"] ?? input ?? [],
    tools: tools ?? [],
    parallel_tool_calls: parallel_tool_calls ?? false,
    base_instructions: { text: instructions ?? "" },
    output_schema: schema ?? null,
    output_schema_strict: strict ?? true,
    prompt_cache_ttl: null,
    cyber_access_program: null,
  };
}

function inputOf(request: unknown): ItemList | undefined {
  // What makes its own JSON is left alone.
  const { input, toJSON } = members(request);
  return Array.isArray(input) && toJSON === undefined
    ? new ItemList(input)
    : undefined;
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
    ? value as Record<string, unknown>
    : {};
}
