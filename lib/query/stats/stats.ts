/**
 * The question `stats`: figures of one session, or of many together.
 *
 * A session is let go once it is added: of it only figures are kept.
 *
 * @module
 */

import type { InferenceCall } from "../../graph/runtime.ts";
import { toolLabel } from "../session/names/tool_name.ts";
import { roundedDurationOf } from "../evidence/clock/clock.ts";
import { toolTimes } from "../evidence/clock/tool_times.ts";
import { getFailures } from "../failures/failures.ts";
import { failedToolIds } from "./measures/activity.ts";
import type { UnreadFolder } from "../session/answer_document.ts";
import type { PriceTable } from "./measures/cost.ts";
import { forEachRun, TimeSplitter } from "./measures/time_split.ts";
import { type LostEvidence, lostEvidence } from "../evidence/known_count.ts";
import { turnReport } from "../evidence/recorded/recorded_settings.ts";
import { OutputCarriers } from "./output_carriers.ts";
import { getOutcomes } from "../failures/outcome/outcomes.ts";
import type { Session } from "../session/session.ts";
import { firstPrompt } from "../evidence/prompt_and_answer.ts";
import { textIn } from "../evidence/recorded/payload_fields.ts";
import { rootMetadata } from "../evidence/root_metadata.ts";
import { type Grouping, GROUPINGS } from "./groupings.ts";
import { RowCounter, type RowHead } from "./row_counter.ts";
import { compareValues } from "../../format/integers.ts";
import type {
  StatsAnswer,
  StatsBundle,
  StatsBy,
  StatsRow,
} from "./stats_answer.ts";
import type { ExecutionWindow } from "../../graph/session.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";

/** How figures are counted. */
export interface StatsOptions {
  /** What they are counted by; by default, by model. */
  readonly by?: StatsBy;
  /** The user's prices; without any, nothing has a cost. */
  readonly prices?: PriceTable | null;
}

/** The figures of one session. */
export function getStats(
  session: Session,
  options: StatsOptions = {},
): StatsAnswer {
  const collector = new StatsCollector(options);
  collector.add(session);
  return collector.answer;
}

/** Counts sessions, one after the other. */
export class StatsCollector {
  readonly #by: StatsBy;
  readonly #grouping: Grouping;
  readonly #prices: PriceTable | null;
  readonly #rows: Map<string, RowCounter> = new Map();
  readonly #bundles: StatsBundle[] = [];
  readonly #unread: UnreadFolder[] = [];
  readonly #total: RowCounter;
  /** Tool calls that only waited, where figures are counted by tool. */
  readonly #waiting: RowCounter;

  /** Nothing is counted yet. */
  constructor({ by = "model", prices = null }: StatsOptions = {}) {
    this.#by = by;
    this.#grouping = GROUPINGS[by];
    this.#prices = prices;
    this.#total = new RowCounter(
      headOf("total"),
      GROUPINGS.bundle.parts,
      prices,
    );
    this.#waiting = new RowCounter(
      headOf("waiting"),
      GROUPINGS.tool.parts,
      prices,
    );
  }

  /** Counts a session. */
  add(session: Session): void {
    const { trace, place, extent } = session;
    const failed = failedToolIds(session, getFailures(session));
    const { call: groupOfCall, tool: groupOfTool, turn: groupOfTurn } =
      this.#grouping;
    for (const [id, head] of headsOf(session, this.#by)) {
      this.#row(this.#keyOf(id), head);
    }
    const rowOf = (group: string | null) => this.#rowOf(group);
    for (const call of trace.inference_calls.values()) {
      const { execution } = call;
      const ms = roundedDurationOf(session, "inference_call", execution);
      this.#total.call(call, ms);
      rowOf(groupOfCall(session, call))?.call(call, ms);
    }
    for (const [id, tool] of trace.tool_calls) {
      const isFailed = failed.has(id);
      const ms = roundedDurationOf(session, "tool_call", tool.execution);
      const times = toolTimes(session, tool);
      this.#total.tool(isFailed, ms, times);
      rowOf(groupOfTool(session, tool))?.tool(isFailed, ms, times);
    }
    if (this.#by === "tool") this.#addCarriers(session, failed);
    for (const [id, { thread_id: thread }] of trace.codex_turns) {
      const { time_to_first_token_ms: ms } = turnReport(session, id);
      this.#total.firstToken(ms);
      rowOf(groupOfTurn(session, id, thread))?.firstToken(ms);
    }
    this.#addTime(session);
    this.#addLosses(session, lostEvidence(session));
    this.#total.ofBundle(this.#bundles.length);
    this.#bundles.push({
      bundle: place,
      rollout_id: trace.rollout_id,
      skipped_events: extent?.skipped_events ?? null,
      error: null,
    });
  }

  /** Counts for each tool, once each, the requests that first carried its outputs. */
  #addCarriers(session: Session, failed: ReadonlySet<string>): void {
    const carriers = new OutputCarriers(session);
    const counted = new Map<RowCounter, Set<InferenceCall>>();
    const count = (row: RowCounter, call: InferenceCall | null) => {
      const calls = counted.get(row) ?? new Set();
      if (call === null || calls.has(call)) return;
      counted.set(row, calls.add(call));
      const { execution } = call;
      row.call(call, roundedDurationOf(session, "inference_call", execution));
    };
    for (const [id, tool] of session.trace.tool_calls) {
      const call = carriers.of(tool);
      const label = toolLabel(tool);
      count(this.#row(label, headOf(label)), call);
      if (!carriers.isWaiting(tool)) continue;
      this.#waiting.ofBundle(this.#bundles.length);
      const ms = roundedDurationOf(session, "tool_call", tool.execution);
      this.#waiting.tool(failed.has(id), ms, toolTimes(session, tool));
      count(this.#waiting, call);
    }
  }

  /** Notes a directory that could not be searched for bundles. */
  addUnread(folder: UnreadFolder): void {
    this.#unread.push(folder);
  }

  /** Notes a bundle that could not be read. */
  skip(bundle: string, error: string): void {
    this.#bundles.push({
      bundle,
      rollout_id: null,
      skipped_events: null,
      error,
    });
  }

  /** The figures of what was added. */
  get answer(): StatsAnswer {
    return {
      by: this.#by,
      bundles: this.#bundles,
      unread: this.#unread,
      rows: inOrder(
        Array.from(this.#rows.values(), ({ row }) => row),
        this.#by,
      ),
      total: this.#total.row,
      waiting: this.#by === "tool" ? this.#waiting.row : null,
    };
  }

  #row(key: string, head: RowHead): RowCounter {
    const found = this.#rows.get(key);
    if (found !== undefined) return found;
    const made = new RowCounter(head, this.#grouping.parts, this.#prices);
    this.#rows.set(key, made);
    return made;
  }

  /** The row of a group; of one bundle alone, only where the session has such an object. */
  #rowOf(group: string | null): RowCounter | undefined {
    if (group === null) return undefined;
    const row = this.#grouping.isOwn
      ? this.#rows.get(this.#keyOf(group))
      : this.#row(group, headOf(group));
    row?.ofBundle(this.#bundles.length);
    return row;
  }

  /** Ids may be the same in another bundle. */
  #keyOf(id: string): string {
    return `${this.#bundles.length} ${id}`;
  }

  /** A lost event may be of any group that is not of other sessions alone. */
  #addLosses(session: Session, lost: LostEvidence): void {
    this.#total.lose(lost);
    // Which outputs a request carried is in its payload.
    const ofCarriers = { events: lost.any, any: lost.any };
    this.#waiting.lose(ofCarriers);
    const { isOwn, session: groupOf } = this.#grouping;
    if (groupOf !== undefined) {
      this.#rowOf(groupOf(session))?.lose(lost);
      return;
    }
    const own = this.#keyOf("");
    for (const [key, row] of this.#rows) {
      if (isOwn && !key.startsWith(own)) continue;
      row.lose(this.#by === "tool" ? ofCarriers : lost);
    }
  }

  #addTime(session: Session): void {
    const all = new TimeSplitter(session);
    const parts = new Map<string, TimeSplitter>();
    const of = (turn: string | null, thread: string) => {
      const key = this.#grouping.turn(session, turn, thread);
      if (key === null) return [all];
      const part = parts.get(key) ?? new TimeSplitter(session);
      parts.set(key, part);
      return [all, part];
    };
    forEachRun(session, (what, execution, turn, thread) => {
      for (const splitter of of(turn, thread)) {
        splitter.add(what, execution, turn);
      }
    });
    this.#total.time(all.split);
    for (const [group, part] of parts) this.#rowOf(group)?.time(part.split);
  }
}

function inOrder(rows: StatsRow[], by: StatsBy): StatsRow[] {
  const countIn = ({ calls, tool_calls }: StatsRow) =>
    (by === "tool" ? tool_calls : calls) ?? 0;
  switch (GROUPINGS[by].order) {
    case "count":
      return rows.sort((a, b) => countIn(b) - countIn(a));
    case "group":
      return rows.sort((a, b) => compareValues(a.group, b.group));
    case "found":
      return rows;
  }
}

/** A group that may be of several sessions. */
function headOf(group: string): RowHead {
  return {
    group,
    bundle: null,
    session_id: null,
    started_at_unix_ms: null,
    cwd: null,
    prompt: null,
    object: null,
    agent_path: null,
    outcome: null,
    status: null,
  };
}

/** The groups that are of one session alone, by the id of what they are. */
function headsOf(session: Session, by: StatsBy): [string, RowHead][] {
  const { trace, names, place } = session;
  const outcomes = getOutcomes(session);
  switch (by) {
    case "bundle":
      return [["", bundleHead(session)]];
    case "turn":
      return Array.from(trace.codex_turns, ([id, turn]) => {
        const object = names.ref("turn", id);
        const path = trace.threads.get(turn.thread_id)?.agent_path ?? null;
        const outcome = outcomes.turn(turn);
        return [
          id,
          { ...ownHead(place, object, path, turn.execution), outcome },
        ];
      });
    case "thread":
      return Array.from(trace.threads, ([id, thread]) => {
        const object = names.ref("thread", id);
        const { agent_path: path, execution } = thread;
        const outcome = outcomes.thread(id, execution);
        return [id, { ...ownHead(place, object, path, execution), outcome }];
      });
    default:
      return [];
  }
}

function bundleHead(session: Session): RowHead {
  const { trace, place } = session;
  return {
    ...headOf(place),
    bundle: place,
    session_id: trace.root_thread_id,
    started_at_unix_ms: trace.started_at_unix_ms,
    cwd: textIn(rootMetadata(session), "cwd"),
    prompt: firstPrompt(session).item?.text ?? null,
    outcome: getOutcomes(session).session,
    status: trace.status,
  };
}

function ownHead(
  bundle: string,
  object: ObjectRef,
  agent_path: string | null,
  { status }: ExecutionWindow,
): RowHead {
  const { handle } = object;
  return { ...headOf(handle), bundle, object, agent_path, status };
}
