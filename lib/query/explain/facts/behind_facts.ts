/**
 * What stands at the far end of a chain, whatever its length: the request behind a tool call,
 * and the words with which a turn began.
 *
 * @module
 */

import type { PayloadCapture } from "../../../format/payload.ts";
import type { InferenceCall } from "../../../graph/runtime.ts";
import { unrecordedText } from "../../../text/capture_text.ts";
import { effectiveRequest } from "../../evidence/recorded/effective_request.ts";
import { listedFromEnd } from "../../evidence/recorded/listed_items.ts";
import type { Fact } from "../answer.ts";
import { excerptOf } from "../excerpt.ts";
import { newItems } from "../hops/request.ts";
import type { Scene } from "../scene.ts";
import { object, value } from "./fact.ts";

/** The request whose answer asked for a tool call, or for the cell that made it. */
export function askedInRequest(scene: Scene, tool: string): Fact {
  return object(
    scene,
    "asked_for_in",
    "inference_call",
    requestBehind(scene, tool),
  );
}

function requestBehind(scene: Scene, id: string): string | undefined {
  const { links, trace } = scene;
  const tool = trace.tool_calls.get(id);
  if (tool === undefined) return undefined;
  const { requester } = tool;
  const items = requester.type === "model"
    ? tool.model_visible_call_item_ids
    : [trace.code_cells.get(requester.code_cell_id)?.source_item_id ?? ""];
  const said = items.flatMap((item) => links.to("item", item, "response_item"));
  const [first] = said.length > 0
    ? said
    : links.to("tool_call", id, "started_tool");
  return first?.from.id;
}

/** The item that the first request of a turn ended with: what a person or an agent wanted. */
export function turnBeganWith(
  scene: Scene,
  turn: string | null | undefined,
): Fact[] {
  if (turn === null || turn === undefined) return [];
  const { links, trace } = scene;
  const first = links.to("turn", turn, "turn").find(({ from }) =>
    from.kind === "inference_call"
  );
  const call = trace.inference_calls.get(first?.from.id ?? "");
  if (call === undefined) return [];
  const lost = lastLost(scene, call);
  if (lost !== null) return [value("turn_began_with", unrecordedText(lost))];
  const [id] = newItems(scene, call);
  const item = trace.conversation_items.get(id ?? "");
  if (item === undefined) return [];
  const fact = object(scene, "turn_began_with", "item", item.item_id);
  return [{ ...fact, value: excerptOf(trace, item) }];
}

/** What was kept of the last item of a request, or of all of it; null when all was. */
function lastLost(
  { session }: Scene,
  call: InferenceCall,
): PayloadCapture | null {
  const { ref } = effectiveRequest(session, call);
  if (ref?.capture !== undefined) return ref.capture;
  const [last] = listedFromEnd(ref, call.request_item_ids);
  return last?.type === "lost" ? last.capture : null;
}
