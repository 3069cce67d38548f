/**
 * The edges between threads as messages, in order.
 *
 * @module
 */

import type { EdgeRow, Pointer } from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";
import { toolInput } from "../transcript/cards/tool_input.ts";

/** An edge with its sender and its receiver. */
export interface Message {
  readonly row: EdgeRow;
  readonly pointer: Pointer;
  /** Null where the graph does not have the thread. */
  readonly from: string | null;
  readonly to: string | null;
  /** The tool call that sent it; null when the runtime sent it. */
  readonly sentBy: Pointer | null;
  /** The item in which it was delivered; null when it was not. */
  readonly arrivedIn: Pointer | null;
}

/** Every message, in the order of sending. */
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

export interface MessageTexts {
  /** The text that the receiver's model received. */
  readonly received: string;
  /** Name of a part that only the provider can read; null when there is none. */
  readonly sealed: string | null;
  /** The text of the sender's tool call, where the received text is not complete. */
  readonly sent: string;
}

/** Reads the texts of a message. */
export function textsOf(model: Model, { row, sentBy }: Message): MessageTexts {
  const parts = row.carried_item_ids.flatMap((id) =>
    model.item(id)?.parts ?? []
  );
  const received = parts
    .filter(({ type }) => type === "text" || type === "json")
    .map(({ text }) => model.text(text)).join("\n").trim();
  const sealed = parts.find(({ type }) => type === "encoded");
  const complete = received !== "" && sealed === undefined;
  return {
    received,
    sealed: sealed === undefined ? null : sealed.label ?? "encoded content",
    sent: complete || sentBy === null ? "" : sentText(model, sentBy[1]),
  };
}

/** The message that a tool call sent; empty where it sent none, such as one that closes an agent. */
function sentText(model: Model, id: string): string {
  const tool = model.tool(id);
  if (tool === undefined) return "";
  const item = model.item(tool.call_item_ids[0] ?? "");
  const { values, text } = toolInput(model, tool, item);
  if (values === null) return model.text(tool.input) || text;
  return values.find(({ name }) => name === "message")?.text ?? "";
}
