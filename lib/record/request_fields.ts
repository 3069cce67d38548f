/**
 * A request as the start of an inference call records it: what was sent, and what it was made
 * from.
 *
 * @module
 */

import { SharedJson } from "../bundle/write/json_members.ts";
import type { WriteRules } from "../bundle/write/write_rules.ts";
import { type PendingEventBody, requiredPayload } from "./pending_event.ts";

/** What is known about a request besides the request itself. Schema 3; not recorded before. */
export interface RequestDetails {
  /** The prompt that the request was made from. If absent, it is derived from the request. */
  readonly preparedPrompt?: PreparedPrompt;
  /**
   * The complete input, if the request continues a warm-up that is not recorded: the items that its
   * `previous_response_id` refers to, and its own items.
   */
  readonly warmupContext?: { readonly input: readonly unknown[] };
  /**
   * Ids that were removed from tool outputs of the request, or of the warm-up context when there
   * is one: the index in `input`, and the id.
   */
  readonly strippedToolOutputIds?: readonly (readonly [
    index: number,
    id: string,
  ])[];
}

/** The keys of the start of a request that hold the request itself. */
export type RequestFields = Pick<
  PendingEventBody<"inference_started">,
  | "request_payload"
  | "prepared_prompt_payload"
  | "warmup_context_payload"
  | "stripped_tool_output_ids"
>;

/**
 * Returns the payloads of a request, and the other keys that the schema has for them.
 *
 * @param request What {@linkcode sharingItems} returns.
 */
export function requestFields(
  request: unknown,
  details: RequestDetails,
  rules: WriteRules,
): RequestFields {
  return rules.preparesPrompts
    ? preparedFields(request, details)
    : plainFields(request);
}

function plainFields(request: unknown): RequestFields {
  return {
    request_payload: requiredPayload("inference_request", () => request),
    prepared_prompt_payload: null,
    warmup_context_payload: null,
    stripped_tool_output_ids: [],
  };
}

function preparedFields(
  request: unknown,
  { preparedPrompt, warmupContext, strippedToolOutputIds }: RequestDetails,
): RequestFields {
  const context = warmupContext && sharingItems({ input: warmupContext.input });
  return {
    request_payload: requiredPayload("inference_request", () => request),
    prepared_prompt_payload: requiredPayload(
      "prepared_prompt",
      () =>
        preparedPrompt
          ? promptBody(preparedPrompt)
          : promptOfRequest(request, context),
    ),
    warmup_context_payload: context
      ? requiredPayload("warmup_context", () => context)
      : null,
    stripped_tool_output_ids: strippedToolOutputIds ?? [],
  };
}

/** Instructions that a prompt begins with. */
export interface BaseInstructions {
  /** The instructions. */
  readonly text: string;
  /** Where they are from, such as `{type: "model", model}`. */
  readonly provenance?: unknown;
}

/**
 * A prompt. Its keys are those of the payload; for absent keys, Codex's own defaults are written.
 */
export interface PreparedPrompt {
  /** The complete history for the model, also when the request only adds to a response. */
  readonly input: readonly unknown[];
  /** Definitions of tools. */
  readonly tools?: readonly unknown[];
  /** Whether the model may call several tools at once. */
  readonly parallel_tool_calls?: boolean;
  /** Instructions. */
  readonly base_instructions?: BaseInstructions;
  /** Schema that the response must have. */
  readonly output_schema?: unknown;
  /** Whether the response must have exactly that schema. */
  readonly output_schema_strict?: boolean;
  /** How long the provider keeps the prompt. */
  readonly prompt_cache_ttl?: unknown;
  /** Access program of the provider for work on security. */
  readonly cyber_access_program?: unknown;
}

/** A request whose long members are made into text once, for itself and for the prompt that has them. */
export function sharingItems(request: unknown): unknown {
  const { input, tools, toJSON } = members(request);
  // What makes its own JSON is left alone.
  if (!Array.isArray(input) || toJSON !== undefined) return request;
  const shared = { ...members(request), input: new SharedJson(input) };
  return Array.isArray(tools)
    ? { ...shared, tools: new SharedJson(tools) }
    : shared;
}

/** A prompt as a payload. */
function promptBody(prompt: PreparedPrompt): object {
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
function promptOfRequest(request: unknown, context: unknown): object {
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

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
    ? value as Record<string, unknown>
    : {};
}
