/**
 * What is printed of the lines of a session log that is followed.
 *
 * Handles are numbered as in the graph of the log: the third call of a tool is `tool:3`.
 *
 * @module
 */

import { elapsed } from "../../../format/integers.ts";
import { isJsonObject, type JsonObject } from "../../../format/payload.ts";
import type { ToolCall } from "../../../graph/runtime.ts";
import { excerpt, requestExcerpt } from "../../evidence/excerpt.ts";
import { inputPreview } from "../../evidence/tool_preview.ts";
import {
  type Outcome,
  outcomeOfStatus,
} from "../../failures/outcome/outcome.ts";
import {
  HANDLE_WORDS,
  type ObjectKind,
  type ObjectRef,
} from "../../session/names/object_kind.ts";
import { toolLabel } from "../../session/names/tool_name.ts";
import type { SessionDiagnostic } from "../../session/session_diagnostics.ts";
import { type LogLine, textIn } from "../../session/session_log/log_line.ts";
import { completedItem } from "../../session/session_log/logged_tools.ts";
import { LogReducer } from "../../session/session_log/log_reducer.ts";
import type { FollowedEvent, FollowedTool } from "./followed_event.ts";
import type { FollowStatus, RunningObject } from "./follow_status.ts";
import {
  errorOf,
  lossEvent,
  type Place,
  plain,
  PROTOCOL_ISSUES,
  protocolEvent,
} from "./made_events.ts";

/** A call without an output. */
interface OpenCall extends RunningObject {
  readonly turn: string | null;
}

/** Reads the lines of one log. */
export class LogEvents {
  #reducer: LogReducer | undefined;
  #thread: ObjectRef | null = null;
  #path: string | null = null;
  #lastError: string | null = null;
  readonly #turns: Map<string, ObjectRef> = new Map();
  readonly #tools: Map<string, ObjectRef> = new Map();
  readonly #open: Map<string, OpenCall> = new Map();
  readonly #named: string | null;

  /** Takes the thread that the log is of, by its name; null where that has none. */
  constructor(named: string | null = null) {
    this.#named = named;
  }

  /**
   * Reads the next line and returns what is printed of it; `undefined` for most.
   *
   * @throws {ReplayError} If it has an item that is malformed.
   */
  read(line: LogLine): FollowedEvent | undefined {
    const reducer = this.#reducer;
    if (reducer === undefined) return this.#start(line);
    reducer.take(line);
    if (reducer.isInherited(line)) return undefined;
    this.#noteTurn(line, reducer);
    const event = this.#event(line, reducer);
    if (event?.issue === "failed") this.#lastError = event.error;
    return event;
  }

  /** Returns what is printed of a line that cannot be read. */
  readLoss(diagnostic: SessionDiagnostic): FollowedEvent {
    const [thread, agent_path] = [this.#thread, this.#path];
    return lossEvent(diagnostic, { thread, agent_path, turn: null });
  }

  /** What runs; tokens are known of turns that ended only. */
  get status(): FollowStatus {
    const id = this.#reducer?.turns.current ?? "";
    const [turn, object] = [
      this.#reducer?.turns.turns.get(id),
      this.#turns.get(id),
    ];
    const open = [...this.#open.values()];
    return {
      turn: turn === undefined || object === undefined ? null : {
        object,
        name: null,
        started_at_unix_ms: turn.execution.started_at_unix_ms,
      },
      agent_path: turn === undefined ? null : this.#path,
      activity: open.find((each) => each.turn === id) ?? null,
      running: open.length,
      prompt_tokens: null,
      output_tokens: null,
      last_error: this.#lastError,
    };
  }

  /** Takes the metadata; lines before them have no session. */
  #start(line: LogLine): FollowedEvent | undefined {
    const { type, payload } = line;
    const thread = type === "session_meta" ? textIn(payload, "id") : null;
    if (thread === null || thread !== (this.#named ?? thread)) return undefined;
    this.#reducer = new LogReducer(line, thread);
    this.#thread = refOf("thread", thread, 1);
    this.#path = textIn(payload, "agent_path");
    return plain(this.#placeOf(line, null), { type: "session_started" });
  }

  #event(line: LogLine, reducer: LogReducer): FollowedEvent | undefined {
    const { type, payload } = line;
    const turn = reducer.turns.current;
    switch (type) {
      case "response_item":
        return this.#item(line, reducer);
      case "compacted":
        return plain(this.#placeOf(line, turn), { type: "compaction" });
      case "event_msg":
        return this.#message(line, reducer, textIn(payload, "type") ?? "");
      default:
        return undefined;
    }
  }

  #message(
    line: LogLine,
    reducer: LogReducer,
    type: string,
  ): FollowedEvent | undefined {
    const { payload } = line;
    const turn = textIn(payload, "turn_id") ?? reducer.turns.current;
    const place = this.#placeOf(line, turn);
    switch (type) {
      case "task_started":
      case "turn_started":
        return plain({ ...place, object: place.turn }, {
          type: "turn_started",
        });
      case "task_complete":
      case "turn_complete":
      case "turn_aborted":
        return this.#turnEnded(place, reducer);
      case "user_message":
        return userMessage(place, textIn(payload, "message"));
      case "item_completed":
        return this.#completed(line, place, reducer);
      default:
        return PROTOCOL_ISSUES.has(type)
          ? protocolEvent(place, type, textIn(payload, "message"))
          : undefined;
    }
  }

  #turnEnded(place: Place, reducer: LogReducer): FollowedEvent | undefined {
    const id = place.turn?.id ?? "";
    const turn = reducer.turns.turns.get(id);
    const facts = reducer.turns.facts.get(id);
    if (turn === undefined || facts === undefined) return undefined;
    const { started_at_unix_ms: start, status } = turn.execution;
    const isLost = reducer.turns.lostStarts.has(turn.execution.started_seq);
    return ended(
      {
        ...place,
        object: place.turn,
        duration_ms: elapsed(isLost ? null : start, place.at_unix_ms),
        ...facts.error === null ? {} : errorOf(facts.error),
      },
      status === "completed"
        ? facts.isAnswered ? "ok" : null
        : outcomeOfStatus(status),
      status,
      { type: "turn_ended", calls: null, tool_calls: null },
    );
  }

  /** What the user wrote, or a process that outlived its call. */
  #completed(
    line: LogLine,
    place: Place,
    reducer: LogReducer,
  ): FollowedEvent | undefined {
    const item = completedItem(line);
    switch (item?.["type"]) {
      case "UserMessage":
        return userMessage(place, textsOf(item));
      case "CommandExecution": {
        const tool = reducer.tools.answered(textIn(item, "id"));
        const isOver = tool !== undefined && !this.#open.has(tool.tool_call_id);
        return isOver
          ? this.#toolEnded(tool, "process_ended", place, reducer)
          : undefined;
      }
      default:
        return undefined;
    }
  }

  #item(line: LogLine, reducer: LogReducer): FollowedEvent | undefined {
    const { payload } = line;
    const place = this.#placeOf(line, reducer.turns.current);
    const tool = reducer.tools.answered(textIn(payload, "call_id"));
    if (tool === undefined) {
      const isAnswer = textIn(payload, "role") === "assistant";
      const text = isAnswer ? textsOf(payload) : "";
      return text === "" ? undefined : plain(place, {
        type: "assistant_message",
        text: excerpt(text),
      });
    }
    const { tool_call_id: id } = tool;
    if (!this.#tools.has(id)) {
      const object = refOf("tool_call", id, this.#tools.size + 1);
      this.#tools.set(id, object);
      this.#open.set(id, {
        object,
        name: toolLabel(tool),
        started_at_unix_ms: line.at,
        turn: tool.started_by_codex_turn_id,
      });
      return undefined;
    }
    return this.#open.delete(id)
      ? this.#toolEnded(tool, "tool_call_ended", place, reducer)
      : undefined;
  }

  /** How a call took long is unknown: nothing records when it was dispatched or returned. */
  #toolEnded(
    tool: ToolCall,
    type: FollowedTool["type"],
    place: Place,
    { tools }: LogReducer,
  ): FollowedEvent {
    const operation = tools.operations.get(tool.terminal_operation_id ?? "");
    const exit_code = operation?.result?.exit_code ?? null;
    const { status, ended_seq } = tool.execution;
    const isFailed = exit_code !== null && exit_code !== 0;
    const { summary } = tool;
    return ended(
      {
        ...place,
        object: this.#tools.get(tool.tool_call_id) ?? null,
        error: isFailed ? `exit code ${exit_code}` : null,
      },
      isFailed ? "failed" : ended_seq === null ? null : outcomeOfStatus(status),
      ended_seq === null ? null : status,
      {
        type,
        tool: toolLabel(tool),
        preview: operation !== undefined
          ? requestExcerpt(operation.request)
          : summary.type === "generic" && summary.input_preview !== null
          ? inputPreview(summary.input_preview)
          : null,
        exit_code,
        exit_unread: null,
      },
    );
  }

  #noteTurn({ payload }: LogLine, { turns }: LogReducer): void {
    if (turns.turns.size === this.#turns.size) return;
    const id = turns.current ?? textIn(payload, "turn_id");
    if (id === null) return;
    this.#turns.set(id, refOf("turn", id, turns.turns.size));
  }

  #placeOf({ number, at }: LogLine, turn: string | null): Place {
    return {
      seq: number,
      line: number,
      at_unix_ms: at,
      thread: this.#thread,
      agent_path: this.#path,
      turn: this.#turns.get(turn ?? "") ?? null,
      object: null,
      duration_ms: null,
      error: null,
    };
  }
}

function refOf(kind: ObjectKind, id: string, number: number): ObjectRef {
  return { kind, id, handle: `${HANDLE_WORDS[kind]}:${number}` };
}

/** An event that ends something, in the word of the log; null where the log has none. */
function ended(
  place: Place,
  outcome: Outcome | null,
  status: string | null,
  detail: FollowedEvent["detail"],
): FollowedEvent {
  const isIssue = outcome === "failed" || outcome === "interrupted";
  return { ...place, outcome, status, issue: isIssue ? outcome : null, detail };
}

function userMessage(
  place: Place,
  text: string | null,
): FollowedEvent | undefined {
  if (text === null || text === "") return undefined;
  return plain({ ...place, object: place.turn }, {
    type: "user_message",
    text: excerpt(text),
  });
}

/** The texts in the content of an item. */
function textsOf({ content }: JsonObject): string {
  return (Array.isArray(content) ? content : [])
    .flatMap((part) => isJsonObject(part) ? textIn(part, "text") ?? [] : [])
    .join("");
}
