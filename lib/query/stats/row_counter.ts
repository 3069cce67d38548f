/**
 * The figures of one group, as they are counted.
 *
 * @module
 */

import type { ToolTimes } from "../evidence/clock/tool_times.ts";
import { ActivityCounter, type CountedCall } from "./measures/activity.ts";
import { CostCounter, type PriceTable } from "./measures/cost.ts";
import { latenciesOf } from "./measures/latencies.ts";
import { addSplits, type TimeSplit } from "./measures/time_split.ts";
import {
  bothLost,
  knownCount,
  type LostEvidence,
  NOTHING_LOST,
} from "../evidence/known_count.ts";
import type { ReportedTokens } from "../session/session_log/session_log.ts";
import type { StatsRow } from "./stats_answer.ts";

/** Which group it is. */
export type RowHead = Pick<
  StatsRow,
  | "group"
  | "bundle"
  | "session_id"
  | "started_at_unix_ms"
  | "cwd"
  | "prompt"
  | "object"
  | "agent_path"
  | "outcome"
  | "status"
>;

/** What a group can have: figures of the others are null. */
export interface RowParts {
  /** Requests. */
  readonly calls: boolean;
  /** Tool calls. */
  readonly tools: boolean;
}

/** Counts what belongs to a group. */
export class RowCounter {
  readonly #head: RowHead;
  readonly #parts: RowParts;
  readonly #activity: ActivityCounter;
  readonly #cost: CostCounter;
  readonly #calls: number[] = [];
  readonly #tools: number[] = [];
  readonly #firstTokens: number[] = [];
  #waited: number | null = null;
  #ran: number | null = null;
  readonly #bundles: Set<number> = new Set();
  #time: TimeSplit | null = null;
  #lost: LostEvidence = NOTHING_LOST;

  /** A group; nothing of it is counted yet. */
  constructor(head: RowHead, parts: RowParts, prices: PriceTable | null) {
    this.#head = head;
    this.#parts = parts;
    this.#activity = new ActivityCounter();
    this.#cost = new CostCounter(prices);
  }

  /** Notes that something of a bundle is in the group; `at` is its number. */
  ofBundle(at: number): void {
    this.#bundles.add(at);
  }

  /** Counts a request; `ms` is how long it took, null where that is unknown. */
  call(call: CountedCall, ms: number | null): void {
    this.#activity.call(call);
    this.#cost.add(call.model, call.usage);
    if (ms !== null) this.#calls.push(ms);
  }

  /** Counts a compaction request to a model: neither its tokens nor its cost are known. */
  compaction(model: string): void {
    this.#activity.compaction();
    this.#cost.add(model, null);
  }

  /** Adds tokens that a session log reports, whatever requests they are of. */
  reported(tokens: ReportedTokens): void {
    this.#activity.reported(tokens);
  }

  /** Counts the time of a turn to its first token; null where it was not recorded. */
  firstToken(ms: number | null): void {
    if (ms !== null) this.#firstTokens.push(ms);
  }

  /** Counts a tool call; `ms` is how long it took, null where that is unknown. */
  tool(failed: boolean, ms: number | null, times: ToolTimes): void {
    this.#activity.tool(failed);
    if (ms !== null) this.#tools.push(ms);
    const { waited_ms: waited, ran_ms: ran } = times;
    if (waited === null || ran === null) return;
    this.#waited = (this.#waited ?? 0) + Number(waited);
    this.#ran = (this.#ran ?? 0) + Number(ran);
  }

  /** Notes what was lost of a session that may belong to the group. */
  lose(lost: LostEvidence): void {
    this.#lost = bothLost(this.#lost, lost);
  }

  /** What was lost that may belong to the group. */
  get lost(): LostEvidence {
    return this.#lost;
  }

  /** Adds where time went that no other has counted. */
  time(split: TimeSplit): void {
    const before = this.#time;
    this.#time = before === null ? split : addSplits(before, split);
  }

  /** The figures. */
  get row(): StatsRow {
    const { calls: hasCalls, tools: hasTools } = this.#parts;
    const { calls, failed_calls, tool_calls, failed_tool_calls, tokens } = this
      .#activity.activity(this.#lost);
    return {
      ...this.#head,
      bundles: this.#bundles.size,
      calls: hasCalls ? calls : null,
      failed_calls: hasCalls ? failed_calls : null,
      call_latency: hasCalls ? latenciesOf(this.#calls, this.#lost) : null,
      tool_calls: hasTools ? tool_calls : null,
      failed_tool_calls: hasTools ? failed_tool_calls : null,
      tool_latency: hasTools ? latenciesOf(this.#tools, this.#lost) : null,
      tool_waited_ms: this.#waited === null
        ? null
        : knownCount(this.#waited, this.#lost.any),
      tool_ran_ms: this.#ran === null
        ? null
        : knownCount(this.#ran, this.#lost.any),
      first_token_latency: this.#firstTokens.length === 0
        ? null
        : latenciesOf(this.#firstTokens, this.#lost),
      tokens: hasCalls ? tokens : null,
      time: this.#time,
      cost: hasCalls ? this.#cost.cost : null,
    };
  }
}
