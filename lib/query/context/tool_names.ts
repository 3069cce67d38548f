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
    return this.#byCall.get(id) ??
      tracedNames(this.#trace).get(this.#thread)?.get(id) ?? null;
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

type NamesByThread = ReadonlyMap<ThreadId, ReadonlyMap<string, string>>;

const TRACED: WeakMap<RolloutTrace, NamesByThread> = new WeakMap();

/** The names that the graph has, of each thread by the ids of its calls. */
function tracedNames(trace: RolloutTrace): NamesByThread {
  const known = TRACED.get(trace);
  if (known !== undefined) return known;
  const names = new Map<ThreadId, Map<string, string>>();
  const add = (thread: ThreadId, id: string, name: string) => {
    const own = names.get(thread);
    if (own === undefined) names.set(thread, new Map([[id, name]]));
    else own.set(id, name);
  };
  for (const tool of trace.tool_calls.values()) {
    const { thread_id: thread, model_visible_call_id: id } = tool;
    if (id !== null) add(thread, id, calledName(tool));
  }
  for (const cell of trace.code_cells.values()) {
    add(cell.thread_id, cell.model_visible_call_id, "exec");
  }
  TRACED.set(trace, names);
  return names;
}
