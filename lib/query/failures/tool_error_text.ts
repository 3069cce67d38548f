/**
 * Why a tool call failed, out of its result or of what its runtime told.
 *
 * @module
 */

import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../format/payload.ts";
import type { ToolCall } from "../../graph/runtime.ts";
import { captureOf } from "../evidence/recorded/captures.ts";
import type { Session } from "../session/session.ts";
import { type ErrorText, errorText } from "./error_text.ts";
import { outputText, payloadObject, textIn } from "./payload_text.ts";
import { untoldReason } from "./untold.ts";

/** The reason in words; where none was recorded, that it failed. */
export function toolErrorText(session: Session, tool: ToolCall): ErrorText {
  const { trace } = session;
  const last = tool.raw_runtime_payload_ids.at(-1);
  const runtime = payloadObject(session, last);
  const told = (runtime === null ? null : runtimeText(runtime)) ??
    resultText(payloadObject(session, tool.raw_result_payload_id));
  if (told !== null) return errorText(told);
  const capture = captureOf(trace, last) ??
    captureOf(trace, tool.raw_result_payload_id);
  const { status } = tool.execution;
  return { text: untoldReason(session, status, capture), raw: null };
}

/** What the runtime behind a call told: an MCP server's answer, a patch's output. */
function runtimeText(runtime: JsonObject): string | null {
  const { result, success } = runtime;
  const error = textIn(result, "Err");
  if (error !== null) return error;
  if (isJsonObject(result) && isJsonObject(result["Ok"])) {
    const { Ok: answer } = result;
    if (answer["isError"] === true) return outputText(answer["content"]);
  }
  return success === false
    ? textIn(runtime, "stderr") ?? textIn(runtime, "stdout")
    : null;
}

/** What the call ended with: an error, or the output that the model was given. */
function resultText(result: JsonObject | null): string | null {
  if (result === null) return null;
  switch (result["type"]) {
    case "error":
      return textIn(result, "error");
    case "direct_response":
      return withoutPreamble(responseOutput(result["response_item"]));
    case "code_mode_response":
      return withoutPreamble(outputText(result["value"]));
    default:
      return null;
  }
}

function responseOutput(item: JsonValue | undefined): string | null {
  return isJsonObject(item) ? outputText(item["output"]) : null;
}

/** Outputs begin with how long the tool ran, and those of scripts with what they printed. */
function withoutPreamble(output: string | null): string | null {
  if (output === null) return null;
  const script = output.indexOf("Script error:\n");
  if (script !== -1) return output.slice(script + "Script error:\n".length);
  const rest = output.replace(
    /^(?:Script failed\n)?Wall time:? [\d.]+ seconds\nOutput:\n*/,
    "",
  );
  return rest.trim() === "" ? output : textOfItems(rest);
}

/** `[{"type":"text","text":…}]`, as early releases spell an MCP server's answer. */
function textOfItems(text: string): string {
  if (!text.startsWith("[{")) return text;
  try {
    return outputText(JSON.parse(text)) ?? text;
  } catch {
    return text;
  }
}
