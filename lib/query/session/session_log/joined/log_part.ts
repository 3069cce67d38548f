/**
 * One of the logs of a session, as a part of the joined graph: its objects have other ids there, because
 * each log counts its own.
 *
 * @module
 */

import type {
  CodexTurnId,
  CompactionId,
  ConversationItemId,
  TerminalOperationId,
  ThreadId,
  ToolCallId,
} from "../../../../format/ids.ts";
import type { Integer } from "../../../../format/vocabulary.ts";
import type {
  ConversationItem,
  ProducerRef,
} from "../../../../graph/conversation.ts";
import { SharedItemIdList } from "../../../../graph/item_id_list.ts";
import type {
  Compaction,
  TerminalOperation,
  ToolCall,
} from "../../../../graph/runtime.ts";
import type {
  AgentThread,
  CodexTurn,
  ExecutionWindow,
} from "../../../../graph/session.ts";
import type {
  LoggedElement,
  SessionLog,
  ThreadFacts,
  TurnFacts,
} from "../session_log.ts";
import type { ThreadActivity } from "./agent_edges.ts";

/** The objects of all logs, and what else these have. */
export class JoinedObjects {
  readonly threads: Map<ThreadId, AgentThread> = new Map();
  readonly turns: Map<CodexTurnId, CodexTurn> = new Map();
  readonly items: Map<ConversationItemId, ConversationItem> = new Map();
  readonly tools: Map<ToolCallId, ToolCall> = new Map();
  readonly operations: Map<TerminalOperationId, TerminalOperation> = new Map();
  readonly compactions: Map<CompactionId, Compaction> = new Map();
  /** What the logs have of each turn. */
  readonly turnFacts: Map<CodexTurnId, TurnFacts> = new Map();
  /** What the logs have of each thread. */
  readonly threadFacts: Map<ThreadId, ThreadFacts> = new Map();
  /** The elements behind items. */
  readonly elements: Map<ConversationItemId, LoggedElement> = new Map();
  /** Lines that mention a turn first. */
  readonly lostStarts: Set<Integer> = new Set();
  /** What threads recorded about others. */
  readonly activities: ThreadActivity[] = [];
}

/** One of the logs, with the ids that its objects have in the joined graph. */
export class LogPart {
  readonly log: SessionLog;
  /** The number of a line among those of all logs. */
  readonly seqOf: (line: Integer) => number;
  /** The ids of its items; to be set. */
  readonly itemIds: Map<ConversationItemId, ConversationItemId> = new Map();
  /** The ids of its operations; to be set. */
  readonly operationIds: Map<TerminalOperationId, TerminalOperationId> =
    new Map();
  /** The ids of its tool calls, of those alone that no other log has. */
  readonly toolIds: ReadonlyMap<string, string>;
  readonly #compactionIds: ReadonlyMap<string, string>;
  readonly #thread: ThreadId;
  /** Its turns that an earlier log has: those of the thread that it was forked from. */
  readonly #repeated: ReadonlySet<string>;

  /** Takes ids for the turns, tool calls and compactions of a log. */
  constructor(
    log: SessionLog,
    seqOf: (line: Integer) => number,
    joined: JoinedObjects,
  ) {
    const { trace } = log;
    this.log = log;
    this.seqOf = seqOf;
    this.#thread = trace.root_thread_id;
    this.#repeated = new Set(
      [...trace.codex_turns.keys()].filter((id) => joined.turns.has(id)),
    );
    const isOwn = (turn: string | null) => !this.#repeated.has(turn ?? "");
    const idsOf = <T>(
      objects: ReadonlyMap<string, T>,
      taken: ReadonlyMap<string, unknown>,
      turnOf: (object: T) => string | null,
    ) =>
      new Map(
        [...objects].flatMap(([id, object]) =>
          isOwn(turnOf(object)) ? [[id, this.#free(id, taken)]] : []
        ),
      );
    this.toolIds = idsOf(
      trace.tool_calls,
      joined.tools,
      (tool) => tool.started_by_codex_turn_id,
    );
    this.#compactionIds = idsOf(
      trace.compactions,
      joined.compactions,
      (compaction) => compaction.codex_turn_id,
    );
    // The ids are taken, and the objects follow when every item has its number.
    for (const [id, turn] of trace.codex_turns) {
      if (isOwn(id)) {
        joined.turns.set(id, {
          ...turn,
          execution: this.#window(turn.execution),
        });
      }
    }
    for (const [id, tool] of trace.tool_calls) {
      const own = this.toolIds.get(id);
      if (own !== undefined) joined.tools.set(own, tool);
    }
    for (const [id, compaction] of trace.compactions) {
      const own = this.#compactionIds.get(id);
      if (own !== undefined) joined.compactions.set(own, compaction);
    }
  }

  /** Adds the objects of the log, with their ids and numbers. */
  addTo(joined: JoinedObjects): void {
    const { log } = this;
    const { trace, facts } = log;
    const inherited: ConversationItemId[] = [];
    for (const [id, item] of trace.conversation_items) {
      const placed = joined.items.get(this.#item(id));
      if (placed === undefined) continue;
      placed.produced_by = this.#producers(item);
      if (!this.#repeated.has(item.codex_turn_id ?? "")) continue;
      placed.codex_turn_id = null;
      inherited.push(placed.item_id);
    }
    for (const [id, thread] of trace.threads) {
      joined.threads.set(id, {
        ...thread,
        execution: this.#window(thread.execution),
        conversation_item_ids: this.#items(thread.conversation_item_ids),
      });
    }
    for (const [id, tool] of trace.tool_calls) {
      const own = this.toolIds.get(id);
      if (own !== undefined) joined.tools.set(own, this.#tool(tool, own));
    }
    for (const [id, compaction] of trace.compactions) {
      const own = this.#compactionIds.get(id);
      if (own === undefined) continue;
      joined.compactions.set(own, this.#compaction(compaction, own));
    }
    for (const [id, turn] of facts.turns) {
      if (!this.#repeated.has(id)) joined.turnFacts.set(id, turn);
    }
    for (const [id, thread] of facts.threads) {
      const before = this.#items(thread.inherited);
      joined.threadFacts.set(id, {
        ...thread,
        inherited: [...before, ...inherited],
      });
    }
    for (const [id, element] of facts.elements) {
      joined.elements.set(this.#item(id), element);
    }
    for (const line of facts.lost_starts) {
      joined.lostStarts.add(this.seqOf(line));
    }
    for (const { tool, ...activity } of log.activities) {
      const own = tool === null ? null : this.toolIds.get(tool);
      if (own === undefined) continue;
      joined.activities.push({ ...activity, tool: own, thread: this.#thread });
    }
  }

  /** An operation with its new ids. */
  operation(
    operation: TerminalOperation,
    operation_id: string,
  ): TerminalOperation {
    const { tool_call_id: tool, execution } = operation;
    return {
      ...operation,
      operation_id,
      tool_call_id: this.toolIds.get(tool) ?? tool,
      execution: this.#window(execution),
    };
  }

  #tool(tool: ToolCall, tool_call_id: string): ToolCall {
    const { terminal_operation_id: operation, summary } = tool;
    const own = operation === null
      ? null
      : this.operationIds.get(operation) ?? null;
    return {
      ...tool,
      tool_call_id,
      execution: this.#window(tool.execution),
      model_visible_call_item_ids: this.#items(
        tool.model_visible_call_item_ids,
      ),
      model_visible_output_item_ids: this.#items(
        tool.model_visible_output_item_ids,
      ),
      terminal_operation_id: own,
      summary: summary.type === "terminal" && own !== null
        ? { ...summary, operation_id: own }
        : summary,
    };
  }

  #compaction(compaction: Compaction, compaction_id: string): Compaction {
    const before = this.#items(compaction.input_item_ids);
    const storage = {
      length: before.length,
      idAt: (index: number) => before[index] ?? "",
    };
    return {
      ...compaction,
      compaction_id,
      marker_item_id: this.#item(compaction.marker_item_id),
      input_item_ids: new SharedItemIdList(storage, before.length),
      replacement_item_ids: this.#items(compaction.replacement_item_ids),
    };
  }

  #producers(
    { produced_by }: ConversationItem,
  ): ConversationItem["produced_by"] {
    return produced_by.flatMap((each): ProducerRef[] => {
      switch (each.type) {
        case "tool": {
          const id = this.toolIds.get(each.tool_call_id);
          return id === undefined ? [] : [{ ...each, tool_call_id: id }];
        }
        case "compaction": {
          const id = this.#compactionIds.get(each.compaction_id);
          return id === undefined ? [] : [{ ...each, compaction_id: id }];
        }
        default:
          return [each];
      }
    });
  }

  #window(execution: ExecutionWindow): ExecutionWindow {
    const { started_seq: start, ended_seq: end } = execution;
    return {
      ...execution,
      started_seq: this.seqOf(start),
      ended_seq: end === null ? null : this.seqOf(end),
    };
  }

  #items(ids: Iterable<ConversationItemId>): ConversationItemId[] {
    return Array.from(ids, (id) => this.#item(id));
  }

  #item(id: ConversationItemId): ConversationItemId {
    return this.itemIds.get(id) ?? id;
  }

  /** An id that no object of another log has: two agents may use one id for their calls. */
  #free(id: string, taken: ReadonlyMap<string, unknown>): string {
    return taken.has(id) ? `${id}@${this.#thread}` : id;
  }
}
