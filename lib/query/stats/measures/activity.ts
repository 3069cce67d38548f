/**
 * How much happened in a part of a session: requests, tool calls, tokens.
 *
 * @module
 */

import type { InferenceCall } from "../../../graph/runtime.ts";
import {
  type KnownCount,
  knownCount,
  type LostEvidence,
  NOTHING_LOST,
} from "../../evidence/known_count.ts";
import { TokenCounter, type TokenSum } from "./token_sum.ts";
import type { ReportedTokens } from "../../session/session_log/session_log.ts";

/** What happened in a part of a session. */
export interface Activity {
  /** Requests for answers. */
  readonly calls: KnownCount;
  /** Those that failed; those that were interrupted are no failures. */
  readonly failed_calls: KnownCount;
  /** Tool calls. */
  readonly tool_calls: KnownCount;
  /** Those that failed, commands with another exit code than 0 included. */
  readonly failed_tool_calls: KnownCount;
  /** Tokens of the requests. */
  readonly tokens: TokenSum;
}

/** What is counted of a request, as plain data. */
export interface CountedCall extends Pick<InferenceCall, "model" | "usage"> {
  /** How it ended. */
  readonly execution: Pick<InferenceCall["execution"], "status">;
}

/** Counts what happens in a part of a session. */
export class ActivityCounter {
  readonly #tokens: TokenCounter = new TokenCounter();
  #failedCalls = 0;
  #tools = 0;
  #failedTools = 0;

  /** Counts a request. */
  call({ execution, usage }: CountedCall): void {
    const { status } = execution;
    this.#tokens.add(usage);
    if (status === "failed") this.#failedCalls++;
  }

  /** Counts a compaction request. */
  compaction(): void {
    this.#tokens.addCompaction();
  }

  /** Adds tokens that a session log reports, whatever requests they are of. */
  reported(tokens: ReportedTokens): void {
    this.#tokens.addReported(tokens);
  }

  /** Counts a tool call, and whether it failed. */
  tool(failed: boolean): void {
    this.#tools++;
    if (failed) this.#failedTools++;
  }

  /** What was counted so far, of a session that lost some evidence. */
  activity(lost: LostEvidence = NOTHING_LOST): Activity {
    const tokens = this.#tokens.sum(lost);
    return {
      calls: tokens.calls,
      failed_calls: knownCount(this.#failedCalls, lost.events),
      tool_calls: knownCount(this.#tools, lost.events),
      failed_tool_calls: knownCount(this.#failedTools, lost.any),
      tokens,
    };
  }
}

/** A value for each key, made when it is first asked for. */
export class Groups<T> {
  readonly #make: () => T;
  readonly #groups: Map<string, T> = new Map();

  /** `make` makes the value of a new key. */
  constructor(make: () => T) {
    this.#make = make;
  }

  /** The value of a key. */
  of(key: string): T {
    const found = this.#groups.get(key);
    if (found !== undefined) return found;
    const made = this.#make();
    this.#groups.set(key, made);
    return made;
  }

  /** Every key and value, in the order of first use. */
  entries(): Iterable<[string, T]> {
    return this.#groups;
  }
}
