/**
 * A request as the start of an inference call records it: what was sent, and what it was made
 * from.
 *
 * @module
 */

import type { WriteRules } from "../bundle/write/write_rules.ts";
import { type DraftEvent, requiredPayload } from "./draft.ts";
import {
  type PreparedPrompt,
  promptBody,
  promptOfRequest,
  sharingItems,
} from "./prepared_prompt.ts";

/** What is known about a request besides the request itself. Schema 3; not recorded before. */
export interface RequestDetails {
  /** The prompt that the request was made from. What the request shows of it when left out. */
  readonly preparedPrompt?: PreparedPrompt;
  /**
   * The whole input, when the request continues a warm-up that is not recorded: everything that
   * its `previous_response_id` refers to, and its own items.
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
  DraftEvent<"inference_started">,
  | "request_payload"
  | "prepared_prompt_payload"
  | "warmup_context_payload"
  | "stripped_tool_output_ids"
>;

/** The payloads of a request, and what the schema says about them. */
export function requestFields(
  request: unknown,
  details: RequestDetails,
  rules: WriteRules,
): RequestFields {
  return rules.preparesPrompts
    ? preparedFields(request, details)
    : requestAlone(request);
}

function requestAlone(request: unknown): RequestFields {
  return {
    request_payload: requiredPayload("inference_request", () => request),
    prepared_prompt_payload: null,
    warmup_context_payload: null,
    stripped_tool_output_ids: [],
  };
}

function preparedFields(
  given: unknown,
  { preparedPrompt, warmupContext, strippedToolOutputIds }: RequestDetails,
): RequestFields {
  const request = sharingItems(given);
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
