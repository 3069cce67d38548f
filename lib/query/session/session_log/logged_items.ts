/**
 * The items of a session log, normalized as the reducer normalizes those of payloads.
 *
 * @module
 */

import type {
  CodexTurnId,
  ConversationItemId,
  ThreadId,
} from "../../../format/ids.ts";
import { isJsonObject, type JsonValue } from "../../../format/payload.ts";
import type {
  ConversationItem,
  ConversationPart,
  ProducerRef,
} from "../../../graph/conversation.ts";
import { normalizeItem } from "../../../reduce/items/normalize_item.ts";
import { PartMarkers } from "../../../reduce/items/part_markers.ts";
import { NEWEST_SCHEMA } from "../../../schema/registry.ts";
import { type LogLine, spelledPart } from "./log_line.ts";
import type { LoggedElement } from "./session_log.ts";

/** Where an item belongs. */
export interface ItemPlace {
  readonly thread: ThreadId;
  /** Its turn; null between turns. */
  readonly turn: CodexTurnId | null;
  /** What caused it, as far as the log has it. */
  readonly producers: readonly ProducerRef[];
  /** Whether another thread had it: then no tool call has the name of what it calls. */
  readonly isInherited?: boolean;
}

/** The items, while the log is read. */
export class LoggedItems {
  /** The items, in order. */
  readonly items: Map<ConversationItemId, ConversationItem> = new Map();
  /** The elements of those of which the graph has only a part. */
  readonly elements: Map<ConversationItemId, LoggedElement> = new Map();

  /**
   * Takes an element of a line; null where it is no item of the conversation.
   *
   * @param path Where the line's payload has it.
   * @throws {ReplayError} If the element is malformed.
   */
  add(
    value: JsonValue,
    line: LogLine,
    place: ItemPlace,
    ...path: readonly (string | number)[]
  ): ConversationItem | null {
    const raw_payload_id = `line:${line.number}`;
    const source = () => spelledPart(line, ...path);
    const kind = { type: "model_item" } as const;
    const normalized = normalizeItem(
      { value, source },
      raw_payload_id,
      NEWEST_SCHEMA.reduce,
      new PartMarkers({ raw_payload_id, kind }),
      true,
    );
    if (normalized === null) return null;
    const { role, channel, parts, callId, agentMessage, responsesId } =
      normalized;
    const item = this.#made(line, place, {
      ...responsesId === null ? {} : { responses_item_id: responsesId },
      role,
      channel,
      kind: normalized.kind,
      ...agentMessage === null ? {} : { agent_message: agentMessage },
      body: { parts },
      call_id: callId,
    });
    const isNamed = place.isInherited === true && callId !== null;
    if (
      isJsonObject(value) && (isNamed || isPartial(parts, value["arguments"]))
    ) {
      const isText = typeof value["arguments"] === "string";
      this.elements.set(item.item_id, {
        value,
        source: isText ? null : source(),
      });
    }
    return item;
  }

  /** Adds the mark of a compaction. */
  addMarker(line: LogLine, place: ItemPlace): ConversationItem {
    return this.#made(line, place, {
      role: "assistant",
      channel: null,
      kind: "compaction_marker",
      body: { parts: [] },
      call_id: null,
    });
  }

  /** Adds the summary of a compaction whose new history was not recorded. */
  addSummary(text: string, line: LogLine, place: ItemPlace): ConversationItem {
    return this.#made(line, place, {
      role: "assistant",
      channel: "summary",
      kind: "message",
      body: { parts: [{ type: "text", text }] },
      call_id: null,
    });
  }

  #made(
    { at, number }: LogLine,
    { thread, turn, producers }: ItemPlace,
    content: Pick<
      ConversationItem,
      "role" | "channel" | "kind" | "body" | "call_id"
    >,
  ): ConversationItem {
    const item: ConversationItem = {
      item_id: `conversation_item:${this.items.size + 1}`,
      accepted_at_unix_ms: at,
      accepted_seq: number,
      thread_id: thread,
      codex_turn_id: turn,
      first_seen_at_unix_ms: at,
      ...content,
      produced_by: [...producers],
    };
    this.items.set(item.item_id, item);
    return item;
  }
}

/** Whether the parts have less than the element: JSON that was cut or spelled anew, an image. */
function isPartial(
  parts: readonly ConversationPart[],
  given: JsonValue | undefined,
): boolean {
  return parts.some((part) =>
    part.type === "payload_ref" ||
    part.type === "json" &&
      (typeof given === "string"
        ? part.summary !== given
        : part.summary.endsWith("..."))
  );
}
