/**
 * Where a history was replaced: what went, what came.
 *
 * @module
 */

import type { RawPayloadId } from "../../format/ids.ts";
import type { Compaction } from "../../graph/runtime.ts";
import {
  checkpointCapture,
  lostHistory,
} from "../evidence/recorded/checkpoint.ts";
import type { Session } from "../session/session.ts";
import type { TranscriptCompaction } from "./answer.ts";

/** A compaction as a piece of a transcript. */
export function compactionEntry(
  session: Session,
  compaction: Compaction,
): TranscriptCompaction {
  const { names } = session;
  const came = compaction.replacement_item_ids;
  const stayed = new Set(came);
  const went = [...compaction.input_item_ids].filter((id) => !stayed.has(id));
  const lost = lostHistory(session, compaction);
  const stays = (id: RawPayloadId) => lost?.after.includes(id) === true;
  return {
    type: "compaction",
    compaction: names.ref("compaction", compaction.compaction_id),
    marker: names.ref("item", compaction.marker_item_id),
    turn: names.ref("turn", compaction.codex_turn_id),
    installed_at_unix_ms: compaction.installed_at_unix_ms,
    requests: compaction.request_ids.map((id) =>
      names.ref("compaction_request", id)
    ),
    capture: checkpointCapture(session, compaction),
    unrecorded_replaced_items: lost &&
      lost.before.filter((id) => !stays(id)).length,
    unrecorded_replacement_items: lost && lost.after.length,
    replaced_items: went.map((id) => names.ref("item", id)),
    replacement_items: came.map((id) => names.ref("item", id)),
  };
}
