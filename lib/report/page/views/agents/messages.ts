/**
 * What passed between threads, in order.
 *
 * @module
 */

import type { EdgeRow, Pointer } from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";

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

/** What a message says. */
export interface MessageTexts {
  /** What the receiver's model got to read. */
  readonly received: string;
  /** Name of a part that only the provider can read; null when there is none. */
  readonly sealed: string | null;
  /** What the sender put into its tool call, where the rest does not tell all. */
  readonly sent: string;
}

/** The texts of a message. */
export function textsOf(model: Model, { row, sentBy }: Message): MessageTexts {
  const parts = row.carried_item_ids.flatMap((id) => model.item(id)?.parts ?? []);
  const received = parts
    .filter(({ type }) => type === "text" || type === "json")
    .map(({ text }) => model.text(text)).join("\n").trim();
  const sealed = parts.find(({ type }) => type === "encoded");
  const whole = received !== "" && sealed === undefined;
  const input = sentBy === null ? null : model.tool(sentBy[1])?.input ?? null;
  return {
    received,
    sealed: sealed === undefined ? null : sealed.label ?? "encoded content",
    sent: whole ? "" : model.text(input),
  };
}
