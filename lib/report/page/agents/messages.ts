/**
 * What passed between threads, in order.
 *
 * @module
 */

import type { EdgeRow, Pointer } from "../../report_data.ts";
import type { Model } from "../model/model.ts";

/** What passed from one thread to another. */
export interface Message {
  readonly row: EdgeRow;
  readonly pointer: Pointer;
  /** Null where the graph does not hold the thread. */
  readonly from: string | null;
  readonly to: string | null;
  /** The tool call by which it was sent; null when none was needed. */
  readonly sentBy: Pointer | null;
  /** The item it arrived in; null when it never did. */
  readonly arrivedIn: Pointer | null;
}

/** A word for what passes along an edge. */
export function edgeWord(kind: EdgeRow["kind"]): string {
  switch (kind) {
    case "spawn_agent":
      return "spawn";
    case "assign_agent_task":
      return "task";
    case "send_message":
      return "message";
    case "agent_result":
      return "result";
    case "close_agent":
      return "close";
  }
}

/** Everything that passed, in the order it was sent. */
export function messagesOf(model: Model): Message[] {
  return model.rows.edges.map((row): Message => {
    const carried = row.carried_item_ids[0];
    return {
      row,
      pointer: ["edge", row.id],
      from: row.source_thread_id,
      to: row.target_thread_id,
      sentBy: row.source[0] === "tool_call" ? row.source : null,
      arrivedIn: row.target[0] === "item"
        ? row.target
        : carried === undefined
        ? null
        : ["item", carried],
    };
  }).sort((a, b) => a.row.started - b.row.started);
}

/** The text of a message, as the receiver got it, or else as the sender wrote it. */
export function textOf(model: Model, { row, sentBy }: Message): string {
  const items = row.carried_item_ids.map((id) => model.item(id));
  const texts = items.flatMap((item) => item?.parts ?? [])
    .filter(({ type }) => type === "text" || type === "json")
    .map(({ text }) => model.text(text));
  const carried = texts.join("\n").trim();
  if (carried !== "" || sentBy === null) return carried;
  return model.text(model.tool(sentBy[1])?.input ?? null);
}
