/**
 * The turns of a session log. A turn ends with `task_complete` or `turn_aborted`, and its outcome is
 * known from these alone.
 *
 * @module
 */

import type { CodexTurnId, ThreadId } from "../../../format/ids.ts";
import type { ExecutionStatus, Integer } from "../../../format/vocabulary.ts";
import type { CodexTurn } from "../../../graph/session.ts";
import { countIn, type LogLine, textIn } from "./log_line.ts";
import type { TurnFacts } from "./session_log.ts";
import { TokenCounts } from "./token_counts.ts";

/** The turns, while the log is read. */
export class LoggedTurns {
  readonly turns: Map<CodexTurnId, CodexTurn> = new Map();
  /** What the log has of each. */
  readonly facts: Map<CodexTurnId, TurnFacts> = new Map();
  /** Lines that mention a turn first, where its start was not recorded. */
  readonly lostStarts: Set<Integer> = new Set();
  /** The tokens of the session. */
  readonly tokens: TokenCounts = new TokenCounts();
  readonly #thread: ThreadId;
  #current: CodexTurnId | null = null;

  /** Takes the turns of `thread`. */
  constructor(thread: ThreadId) {
    this.#thread = thread;
  }

  /** The turn that runs; null between turns, and where turns have no ids. */
  get current(): CodexTurnId | null {
    return this.#current;
  }

  /** Takes the start of a turn. */
  start(line: LogLine): void {
    const id = textIn(line.payload, "turn_id");
    if (id === null) return;
    this.#open(id, line, countIn(line.payload, "model_context_window"));
  }

  /** Takes a line in a turn, whose start may not have been recorded. */
  mention(id: CodexTurnId | null, line: LogLine): void {
    if (id === null || this.turns.has(id)) return;
    this.lostStarts.add(line.number);
    this.#open(id, line, null);
  }

  /**
   * Takes the end of a turn.
   *
   * @param lastAnswer The text of the last item of the conversation, if that is an answer.
   */
  complete(line: LogLine, lastAnswer: string | null): void {
    const { payload } = line;
    const error = textIn(payload["error"], "message") ??
      (payload["error"] === undefined || payload["error"] === null
        ? null
        : "error");
    const reported = textIn(payload, "last_agent_message");
    this.#end(line, error === null ? "completed" : "failed", {
      error,
      isAnswered: error === null && reported !== null &&
        reported === lastAnswer,
    });
  }

  /** Takes the end of a turn that was stopped. */
  abort(line: LogLine): void {
    this.#end(line, "aborted", {});
  }

  #open(
    id: CodexTurnId,
    { at, number }: LogLine,
    model_context_window: number | null,
  ): void {
    this.#current = id;
    this.tokens.startTurn();
    if (this.turns.has(id)) return;
    this.turns.set(id, {
      codex_turn_id: id,
      thread_id: this.#thread,
      execution: {
        started_at_unix_ms: at,
        started_seq: number,
        ended_at_unix_ms: null,
        ended_seq: null,
        status: "running",
      },
      input_item_ids: [],
    });
    this.facts.set(id, { ...NO_FACTS, model_context_window });
  }

  #end(
    line: LogLine,
    status: ExecutionStatus,
    known: Partial<TurnFacts>,
  ): void {
    const id = textIn(line.payload, "turn_id") ?? this.#current;
    if (id === null) return;
    this.mention(id, line);
    const turn = this.turns.get(id);
    const facts = this.facts.get(id);
    if (turn === undefined || facts === undefined) return;
    turn.execution = {
      ...turn.execution,
      ended_at_unix_ms: line.at,
      ended_seq: line.number,
      status,
    };
    this.facts.set(id, {
      ...facts,
      ...known,
      time_to_first_token_ms: countIn(line.payload, "time_to_first_token_ms"),
      tokens: id === this.#current ? this.tokens.turn : null,
    });
    if (id === this.#current) this.#current = null;
  }

  /** Takes what was reported of a turn that has no end. */
  close(): void {
    const facts = this.#current && this.facts.get(this.#current);
    if (this.#current === null || !facts) return;
    this.facts.set(this.#current, { ...facts, tokens: this.tokens.turn });
  }
}

const NO_FACTS: TurnFacts = {
  isAnswered: false,
  error: null,
  time_to_first_token_ms: null,
  model_context_window: null,
  tokens: null,
};
