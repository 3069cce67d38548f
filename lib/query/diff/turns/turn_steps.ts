/**
 * The steps of each turn of a thread: what its model received and wrote, and the tool calls that
 * its code made.
 *
 * @module
 */

import type { CodeCell, ToolCall } from "../../../graph/runtime.ts";
import type { ConversationItem } from "../../../graph/conversation.ts";
import type { ThreadId } from "../../../format/ids.ts";
import type { CodexTurn } from "../../../graph/session.ts";
import { excerpt } from "../../evidence/excerpt.ts";
import { lostEvidence } from "../../evidence/known_count.ts";
import { effectiveRequest } from "../../evidence/recorded/effective_request.ts";
import { mayLackItems } from "../../evidence/recorded/listed_items.ts";
import {
  isRequestLost,
  isResponseLost,
} from "../../evidence/recorded/losses.ts";
import { payloadObject } from "../../evidence/recorded/payload_fields.ts";
import { threadItems } from "../../evidence/recorded/thread_items.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";
import { toolLabel } from "../../session/names/tool_name.ts";
import type { TraceSession } from "../../session/session.ts";
import { callsOfThread } from "../../session/thread_calls.ts";
import type { ItemList } from "../conversation_diff.ts";
import type { ListItems } from "../item_lists.ts";
import type { TurnStep } from "./turns_answer.ts";

/** A step, with what it is compared by. */
export interface ReadStep {
  /** The item, or the tool call of a code cell. */
  readonly object: ObjectRef;
  /** What makes it the same as a step of the other session but for ids and times. */
  readonly key: string;
  /** What makes it exactly the same. */
  readonly exactKey: string;
  /** What it shares with a step of the other session in its place. */
  readonly slot: string;
  /** How much of its content is known. */
  readonly knowledge: "complete" | "encrypted" | "partial";
  /** The step as an answer has it. */
  readonly step: () => TurnStep;
  /** Its complete text. */
  readonly text: () => string;
  /** Its complete text without ids and times. */
  readonly normalized: () => string;
  readonly isByModel: boolean;
  /** Whether it may be the prompt of a turn. */
  readonly isPrompt: boolean;
}

/** A turn with its steps. */
export interface ReadTurn {
  readonly turn: CodexTurn;
  readonly steps: readonly ReadStep[];
  /** What the user or another agent wrote; null where that is unknown, or there is none. */
  readonly prompt: ReadStep | null;
  /** Whether there may have been more steps. */
  readonly mayLackSteps: boolean;
}

/** Returns the turns of a thread in order, with their steps. */
export function readTurns(
  session: TraceSession,
  thread: ThreadId,
  listItems: ListItems,
): ReadTurn[] {
  const { trace } = session;
  const turns = trace.codex_turns.values()
    .filter(({ thread_id: id }) => id === thread).toArray()
    .sort((a, b) => a.execution.started_seq < b.execution.started_seq ? -1 : 1);
  const steps = stepsByTurn(session, thread, turns, listItems);
  const calls = Map.groupBy(
    callsOfThread(trace, thread),
    ({ codex_turn_id: id }) => id,
  );
  const isLossy = lostEvidence(session).events;
  return turns.map((turn) => {
    const own = steps.get(turn.codex_turn_id) ?? [];
    const sent = calls.get(turn.codex_turn_id) ?? [];
    const [first] = sent;
    const isUnknown = first !== undefined &&
      (isRequestLost(session, first) ||
        mayLackItems(effectiveRequest(session, first).ref));
    return {
      turn,
      steps: own,
      prompt: isUnknown ? null : promptIn(own),
      mayLackSteps: isLossy ||
        sent.some((call) =>
          isRequestLost(session, call) || isResponseLost(session, call) ||
          mayLackItems(effectiveRequest(session, call).ref) ||
          mayLackItems(
            trace.raw_payloads.get(call.raw_response_payload_id ?? ""),
          )
        ),
    };
  });
}

/** The last message that the model was given before it wrote anything. */
function promptIn(steps: readonly ReadStep[]): ReadStep | null {
  const end = steps.findIndex(({ isByModel }) => isByModel);
  const before = end < 0 ? steps : steps.slice(0, end);
  const found = before.findLast(({ isPrompt }) => isPrompt);
  return found?.knowledge === "complete" ? found : null;
}

/** Steps of a turn that the graph does not have belong to the turn before it. */
function stepsByTurn(
  session: TraceSession,
  thread: ThreadId,
  turns: readonly CodexTurn[],
  listItems: ListItems,
): Map<string, ReadStep[]> {
  const { trace } = session;
  const list = listItems(threadItems(trace, thread).map(({ id }) => id));
  const cells = new Map(
    trace.code_cells.values().filter(({ thread_id: id }) => id === thread)
      .map((cell) => [cell.source_item_id, cell]),
  );
  const nested = new NestedCalls(session);
  const found = new Map<string, ReadStep[]>(
    turns.map(({ codex_turn_id: id }) => [id, []]),
  );
  let steps = found.get(turns[0]?.codex_turn_id ?? "");
  for (const [index, id] of list.ids.entries()) {
    const item = list.contents.item(id);
    if (item === undefined) continue;
    steps = found.get(item.codex_turn_id ?? "") ?? steps;
    if (steps === undefined) break;
    steps.push(stepOfItem(session, list, index, item));
    const cell = cells.get(id);
    if (cell !== undefined) {
      for (const each of nested.of(cell)) steps.push(each);
    }
  }
  return found;
}

function stepOfItem(
  { names }: TraceSession,
  { keys, exactKeys = keys, slot, contents, normalized }: ItemList,
  index: number,
  item: ConversationItem,
): ReadStep {
  const { item_id: id, kind, role } = item;
  const isByModel = role === "assistant" && item.agent_message === undefined;
  const object = names.ref("item", id);
  return {
    object,
    key: keys[index] ?? "",
    exactKey: exactKeys[index] ?? "",
    slot: slot(item),
    knowledge: contents.knowledge(item),
    text: () => contents.text(item),
    normalized: () => contents.text(item, normalized),
    isByModel,
    isPrompt: kind === "message" &&
      (role === "user" || item.agent_message !== undefined),
    step: () => ({
      object,
      step_kind: kind,
      role,
      tool: contents.tool(item),
      by_model: isByModel,
      excerpt: excerpt(contents.text(item)),
    }),
  };
}

/** Numbers of processes in arguments, which are given anew in each session. */
const PROCESS = /("session_id"\s*:\s*)(\d+)/g;

/** Reads the tool calls of code cells; processes are numbered as they appear. */
class NestedCalls {
  readonly #session: TraceSession;
  readonly #processes: Map<string, number> = new Map();

  constructor(session: TraceSession) {
    this.#session = session;
  }

  /** The calls that a cell made, in order. */
  of({ nested_tool_call_ids: ids }: CodeCell): ReadStep[] {
    const { trace } = this.#session;
    return ids.flatMap((id) => {
      const tool = trace.tool_calls.get(id);
      return tool === undefined ? [] : this.#step(tool);
    });
  }

  #step(tool: ToolCall): ReadStep {
    const { names } = this.#session;
    const label = toolLabel(tool);
    const recorded = argumentsOf(this.#session, tool);
    const { summary } = tool;
    const preview = summary.type === "generic" ? summary.input_preview : null;
    const text = recorded ?? preview ?? "";
    const normalized = text.replace(
      PROCESS,
      (_, key: string, id: string) => {
        const number = this.#processes.get(id) ?? this.#processes.size + 1;
        this.#processes.set(id, number);
        return `${key}(process ${number})`;
      },
    );
    const keyOf = (content: string) =>
      JSON.stringify(["nested", label, content]);
    const object = names.ref("tool_call", tool.tool_call_id);
    return {
      object,
      key: keyOf(normalized),
      exactKey: keyOf(text),
      slot: keyOf(""),
      knowledge: recorded === null ? "partial" : "complete",
      text: () => text,
      normalized: () => normalized,
      isByModel: true,
      isPrompt: false,
      step: () => ({
        object,
        step_kind: "nested_tool_call",
        role: null,
        tool: label,
        by_model: true,
        excerpt: excerpt(text),
      }),
    };
  }
}

/** The arguments of a call, as its code wrote them; null where they were not recorded. */
function argumentsOf(session: TraceSession, tool: ToolCall): string | null {
  const body = payloadObject(session, tool.raw_invocation_payload_id);
  const payload = body?.["payload"];
  if (payload === undefined || payload === null) return null;
  if (typeof payload !== "object" || Array.isArray(payload)) {
    return JSON.stringify(payload);
  }
  const written = payload["arguments"] ?? payload["input"];
  return typeof written === "string" ? written : JSON.stringify(payload);
}
