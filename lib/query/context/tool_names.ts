/**
 * Names of tools, as the model called them: calls carry them, outputs only the id of the call.
 *
 * @module
 */

import type { ThreadId } from "../../format/ids.ts";
import type { JsonObject, JsonValue } from "../../format/payload.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import { calledName } from "../session/names/tool_name.ts";

/** The names of the tools that one thread called. */
export class ToolNames {
  readonly #trace: RolloutTrace;
  readonly #thread: ThreadId;
  readonly #byCall: Map<string, string> = new Map();
  #traced: ReadonlyMap<string, string> | undefined;

  /** Knows the tools that the graph knows, and those of the calls it is shown. */
  constructor(trace: RolloutTrace, thread: ThreadId) {
    this.#trace = trace;
    this.#thread = thread;
  }

  /** The tool that a call names; remembered for its output. */
  ofCall(call: JsonObject): string {
    const name = calledTool(call);
    const id = call["call_id"];
    if (typeof id === "string") this.#byCall.set(id, name);
    return name;
  }

  /** The tool whose output this is. */
  ofOutput(output: JsonObject): string | null {
    const id = output["call_id"];
    return typeof id === "string" ? this.ofCallId(id) : null;
  }

  /** The tool that was called under an id; null when it is unknown. */
  ofCallId(id: string): string | null {
    this.#traced ??= tracedNames(this.#trace, this.#thread);
    return this.#byCall.get(id) ?? this.#traced.get(id) ?? null;
  }
}

/** The tool that a call of the Responses API names, with the namespace that it is in. */
function calledTool(call: JsonObject): string {
  const { name, namespace, type } = call;
  if (typeof name !== "string") {
    // The tools that providers run themselves are named by the type of their calls.
    return textOf(type).replace(/_call$/, "");
  }
  return typeof namespace === "string" && namespace !== ""
    ? `${namespace.replace(/[._]+$/, "")}.${name}`
    : name;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function tracedNames(
  trace: RolloutTrace,
  thread: ThreadId,
): Map<string, string> {
  const names = new Map<string, string>();
  for (const tool of trace.tool_calls.values()) {
    const id = tool.model_visible_call_id;
    if (tool.thread_id === thread && id !== null) {
      names.set(id, calledName(tool));
    }
  }
  for (const cell of trace.code_cells.values()) {
    if (cell.thread_id === thread) {
      names.set(cell.model_visible_call_id, "exec");
    }
  }
  return names;
}
