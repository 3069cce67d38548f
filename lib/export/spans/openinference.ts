/**
 * Attributes of spans by the semantic conventions of OpenInference, which Phoenix and others read
 * beside those of OpenTelemetry. Like them, they have no text of a session.
 *
 * @module
 */

import type { Integer } from "../../format/vocabulary.ts";
import type { SessionSpan } from "./span.ts";

/** The values of an attribute; absent where they are unknown. */
type Plain = Integer | string | null | undefined;

/** The attributes of a span; `session` is the id of the rollout. */
export function openInferenceAttributes(
  { kind, facts }: SessionSpan,
  session: string,
): Readonly<Record<string, Plain>> {
  const { usage } = facts;
  return {
    "openinference.span.kind": kindOf(kind),
    "session.id": session,
    "agent.name": facts.agentPath,
    "llm.model_name": facts.model,
    "llm.provider": facts.provider,
    "llm.token_count.prompt": usage?.input_tokens,
    "llm.token_count.prompt_details.cache_read": usage?.cached_input_tokens,
    "llm.token_count.prompt_details.cache_write": usage
      ?.cache_write_input_tokens,
    "llm.token_count.completion": usage?.output_tokens,
    "llm.token_count.completion_details.reasoning": usage
      ?.reasoning_output_tokens,
    "llm.token_count.total": usage == null
      ? null
      : BigInt(usage.input_tokens) + BigInt(usage.output_tokens),
    "tool.name": facts.tool,
    "tool_call.id": facts.callId,
  };
}

function kindOf(kind: SessionSpan["kind"]): string {
  switch (kind) {
    case "thread":
      return "AGENT";
    case "inference_call":
    case "compaction_request":
      return "LLM";
    case "tool_call":
      return "TOOL";
    case "session":
    case "turn":
    case "compaction":
    case "code_cell":
    case "terminal_operation":
      return "CHAIN";
  }
}
