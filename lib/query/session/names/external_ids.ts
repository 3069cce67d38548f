/**
 * Names that objects have outside the graph: what providers, models and agents call them.
 *
 * @module
 */

import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import type { ObjectKind, ObjectRef } from "./object_kind.ts";

/** Makes the name of an object. */
export interface RefMaker {
  /** The name of an object. */
  ref(kind: ObjectKind, id: string): ObjectRef;
}

/** Every such name, with the objects it may mean. */
export function otherNames(
  trace: RolloutTrace,
  names: RefMaker,
): Map<string, readonly ObjectRef[]> {
  const found = new Map<string, ObjectRef[]>();
  const add = (
    name: string | null | undefined,
    kind: ObjectKind,
    id: string,
  ) => {
    if (name === null || name === undefined || name === "") return;
    const refs = found.get(name);
    const last = refs?.at(-1);
    if (refs === undefined) found.set(name, [names.ref(kind, id)]);
    // Names of one object come one after the other.
    else if (last?.kind !== kind || last.id !== id) {
      refs.push(names.ref(kind, id));
    }
  };
  for (const [id, thread] of trace.threads) {
    add(thread.agent_path, "thread", id);
    add(thread.nickname, "thread", id);
  }
  for (const [id, call] of trace.inference_calls) {
    add(call.response_id, "inference_call", id);
    add(call.upstream_request_id, "inference_call", id);
  }
  for (const [id, item] of trace.conversation_items) {
    add(item.responses_item_id, "item", id);
  }
  for (const [id, tool] of trace.tool_calls) {
    add(tool.model_visible_call_id, "tool_call", id);
    add(tool.mcp_call_id, "tool_call", id);
    add(tool.code_mode_runtime_tool_id, "tool_call", id);
  }
  for (const [id, ref] of trace.raw_payloads) add(ref.path, "payload", id);
  return found;
}
