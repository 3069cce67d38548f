/**
 * An event as a schema writes it: which keys it has.
 *
 * @module
 */

import type { WriteRules } from "./write_rules.ts";
import type {
  InferenceStarted,
  RawTraceEventPayload,
} from "../../format/event.ts";
import { isMissing } from "../../format/payload.ts";

/**
 * The event with the keys that the schema writes, in the order of the format.
 *
 * @throws {TypeError} If it lacks one that the schema requires.
 */
export function eventOnDisk(
  event: RawTraceEventPayload,
  rules: WriteRules,
): object {
  switch (event.type) {
    case "tool_call_runtime_started": {
      const { kind, ...rest } = event;
      if (!rules.runtimeStartsNameKind) return rest;
      if (kind === null) throw lacking(event, "kind");
      return event;
    }
    case "history_item_accepted": {
      const { type, item_id, agent_message_payload, tool_output_payload } =
        event;
      return {
        type,
        item_id,
        ...agent_message_payload && { agent_message_payload },
        ...rules.acceptsToolOutputs && tool_output_payload &&
          { tool_output_payload },
      };
    }
    case "inference_started":
      return requestOnDisk(event, rules);
    default:
      return event;
  }
}

function requestOnDisk(event: InferenceStarted, rules: WriteRules): object {
  const {
    prepared_prompt_payload,
    warmup_context_payload,
    stripped_tool_output_ids: _,
    ...rest
  } = event;
  if (!rules.preparesPrompts) return rest;
  if (prepared_prompt_payload === null) {
    throw lacking(event, "prepared_prompt_payload");
  }
  const stripped_tool_output_ids = readableStrippedIds(event);
  return {
    ...rest,
    prepared_prompt_payload,
    ...warmup_context_payload && { warmup_context_payload },
    ...stripped_tool_output_ids.length > 0 && { stripped_tool_output_ids },
  };
}

/**
 * The stripped ids of those outputs that a limit left in the request. The reference refuses an id
 * whose output it cannot read.
 */
function readableStrippedIds(
  event: InferenceStarted,
): InferenceStarted["stripped_tool_output_ids"] {
  const { request_payload, warmup_context_payload } = event;
  const { parts = [] } = warmup_context_payload ?? request_payload;
  // Either all items are parts, or none of them is.
  const items = parts.filter(({ kind }) => kind.type === "model_item");
  return event.stripped_tool_output_ids.filter(([index]) => {
    const item = items[Number(index)];
    return item === undefined || !isMissing(item);
  });
}

function lacking({ type }: RawTraceEventPayload, key: string): TypeError {
  return new TypeError(`Cannot append "${type}": ${key} is null`);
}
