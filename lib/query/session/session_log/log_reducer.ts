/**
 * Makes the graph of a session log, line by line.
 *
 * @module
 */

import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../../format/payload.ts";
import type {
  CodexTurnId,
  ConversationItemId,
  ThreadId,
} from "../../../format/ids.ts";
import type { UnixMs } from "../../../format/vocabulary.ts";
import type {
  ConversationItem,
  ProducerRef,
} from "../../../graph/conversation.ts";
import { SharedItemIdList } from "../../../graph/item_id_list.ts";
import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import type { Compaction } from "../../../graph/runtime.ts";
import type { AgentThread } from "../../../graph/session.ts";
import { NEWEST_SCHEMA } from "../../../schema/registry.ts";
import {
  activitiesIn,
  type AgentActivity,
  parentIn,
} from "./agent_activity.ts";
import { UnknownLines } from "./line_types.ts";
import { type ItemPlace, LoggedItems } from "./logged_items.ts";
import { agentPathOf, originOf } from "./logged_thread.ts";
import { completedItem, LoggedTools } from "./logged_tools.ts";
import { LoggedTurns } from "./logged_turns.ts";
import { countIn, type LogLine, momentIn, textIn } from "./log_line.ts";
import type { SessionLogFacts } from "./session_log.ts";

/** Takes the lines of one session log in their order. */
export class LogReducer {
  readonly #meta: JsonObject;
  readonly #thread: ThreadId;
  readonly #startedAt: UnixMs;
  /** The last line of the history that the log repeats; 1 where it repeats none. */
  readonly #inheritedTo: number;
  readonly #inherited: ConversationItemId[] = [];
  /** What the lines so far have about other agents. */
  readonly activities: AgentActivity[] = [];
  readonly #items = new LoggedItems();
  /** The tool calls so far. */
  readonly tools: LoggedTools = new LoggedTools();
  /** The turns so far. */
  readonly turns: LoggedTurns;
  readonly #compactions: Map<string, Compaction> = new Map();
  readonly #unknown = new UnknownLines();
  readonly #models: Set<string> = new Set();
  #settings: JsonObject | null = null;
  /** The items of the history, which a compaction replaces. */
  #history: string[] = [];
  /** The last compaction, until its item names it. */
  #unnamed: Compaction | null = null;
  #prompt: string | null = null;
  /** Whether the model wrote anything yet. */
  #hasAnswered = false;
  /** Text of the last item, if it is an answer. */
  #lastAnswer: string | null = null;

  /** `first` is the line with the metadata of the session, `thread` the id in it. */
  constructor(first: LogLine, thread: ThreadId) {
    this.#meta = first.payload;
    this.#thread = thread;
    this.#startedAt = momentIn(first.payload["timestamp"]) ?? first.at;
    this.#inheritedTo = first.number - 1 +
      (countIn(first.payload, "subagent_history_start_ordinal") ?? 1);
    this.turns = new LoggedTurns(thread);
  }

  /**
   * Takes a line.
   *
   * @throws {ReplayError} If it has an item that is malformed.
   */
  take(line: LogLine): void {
    this.#unknown.add(line);
    const { type, payload } = line;
    if (this.isInherited(line)) {
      this.#inherit(line);
      return;
    }
    switch (type) {
      case "turn_context":
        this.#turnContext(line);
        return;
      case "response_item":
        this.#item(line);
        return;
      case "compacted":
        this.#compacted(line);
        return;
      case "event_msg":
        this.#event(line, textIn(payload, "type"));
        return;
      default:
    }
  }

  /** Whether a line is of the history that the log repeats. */
  isInherited({ number }: LogLine): boolean {
    return number <= this.#inheritedTo;
  }

  /** Takes an item of the thread that made this one: its turns, calls and prompt are that one's. */
  #inherit(line: LogLine): void {
    const { type, payload } = line;
    const values = type === "response_item"
      ? [payload]
      : type === "compacted" && Array.isArray(payload["replacement_history"])
      ? payload["replacement_history"]
      : [];
    const thread = this.#thread;
    const place = { thread, turn: null, producers: [], isInherited: true };
    if (type === "compacted") this.#history = [];
    for (const [index, value] of values.entries()) {
      const path = value === payload ? [] : ["replacement_history", index];
      const id = this.#items.add(value, line, place, ...path)?.item_id;
      if (id === undefined) continue;
      this.#inherited.push(id);
      this.#history.push(id);
    }
  }

  /** The graph of the lines so far. */
  get trace(): RolloutTrace {
    this.turns.close();
    const thread = this.#threadOf();
    return {
      schema_version: NEWEST_SCHEMA.version,
      trace_id: "",
      rollout_id: textIn(this.#meta, "session_id") ?? this.#thread,
      started_at_unix_ms: this.#startedAt,
      ended_at_unix_ms: null,
      status: "running",
      root_thread_id: this.#thread,
      threads: new Map([[this.#thread, thread]]),
      codex_turns: this.turns.turns,
      conversation_items: this.#items.items,
      inference_calls: new Map(),
      code_cells: new Map(),
      tool_calls: this.tools.calls,
      terminal_sessions: new Map(),
      terminal_operations: this.tools.operations,
      compactions: this.#compactions,
      compaction_requests: new Map(),
      interaction_edges: new Map(),
      raw_payloads: new Map(),
    };
  }

  /** What the lines so far have besides the graph. */
  get facts(): SessionLogFacts {
    const meta = this.#meta;
    const { source } = meta;
    return {
      cli_version: textIn(meta, "cli_version"),
      model_provider: textIn(meta, "model_provider"),
      session_source: typeof source === "string" ? source : null,
      cwd: textIn(meta, "cwd"),
      models: [...this.#models],
      tokens: this.turns.tokens.total,
      threads: new Map([[this.#thread, {
        thread_source: textIn(meta, "thread_source"),
        forked_from_id: textIn(meta, "forked_from_id"),
        parent_thread_id: parentIn(meta),
        settings: this.#settings,
        tokens: this.turns.tokens.total,
        inherited: this.#inherited,
      }]]),
      turns: this.turns.facts,
      lost_starts: this.turns.lostStarts,
      prompt: this.#prompt,
      elements: this.#items.elements,
      unknown_lines: this.#unknown.all,
      logs: { read: 1, missing: [], unread: [] },
    };
  }

  #threadOf(): AgentThread {
    const meta = this.#meta;
    const [model = null] = this.#models;
    return {
      thread_id: this.#thread,
      agent_path: agentPathOf(meta, this.#thread),
      nickname: textIn(meta, "agent_nickname"),
      origin: originOf(meta, this.#thread),
      execution: {
        started_at_unix_ms: this.#startedAt,
        started_seq: 1,
        ended_at_unix_ms: null,
        ended_seq: null,
        status: "running",
      },
      default_model: model,
      conversation_item_ids: [...this.#items.items.keys()],
    };
  }

  #turnContext(line: LogLine): void {
    const { payload } = line;
    this.turns.mention(textIn(payload, "turn_id"), line);
    this.#settings = payload;
    const model = textIn(payload, "model");
    if (model !== null) this.#models.add(model);
  }

  #event(line: LogLine, type: string | null): void {
    const { payload } = line;
    switch (type) {
      case "task_started":
      case "turn_started":
        this.turns.start(line);
        return;
      case "task_complete":
      case "turn_complete":
        this.turns.complete(line, this.#lastAnswer);
        return;
      case "turn_aborted":
        this.turns.abort(line);
        return;
      case "token_count":
        this.turns.tokens.add(payload["info"]);
        return;
      case "item_completed":
        this.#completed(line);
        return;
      case "sub_agent_activity":
        this.#observe(payload, line);
        return;
      default:
    }
  }

  #completed(line: LogLine): void {
    const item = completedItem(line);
    if (item === null) return;
    this.#observe(item, line);
    const id = textIn(item, "id");
    const compaction = this.#unnamed;
    if (item["type"] !== "ContextCompaction" || id === null) {
      this.tools.completed(item, line);
    } else if (compaction !== null && !this.#compactions.has(id)) {
      this.#unnamed = null;
      this.#rename(compaction, id);
    }
  }

  #observe(item: JsonObject, line: LogLine): void {
    const of = (id: string) => this.tools.answered(id)?.tool_call_id ?? null;
    const found = activitiesIn(item, line, of);
    for (const activity of found) this.activities.push(activity);
  }

  #item(line: LogLine): void {
    const { payload } = line;
    const turn = this.#turnOf(payload, line);
    const output = this.tools.answered(textIn(payload, "call_id"));
    const isOutput = /_output$/.test(textIn(payload, "type") ?? "");
    const producers: ProducerRef[] = isOutput && output !== undefined
      ? [{ type: "tool", tool_call_id: output.tool_call_id }]
      : [];
    const place = { thread: this.#thread, turn, producers };
    const item = this.#items.add(payload, line, place);
    if (item === null) return;
    this.#history.push(item.item_id);
    this.#lastAnswer = answerOf(item);
    this.#mayBePrompt(item, payload);
    switch (item.kind) {
      case "function_call":
      case "custom_tool_call":
        this.tools.call(payload, item);
        return;
      case "function_call_output":
      case "custom_tool_call_output":
        this.tools.output(item);
        return;
      default:
    }
  }

  /**
   * Takes the first message that a user wrote. Codex adds messages about the environment in the same
   * role: newer versions record which ones these are, and of older ones they precede the prompt.
   */
  #mayBePrompt(
    { item_id: id, kind, role }: ConversationItem,
    of: JsonObject,
  ): void {
    if (this.#hasAnswered) return;
    if (kind === "message" && role !== "assistant") {
      const kinds = metadataIn(of, "content_item_kinds");
      const isPrompt = Array.isArray(kinds)
        ? kinds.includes("user.text")
        : parentIn(this.#meta) === null;
      if (role === "user" && isPrompt) this.#prompt = id;
    } else if (textIn(of, "type") !== "agent_message") this.#hasAnswered = true;
  }

  /** The turn that an item names, or the one that runs. */
  #turnOf(item: JsonObject, line: LogLine): CodexTurnId | null {
    const id = metadataIn(item, "turn_id");
    const named = typeof id === "string" ? id : null;
    this.turns.mention(named, line);
    return named ?? this.turns.current;
  }

  #compacted(line: LogLine): void {
    const { payload } = line;
    const { replacement_history: replacement } = payload;
    const turn = this.turns.current;
    if (turn === null || !Array.isArray(replacement)) {
      this.#summarized(line, turn);
      return;
    }
    const id = `compaction:line:${line.number}`;
    const place: ItemPlace = {
      thread: this.#thread,
      turn,
      producers: [{ type: "compaction", compaction_id: id }],
    };
    const marker = this.#items.addMarker(line, place);
    const items = replacement.flatMap((each: JsonValue, index) =>
      this.#items.add(
        each,
        line,
        place,
        "replacement_history",
        index,
      )?.item_id ?? []
    );
    const before = this.#history;
    const compaction: Compaction = {
      compaction_id: id,
      thread_id: this.#thread,
      codex_turn_id: turn,
      installed_at_unix_ms: line.at,
      marker_item_id: marker.item_id,
      request_ids: [],
      input_item_ids: new SharedItemIdList(
        { length: before.length, idAt: (index) => before[index] ?? "" },
        before.length,
      ),
      replacement_item_ids: items,
    };
    this.#compactions.set(id, compaction);
    this.#unnamed = compaction;
    this.#history = [...items];
    this.#lastAnswer = null;
  }

  /** Older versions record the summary, and not the history that replaces the one before. */
  #summarized(line: LogLine, turn: CodexTurnId | null): void {
    const text = textIn(line.payload, "message");
    if (text === null || text === "") return;
    const place = { thread: this.#thread, turn, producers: [] };
    this.#items.addSummary(text, line, place);
    this.#lastAnswer = null;
  }

  /** Sets the id that the log has for a compaction. */
  #rename(compaction: Compaction, id: string): void {
    this.#compactions.delete(compaction.compaction_id);
    this.#compactions.set(id, { ...compaction, compaction_id: id });
    const producer: ProducerRef = { type: "compaction", compaction_id: id };
    for (
      const each of [
        compaction.marker_item_id,
        ...compaction.replacement_item_ids,
      ]
    ) {
      const item = this.#items.items.get(each);
      if (item !== undefined) item.produced_by = [producer];
    }
  }
}

/** The text of an item that is a message of the model; null for any other. */
function answerOf(item: ConversationItem): string | null {
  const { kind, role, agent_message: between, body } = item;
  if (kind !== "message" || role !== "assistant" || between !== undefined) {
    return null;
  }
  return body.parts.flatMap((part) => part.type === "text" ? part.text : [])
    .join("");
}

/** What Codex adds to an item that the model does not see. */
function metadataIn(item: JsonObject, key: string): JsonValue | undefined {
  const { internal_chat_message_metadata_passthrough: metadata } = item;
  return isJsonObject(metadata) ? metadata[key] : undefined;
}
