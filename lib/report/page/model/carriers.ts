/**
 * Where an object is shown that a view does not show itself: by the object that carries it.
 *
 * @module
 */

import type { Pointer } from "../../report_data.ts";
import type { Model } from "./model.ts";
import { threadOf } from "./names.ts";

/** The object that the timeline shows for another; null where it shows none. */
export function timelineObject(model: Model, pointer: Pointer): Pointer | null {
  const found = model.find(pointer);
  switch (found?.kind) {
    case undefined:
      return null;
    case "item": {
      const { id, turn_id: turn, produced_by: producers } = found.row;
      for (const [kind, maker] of producers) {
        if (
          maker === undefined || kind === "user_input" || kind === "harness"
        ) {
          continue;
        }
        if (kind !== "item") return [kind, maker];
      }
      const call = model.rows.calls.find(({ response_ids: ids }) =>
        ids.includes(id)
      );
      if (call !== undefined) return ["inference_call", call.id];
      return turn === null ? ["thread", found.row.thread_id] : ["turn", turn];
    }
    case "terminal_session":
      return ["terminal_operation", found.row.created_by_operation_id];
    case "payload": {
      const owner = ownerOf(model, found.row.id);
      return owner === null ? null : timelineObject(model, owner);
    }
    default:
      return pointer;
  }
}

/** The object whose events refer to a payload; a thread or a turn only where nothing else does. */
function ownerOf(model: Model, payload: string): Pointer | null {
  const owners = model.rows.events
    .filter(({ payload_ids: ids }) => ids.includes(payload))
    .flatMap(({ about }) => about)
    .filter(([kind]) => kind !== "payload");
  const isNarrow = ([kind]: Pointer) => kind !== "thread" && kind !== "turn";
  return owners.find(isNarrow) ?? owners[0] ?? null;
}

/** What the transcript has to show for an object. */
export interface TranscriptPlace {
  /** The LLM request, by id; null for all items of the thread. */
  readonly at: string | null;
  /** The thread, by id. */
  readonly of: string;
  /** The object that is selected there. */
  readonly selection: Pointer;
}

/** Where the transcript shows an object; null where it does not. */
export function transcriptPlace(
  model: Model,
  pointer: Pointer,
): TranscriptPlace | null {
  const found = model.find(pointer);
  switch (found?.kind) {
    case "inference_call":
      return { at: found.row.id, of: found.row.thread_id, selection: pointer };
    case "turn": {
      const { id, thread_id: of } = found.row;
      const call = model.rows.calls.find(({ turn_id: turn }) => turn === id);
      return { at: call?.id ?? null, of, selection: pointer };
    }
    case "edge": {
      const item = found.row.carried_item_ids.find((id) => model.item(id));
      if (item !== undefined) return transcriptPlace(model, ["item", item]);
      return inThread(model, pointer);
    }
    case "terminal_session":
      return transcriptPlace(model, [
        "terminal_operation",
        found.row.created_by_operation_id,
      ]);
    case "compaction_request":
      return transcriptPlace(model, ["compaction", found.row.compaction_id]) ??
        inThread(model, pointer);
    case "payload": {
      const owner = ownerOf(model, found.row.id);
      return owner === null ? null : transcriptPlace(model, owner);
    }
    default:
      return inThread(model, pointer);
  }
}

function inThread(model: Model, pointer: Pointer): TranscriptPlace | null {
  const of = threadOf(model, pointer);
  return of === null ? null : { at: null, of, selection: pointer };
}
