/**
 * What was recorded of the histories that compactions replaced, and of those that they put in.
 *
 * Both are in the checkpoint of a compaction. The graph does not name it: the log does.
 *
 * @module
 */

import { PayloadError } from "../../../errors.ts";
import type { CompactionId, RawPayloadId } from "../../../format/ids.ts";
import type { PayloadCapture, RawPayloadRef } from "../../../format/payload.ts";
import type { Compaction } from "../../../graph/runtime.ts";
import { PartMarkers } from "../../../reduce/items/part_markers.ts";
import type { TraceSession } from "../../session/session.ts";
import { lostItems } from "./listed_items.ts";
import { isEventLost } from "./losses.ts";

/** How long two histories are, items included that were not recorded; null where unknown. */
export interface HistoryLengths {
  /** Items of the history that was replaced. */
  readonly before: number | null;
  /** Items of the history that replaced it. */
  readonly after: number | null;
}

/** Payloads of items of two histories that were not recorded. */
export interface LostHistory {
  /** Those of the history that was replaced. */
  readonly before: readonly RawPayloadId[];
  /** Those of the history that replaced it. */
  readonly after: readonly RawPayloadId[];
}

const NOTHING_LOST: LostHistory = { before: [], after: [] };

/**
 * What was kept of the checkpoint of a compaction, without which its histories are unknown; null
 * when all of it was. Without the log, two empty histories have the capture of a checkpoint of
 * the session.
 */
export function checkpointCapture(
  session: TraceSession,
  compaction: Compaction,
): PayloadCapture | null {
  const { log, trace } = session;
  if (log !== null) {
    return checkpointOf(session, compaction.compaction_id)?.capture ?? null;
  }
  const { input_item_ids: before, replacement_item_ids: after } = compaction;
  if (before.length + after.length > 0) return null;
  for (const { kind, capture } of trace.raw_payloads.values()) {
    if (kind.type === "compaction_checkpoint" && capture !== undefined) {
      return capture;
    }
  }
  return null;
}

/** How long the histories of a compaction are. */
export function historyLengths(
  session: TraceSession,
  compaction: Compaction,
): HistoryLengths {
  const lost = isCheckpointLost(session, compaction)
    ? null
    : lostHistory(session, compaction);
  return {
    before: lost && compaction.input_item_ids.length + lost.before.length,
    after: lost && compaction.replacement_item_ids.length + lost.after.length,
  };
}

/** Whether the payload with both histories cannot be read. */
function isCheckpointLost(
  session: TraceSession,
  { compaction_id: id, input_item_ids, replacement_item_ids }: Compaction,
): boolean {
  return input_item_ids.length + replacement_item_ids.length === 0 &&
    (session.log?.about("compaction", id) ?? []).some(({ event, line }) =>
      event.payload.type === "compaction_installed" &&
      isEventLost(session, line)
    );
}

/** Which items of the histories were not recorded; null where that is unknown. */
export function lostHistory(
  session: TraceSession,
  compaction: Compaction,
): LostHistory | null {
  if (checkpointCapture(session, compaction) !== null) return null;
  const { log, payloads, trace } = session;
  if (log === null) {
    // Which of several checkpoints is that of the compaction is unknown.
    return trace.raw_payloads.values().some(isPartialCheckpoint)
      ? null
      : NOTHING_LOST;
  }
  const ref = checkpointOf(session, compaction.compaction_id);
  if (ref === undefined || lostItems(ref).length === 0) return NOTHING_LOST;
  if (payloads === null) return null;
  try {
    const document = payloads.open(ref);
    const markers = new PartMarkers(ref);
    const lost = (key: string) =>
      [...document.elements(key) ?? []].flatMap(({ value }) =>
        markers.partOf(value) ?? []
      );
    return {
      before: lost("input_history"),
      after: lost("replacement_history"),
    };
  } catch (error) {
    if (error instanceof PayloadError) return null;
    throw error;
  }
}

function isPartialCheckpoint(ref: RawPayloadRef): boolean {
  return ref.kind.type === "compaction_checkpoint" && lostItems(ref).length > 0;
}

/** The checkpoint of a compaction, which has both histories; `undefined` without the log. */
export function checkpointOf(
  { log, trace }: TraceSession,
  id: CompactionId,
): RawPayloadRef | undefined {
  for (const { event: { payload } } of log?.about("compaction", id) ?? []) {
    if (payload.type === "compaction_installed") {
      return trace.raw_payloads.get(payload.checkpoint_payload.raw_payload_id);
    }
  }
  return undefined;
}
