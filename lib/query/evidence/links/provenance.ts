/**
 * The origin of an item: a model, a terminal, a code cell, another agent.
 *
 * @module
 */

import type { ConversationItem } from "../../../graph/conversation.ts";
import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import type { GraphLinks } from "./graph_links.ts";
import type {
  ObjectKey,
  ReferenceRole,
} from "../../../graph/codec/reference.ts";
import { isNotification } from "./reported_agents.ts";
import type { ConversationItemId } from "../../../format/ids.ts";
import type { CodeCell, ToolCall } from "../../../graph/runtime.ts";

/** The origin of an item. */
export type Provenance =
  /** A model wrote it. */
  | "model"
  /** The output of a terminal operation. */
  | "terminal"
  /** Values that a code cell returned. */
  | "code_cell"
  /** A text that the code of a cell sent with `notify()`, apart from its result. */
  | "cell_notification"
  /** The result of any other tool. */
  | "tool"
  /** Another agent: a task, a message or the notification of a result. */
  | "agent"
  /** A compaction, which wrote them into the new history. */
  | "compaction"
  /** The user's role: typed by a person, or context that the program adds in that role. */
  | "user_role"
  /** Instructions and context that the program puts before the conversation. */
  | "instructions"
  /** Not recorded. */
  | "unknown";

/** Returns the origin of an item, by its links in the graph. */
export function getProvenance(
  trace: RolloutTrace,
  links: GraphLinks,
  item: ConversationItem,
): Provenance {
  const roles = links.to("item", item.item_id);
  const has = (role: ReferenceRole) => roles.some((each) => each.role === role);
  if (has("response_item")) return "model";
  if (item.produced_by.some(({ type }) => type === "compaction")) {
    return "compaction";
  }
  if (
    item.agent_message !== undefined || isNotification(item) ||
    has("edge_target") ||
    has("carried_item")
  ) return "agent";
  const makers = makersOf(links, item);
  const cell = makers.find(({ kind }) => kind === "code_cell")?.id;
  if (cell !== undefined) {
    return isNotice(trace, cell, item) ? "cell_notification" : "code_cell";
  }
  for (const { id } of makers) {
    if (links.to("tool_call", id, "wait_tool").length > 0) return "code_cell";
    const operation = trace.tool_calls.get(id)?.terminal_operation_id;
    if (typeof operation === "string") return "terminal";
  }
  if (makers.length > 0) return "tool";
  return byRole(item);
}

/** How the answer of a cell begins; the program puts it there. */
const ANSWER = /^Script (?:completed|failed|running|terminated)\b/;

/**
 * Whether an output is one that the cell's code sent by itself: the call was answered by another
 * item, which has the result of the script.
 */
export function isNotice(
  { code_cells: cells, conversation_items: items }: RolloutTrace,
  cell: string,
  item: ConversationItem,
): boolean {
  const ids = cells.get(cell)?.output_item_ids ?? [];
  if (ids.length < 2) return false;
  const answer = ids.find((id) => {
    const other = items.get(id);
    return other !== undefined && other.call_id === item.call_id &&
      isAnswer(other);
  });
  return answer !== undefined && answer !== item.item_id;
}

function isAnswer({ body }: ConversationItem): boolean {
  const [part] = body.parts;
  return part?.type === "text" && ANSWER.test(part.text);
}

function byRole(
  { role, kind, produced_by: producers }: ConversationItem,
): Provenance {
  for (const { type } of producers) {
    if (type === "inference") return "model";
    if (type === "harness") return "instructions";
    if (type === "user_input") return "user_role";
  }
  if (kind !== "message") return "unknown";
  switch (role) {
    case "user":
      return "user_role";
    case "developer":
    case "system":
      return "instructions";
    case "assistant":
    case "tool":
      return "unknown";
  }
}

/** The tool calls and code cells whose output an item is. */
export function makersOf(
  links: GraphLinks,
  { item_id: id, produced_by: producers }: ConversationItem,
): ObjectKey[] {
  const makers: ObjectKey[] = links.to("item", id, "output_item")
    .map(({ from }) => from);
  for (const producer of producers) {
    const maker: ObjectKey | null = producer.type === "tool"
      ? { kind: "tool_call", id: producer.tool_call_id }
      : producer.type === "code_cell"
      ? { kind: "code_cell", id: producer.code_cell_id }
      : null;
    if (maker !== null && !makers.some((each) => isSame(each, maker))) {
      makers.push(maker);
    }
  }
  return makers;
}

/** The output items of a tool call: those that it lists, then those that name it. */
export function outputsOfTool(
  links: GraphLinks,
  { tool_call_id: id, model_visible_output_item_ids: listed }: ToolCall,
): ConversationItemId[] {
  return withNamed(links, { kind: "tool_call", id }, listed);
}

/** The output items of a code cell: those that it lists, then those that name it. */
export function outputsOfCell(
  links: GraphLinks,
  { code_cell_id: id, output_item_ids: listed }: CodeCell,
): ConversationItemId[] {
  return withNamed(links, { kind: "code_cell", id }, listed);
}

function withNamed(
  links: GraphLinks,
  { kind, id }: ObjectKey,
  listed: readonly ConversationItemId[],
): ConversationItemId[] {
  const named = links.to(kind, id, "producer")
    .filter(({ from }) => from.kind === "item" && !listed.includes(from.id))
    .map(({ from }) => from.id);
  return [...listed, ...named];
}

function isSame(one: ObjectKey, other: ObjectKey): boolean {
  return one.kind === other.kind && one.id === other.id;
}
