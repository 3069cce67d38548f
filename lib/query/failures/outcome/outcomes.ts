/**
 * The outcomes of the objects of one session.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import type {
  CodeCell,
  CompactionRequest,
  InferenceCall,
  ToolCall,
} from "../../../graph/runtime.ts";
import type { CodexTurn, ExecutionWindow } from "../../../graph/session.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";
import type { TraceSession } from "../../session/session.ts";
import {
  exitCodeOf,
  isCommandFailed,
  isExitCodeCut,
  runsCommand,
} from "../../evidence/command_end.ts";
import { lostEvidence } from "../../evidence/known_count.ts";
import { lossesOf, mayHaveLostEnd } from "../../evidence/recorded/losses.ts";
import { isDenialLost, isDenied } from "./denial.ts";
import {
  type Outcome,
  outcomeOfStatus,
  outcomeOfThread,
  outcomeOfTurn,
} from "./outcome.ts";

/** What is known of the requests of a turn: the one that ended last. */
interface LastRequest {
  readonly outcome: Outcome | null;
  readonly seq: Integer;
}

/** Looks up the outcomes of one session. Null is unknown: it may be in a lost event. */
export class Outcomes {
  readonly #session: TraceSession;
  /** Whether events were lost: then what has no end may have had one. */
  readonly #hasLosses: boolean;
  /** Whether nothing is known to be lost, payloads included. */
  readonly #isComplete: boolean;
  readonly #lastRequests: Map<string, LastRequest> = new Map();
  /** The last turn of each thread. */
  readonly #lastTurns: Map<string, CodexTurn> = new Map();

  /** Reads which turn and which request are the last. */
  constructor(session: TraceSession) {
    const { trace } = session;
    this.#session = session;
    this.#isComplete = lossesOf(session).is_complete;
    this.#hasLosses = lostEvidence(session).events;
    for (const call of trace.inference_calls.values()) {
      this.#addRequest(call, this.request(call, "inference_call"));
    }
    for (const request of trace.compaction_requests.values()) {
      this.#addRequest(request, this.request(request, "compaction_request"));
    }
    for (const turn of trace.codex_turns.values()) {
      const before = this.#lastTurns.get(turn.thread_id);
      if (
        before === undefined ||
        before.execution.started_seq <= turn.execution.started_seq
      ) this.#lastTurns.set(turn.thread_id, turn);
    }
  }

  get session(): Outcome | null {
    const { trace } = this.#session;
    return this.#known(
      outcomeOfThread(
        trace.status,
        this.#ofLastTurn(trace.root_thread_id),
        true,
      ),
    );
  }

  /** The outcome of an object; null also for what has none: an item, a process, a payload. */
  of({ kind, id }: Pick<ObjectRef, "kind" | "id">): Outcome | null {
    const { trace } = this.#session;
    switch (kind) {
      case "thread": {
        const thread = trace.threads.get(id);
        return thread === undefined ? null : this.thread(id, thread.execution);
      }
      case "turn": {
        const turn = trace.codex_turns.get(id);
        return turn === undefined ? null : this.turn(turn);
      }
      case "inference_call": {
        const call = trace.inference_calls.get(id);
        return call === undefined ? null : this.request(call, kind);
      }
      case "compaction_request": {
        const request = trace.compaction_requests.get(id);
        return request === undefined ? null : this.request(request, kind);
      }
      case "tool_call": {
        const tool = trace.tool_calls.get(id);
        return tool === undefined ? null : this.tool(tool);
      }
      case "code_cell": {
        const cell = trace.code_cells.get(id);
        return cell === undefined ? null : this.cell(cell);
      }
      case "terminal_operation": {
        const operation = trace.terminal_operations.get(id);
        const tool = trace.tool_calls.get(operation?.tool_call_id ?? "");
        return tool === undefined ? null : this.tool(tool);
      }
      default:
        return null;
    }
  }

  thread(id: string, { status }: ExecutionWindow): Outcome | null {
    const { trace } = this.#session;
    const isRoot = id === trace.root_thread_id;
    return this.#known(
      outcomeOfThread(status, this.#ofLastTurn(id), isRoot),
    );
  }

  turn({ codex_turn_id: id, execution }: CodexTurn): Outcome | null {
    const { sessionLog } = this.#session;
    if (sessionLog !== undefined && execution.status === "completed") {
      return sessionLog.turns.get(id)?.isAnswered === true ? "ok" : null;
    }
    const last = this.#lastRequests.get(id);
    const outcome = this.#known(
      outcomeOfTurn(execution.status, last?.outcome),
    );
    if (!this.#hasLosses || execution.status !== "completed") return outcome;
    const from = last?.seq ?? execution.started_seq;
    return this.#hasAllEvents(from, execution.ended_seq) ? outcome : null;
  }

  request(
    { execution, ...request }: InferenceCall | CompactionRequest,
    kind: "inference_call" | "compaction_request",
  ): Outcome | null {
    const id = "inference_call_id" in request
      ? request.inference_call_id
      : request.compaction_request_id;
    const events = this.#session.log?.about(kind, id) ?? [];
    // An answer was received, whether or not it could be reduced.
    const isAnswered = events.some(({ event }) =>
      event.payload.type === "inference_completed" ||
      event.payload.type === "compaction_request_completed"
    );
    if (isAnswered) return "ok";
    return this.#closed(execution);
  }

  /**
   * The outcome of a tool call; of a command that ended with another code than 0, `failed`. Without
   * a code, it is unknown after losses, or where the code was not recorded.
   */
  tool(tool: ToolCall): Outcome | null {
    const { trace } = this.#session;
    const { execution, started_by_codex_turn_id: turn } = tool;
    const { status } = execution;
    const exit = exitCodeOf(this.#session, tool);
    if (status === "failed") {
      if (isDenied(this.#session, tool)) return "interrupted";
      if (isDenialLost(this.#session, tool)) return null;
    }
    const outcome = this.#closed(execution);
    if (outcome === "failed" || outcome === "interrupted") return outcome;
    if (status === "running") {
      const of = trace.codex_turns.get(turn ?? "")?.execution;
      const isStopped = isInterrupted(of);
      // It may have ended before its turn was stopped, or been stopped with a turn that seems open.
      if (mayHaveLostEnd(this.#session, execution)) {
        if (isStopped || of?.status !== "completed") return null;
      } else if (isStopped) return "interrupted";
    }
    if (isCommandFailed(this.#session, tool)) return "failed";
    // Of a call without an end there is no code that a payload could have.
    if (status !== "running" && isExitCodeCut(this.#session, tool)) return null;
    return exit === null && !this.#isComplete && runsCommand(tool)
      ? null
      : outcome;
  }

  cell(
    { execution, runtime_status: status, ...cell }: CodeCell,
  ): Outcome | null {
    if (status === "failed" || execution.status === "failed") return "failed";
    if (status === "terminated") return "interrupted";
    const { trace } = this.#session;
    const isStopped = execution.status === "running" &&
      isInterrupted(trace.codex_turns.get(cell.codex_turn_id)?.execution);
    return isStopped && !mayHaveLostEnd(this.#session, execution)
      ? "interrupted"
      : this.#closed(execution);
  }

  #addRequest(
    { codex_turn_id: turn, execution }: InferenceCall | CompactionRequest,
    outcome: Outcome | null,
  ): void {
    const seq = execution.ended_seq ?? execution.started_seq;
    const before = this.#lastRequests.get(turn);
    if (before === undefined || before.seq <= seq) {
      this.#lastRequests.set(turn, { outcome, seq });
    }
  }

  #ofLastTurn(thread: string): Outcome | null | undefined {
    const turn = this.#lastTurns.get(thread);
    return turn === undefined ? undefined : this.turn(turn);
  }

  /** The outcome of what has an end; unknown where only its turn's end closed it after losses. */
  #closed({ status, ended_seq: end }: ExecutionWindow): Outcome | null {
    const type = end === null || !this.#hasLosses
      ? undefined
      : this.#session.log?.at(end)?.event.payload.type;
    return type === "codex_turn_ended"
      ? null
      : this.#known(outcomeOfStatus(status));
  }

  /** After losses, a missing end is no evidence. */
  #known(outcome: Outcome | null): Outcome | null {
    return this.#hasLosses && outcome === "incomplete" ? null : outcome;
  }

  /** Whether the log has every event between two. */
  #hasAllEvents(from: Integer, to: Integer | null): boolean {
    const { log } = this.#session;
    if (log === null || to === null) return false;
    for (let seq = BigInt(from); seq < BigInt(to); seq++) {
      const isSafe = seq <= BigInt(Number.MAX_SAFE_INTEGER);
      if (log.at(isSafe ? Number(seq) : seq) === undefined) return false;
    }
    return true;
  }
}

const KNOWN: WeakMap<TraceSession, Outcomes> = new WeakMap();

/** The outcomes of a session; they are read once. */
export function getOutcomes(session: TraceSession): Outcomes {
  const known = KNOWN.get(session);
  if (known !== undefined) return known;
  const made = new Outcomes(session);
  KNOWN.set(session, made);
  return made;
}

function isInterrupted(execution: ExecutionWindow | undefined): boolean {
  return execution !== undefined &&
    outcomeOfStatus(execution.status) === "interrupted";
}
