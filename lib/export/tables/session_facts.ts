/**
 * A session with what several tables need of it, each computed once and only when it is asked for.
 *
 * @module
 */

import type { ExecutionWindow } from "../../graph/session.ts";
import { roundedDurationOf } from "../../query/evidence/clock/clock.ts";
import {
  type AgentResult,
  resultsOfAgents,
} from "../../query/evidence/links/undelivered.ts";
import type { Failure } from "../../query/failures/failure.ts";
import { getFailures, getFirstError } from "../../query/failures/failures.ts";
import {
  getOutcomes,
  type Outcomes,
} from "../../query/failures/outcome/outcomes.ts";
import type { ObjectKind } from "../../query/session/names/object_kind.ts";
import { recordingId, type TraceSession } from "../../query/session/session.ts";
import { identityOf } from "../../query/show/show.ts";
import type { SessionIdentity } from "../../query/show/show_answer.ts";
import type { PriceTable } from "../../query/stats/measures/cost.ts";

/** A session, as tables read it. */
export class SessionFacts {
  readonly session: TraceSession;
  /** What the tables call it. */
  readonly id: string;
  /** The user's prices; without any, nothing has a cost. */
  readonly prices: PriceTable | null;
  #failures: readonly Failure[] | undefined;
  #firstError: Failure | null | undefined;
  #identity: SessionIdentity | undefined;
  #results: ReadonlyMap<string, AgentResult> | undefined;
  #requestOfTool: ReadonlyMap<string, string> | undefined;

  /**
   * Takes an open session.
   *
   * @param id What the tables call it: its trace id, of a session log the id of its thread, unless
   * another session has the same.
   */
  constructor(
    session: TraceSession,
    { id = recordingId(session), prices = null }: {
      readonly id?: string;
      readonly prices?: PriceTable | null;
    } = {},
  ) {
    this.session = session;
    this.id = id;
    this.prices = prices;
  }

  /** A value that the program sets for a session log, which has none; null for a log. */
  recorded<T>(value: T): T | null {
    return this.session.source === "session_log" ? null : value;
  }

  /** What became of each object. */
  get outcomes(): Outcomes {
    return getOutcomes(this.session);
  }

  /** Everything that went wrong, in order. */
  get failures(): readonly Failure[] {
    return this.#failures ??= getFailures(this.session);
  }

  /** The error to inspect first. */
  get firstError(): Failure | null {
    // Every row of an issue asks, and the answer takes a walk over all of them.
    if (this.#firstError === undefined) {
      this.#firstError = getFirstError(this.failures);
    }
    return this.#firstError;
  }

  get identity(): SessionIdentity {
    return this.#identity ??= identityOf(this.session);
  }

  /** What became of the results of each agent, by its thread; one of which it is unknown is missing. */
  get results(): ReadonlyMap<string, AgentResult> {
    return this.#results ??= resultsOfAgents(this.session);
  }

  /** The request whose response made each tool call, by the id of the call. */
  get requestOfTool(): ReadonlyMap<string, string> {
    if (this.#requestOfTool === undefined) {
      const found = new Map<string, string>();
      for (const [id, call] of this.session.trace.inference_calls) {
        for (const tool of call.tool_call_ids_started_by_response) {
          found.set(tool, id);
        }
      }
      this.#requestOfTool = found;
    }
    return this.#requestOfTool;
  }

  /** How long something took, in milliseconds; null where that is unknown. */
  duration(kind: ObjectKind, execution: ExecutionWindow): number | null {
    return roundedDurationOf(this.session, kind, execution);
  }

  /** The short name of an object, as every command takes it. */
  handle(kind: ObjectKind, id: string): string {
    return this.session.names.handle(kind, id);
  }
}
