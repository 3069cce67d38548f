/**
 * The turns of two sessions compared, and where the sessions part.
 *
 * @module
 */

import type { AgentThread } from "../../../graph/session.ts";
import { knownCount, lostEvidence } from "../../evidence/known_count.ts";
import { getEvidence } from "../../evidence/links/evidence.ts";
import { GraphLinks } from "../../evidence/links/graph_links.ts";
import type { Failure, FailureSeverity } from "../../failures/failure.ts";
import { getFirstError } from "../../failures/failures.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";
import type { TraceSession } from "../../session/session.ts";
import type { ShowAnswer, TurnRow } from "../../show/show_answer.ts";
import { itemLists, type ListItems } from "../item_lists.ts";
import { threadPairs } from "../thread_pairs.ts";
import { alignInParts, alignSteps, NO_STEPS } from "./align_steps.ts";
import { type ReadTurn, readTurns } from "./turn_steps.ts";
import type {
  Parting,
  PartingStep,
  StepRow,
  ThreadTurns,
  TurnError,
  TurnPair,
  TurnsDiff,
  TurnSide,
  TurnStep,
} from "./turns_answer.ts";

/** A session with the facts that `show` prints. */
export interface ShownSession {
  readonly session: TraceSession;
  readonly show: ShowAnswer;
}

/** Compares the turns of two sessions; with `exact`, ids and times make a difference, too. */
export function compareTurns(
  a: ShownSession,
  b: ShownSession,
  options: { readonly exact?: boolean },
): TurnsDiff {
  const lists = itemLists(a.session, b.session, options);
  const sides = [new Side(a, lists[0]), new Side(b, lists[1])] as const;
  const threads = threadPairs(a.session, b.session).map((pair) =>
    threadTurns(pair, sides)
  );
  return {
    threads,
    first_difference: firstParting(threads, sides, () => true),
    first_model_difference: firstParting(
      threads,
      sides,
      ({ by_model: isByModel }) => isByModel,
    ),
  };
}

/** One of two sessions. */
class Side {
  readonly session: TraceSession;
  readonly #listItems: ListItems;
  readonly #rows: ReadonlyMap<string, TurnRow>;
  readonly #failures: ReadonlyMap<string, readonly Failure[]>;
  readonly #files: ReadonlyMap<string, ReadonlySet<string>> | null;
  #links: GraphLinks | undefined;

  constructor({ session, show }: ShownSession, listItems: ListItems) {
    this.session = session;
    this.#listItems = listItems;
    this.#rows = new Map(show.turns.map((row) => [row.turn.id, row]));
    this.#failures = Map.groupBy(show.failures, ({ turn }) => turn?.id ?? "");
    this.#files = filesByTurn(session, show);
  }

  read(thread: AgentThread | undefined): ReadTurn[] {
    return thread === undefined
      ? []
      : readTurns(this.session, thread.thread_id, this.#listItems);
  }

  ref(thread: AgentThread | undefined): ObjectRef | null {
    return thread === undefined
      ? null
      : this.session.names.ref("thread", thread.thread_id);
  }

  /** A turn as an answer has it; null for none, and for one that `show` does not have. */
  turn(read: ReadTurn | undefined): TurnSide | null {
    const id = read?.turn.codex_turn_id ?? "";
    const row = this.#rows.get(id);
    if (read === undefined || row === undefined) return null;
    const failures = this.#failures.get(id) ?? [];
    const errors = failures.filter(isError).length;
    return {
      turn: row.turn,
      outcome: row.outcome,
      status: row.status,
      duration_ms: row.duration_ms,
      calls: row.calls,
      failed_calls: row.failed_calls,
      tool_calls: row.tool_calls,
      failed_tool_calls: row.failed_tool_calls,
      tokens: row.tokens,
      prompt: read.prompt?.step() ?? null,
      steps: read.steps.length,
      may_lack_steps: read.mayLackSteps,
      errors: knownCount(errors, lostEvidence(this.session).any),
      first_error: errorOf(getFirstError(failures)),
      changed_files: this.#files === null
        ? null
        : [...this.#files.get(id) ?? []],
    };
  }

  parting(step: TurnStep): PartingStep {
    this.#links ??= new GraphLinks(this.session.trace);
    const evidence = getEvidence(this.session, this.#links, step.object);
    return { step, evidence };
  }
}

const ERROR: FailureSeverity = "error";

function isError({ severity }: Failure): boolean {
  return severity === ERROR;
}

function errorOf(error: Failure | null): TurnError | null {
  return error === null
    ? null
    : { about: error.about, seq: error.seq, text: error.text };
}

/** The files that the patches of each turn changed; null where payloads are not available. */
function filesByTurn(
  { trace }: TraceSession,
  { changed_files: changed }: ShowAnswer,
): ReadonlyMap<string, ReadonlySet<string>> | null {
  if (changed === null) return null;
  const found = new Map<string, Set<string>>();
  for (const { path, changes } of changed.files) {
    for (const { tool } of changes) {
      const turn = trace.tool_calls.get(tool.id)?.started_by_codex_turn_id;
      const files = found.get(turn ?? "") ?? new Set();
      found.set(turn ?? "", files.add(path));
    }
  }
  return found;
}

type Sides = readonly [Side, Side];

function threadTurns(
  { agent_path, a, b }: ReturnType<typeof threadPairs>[number],
  sides: Sides,
): ThreadTurns {
  return {
    agent_path,
    a: sides[0].ref(a),
    b: sides[1].ref(b),
    turns: turnPairs(sides[0].read(a), sides[1].read(b), sides),
  };
}

/** Turns with the same prompt; between these, those at the same place. */
function turnPairs(
  a: readonly ReadTurn[],
  b: readonly ReadTurn[],
  sides: Sides,
): TurnPair[] {
  const runs = alignInParts(promptKeys(a, "a"), promptKeys(b, "b"));
  const pairs: TurnPair[] = [];
  let [atA, atB] = [0, 0];
  for (const run of [...runs, { a: a.length, b: b.length, length: 0 }]) {
    for (; atA < run.a || atB < run.b;) {
      const one = atA < run.a ? a[atA++] : undefined;
      const other = atB < run.b ? b[atB++] : undefined;
      pairs.push(turnPair(one, other, "position", sides));
    }
    for (let at = 0; at < run.length; at++) {
      pairs.push(turnPair(a[atA++], b[atB++], "prompt", sides));
    }
  }
  return pairs;
}

/** A prompt that is not known is that of no other turn. */
function promptKeys(turns: readonly ReadTurn[], side: string): string[] {
  return turns.map(({ prompt }, at) => prompt?.key ?? `${side} ${at}`);
}

function turnPair(
  a: ReadTurn | undefined,
  b: ReadTurn | undefined,
  matched: "prompt" | "position",
  sides: Sides,
): TurnPair {
  const sideA = sides[0].turn(a);
  const sideB = sides[1].turn(b);
  if (a === undefined || b === undefined) {
    return {
      matched_by: null,
      same: mayHaveLostTurn(sides, a) ? null : false,
      a: sideA,
      b: sideB,
      counts: {
        ...NO_STEPS,
        only_a: a?.steps.length ?? 0,
        only_b: b?.steps.length ?? 0,
      },
      steps: [],
    };
  }
  const { counts, rows } = alignSteps(a, b);
  return {
    matched_by: matched,
    same: isSame(rows, a, b),
    a: sideA,
    b: sideB,
    counts,
    steps: rows,
  };
}

/** Whether the session without the turn may have had it: events of it were lost. */
function mayHaveLostTurn(sides: Sides, a: ReadTurn | undefined): boolean {
  const without = sides[a === undefined ? 0 : 1];
  return lostEvidence(without.session).events;
}

function isSame(
  rows: readonly StepRow[],
  a: ReadTurn,
  b: ReadTurn,
): boolean | null {
  if (rows.some(isDifference)) return false;
  const isUnknown = a.mayLackSteps || b.mayLackSteps ||
    rows.some(({ change }) => change !== "same" && change !== "similar");
  return isUnknown ? null : true;
}

/** Whether a row is known to differ. */
function isDifference(row: StepRow): boolean {
  switch (row.change) {
    case "changed":
    case "not_aligned":
      return true;
    case "only_a":
    case "only_b":
      return row.is_certain;
    case "same":
    case "similar":
    case "unknown":
      return false;
  }
}

/** The first of the partings of all threads, by the order of events in the first session. */
function firstParting(
  threads: readonly ThreadTurns[],
  sides: Sides,
  isMeant: (step: TurnStep) => boolean,
): Parting | null {
  let first: Parting | null = null;
  let firstAt = Infinity;
  for (const thread of threads) {
    const found = partingOf(thread, sides, isMeant);
    if (found === null) continue;
    const at = placeOf(found, sides[0]);
    if (first !== null && at >= firstAt) continue;
    first = found;
    firstAt = at;
  }
  return first;
}

/** The event of the first session at which, or after which, it parts from the other. */
function placeOf({ a, last_common: common }: Parting, side: Side): number {
  const evidence = a?.evidence ??
    (common === null ? [] : getEvidence(
      side.session,
      new GraphLinks(side.session.trace),
      common.a,
    ));
  return Number(evidence[0]?.seq ?? Infinity);
}

/** Where a thread parts, as a walk over its turns finds it. */
function partingOf(
  { agent_path, turns }: ThreadTurns,
  sides: Sides,
  isMeant: (step: TurnStep) => boolean,
): Parting | null {
  let last: Parting["last_common"] = null;
  let unknown = 0;
  for (const { a, b, same, steps } of turns) {
    const where = {
      agent_path,
      turn_a: a?.turn ?? null,
      turn_b: b?.turn ?? null,
    };
    if (a === null || b === null) {
      if (same === null) {
        unknown++;
        continue;
      }
      return {
        ...where,
        change: "turn",
        a: null,
        b: null,
        last_common: last,
        unknown_before: unknown,
      };
    }
    for (const row of steps) {
      if (row.change === "same" || row.change === "similar") {
        last = { a: row.last_a, b: row.last_b };
      } else if (row.change === "unknown") unknown += row.length;
      else if (!isDifference(row)) unknown++;
      else if (row.change === "not_aligned" || stepsOf(row).some(isMeant)) {
        return {
          ...where,
          change: row.change,
          a: "a" in row ? sides[0].parting(row.a) : null,
          b: "b" in row ? sides[1].parting(row.b) : null,
          last_common: last,
          unknown_before: unknown,
        };
      }
    }
  }
  return null;
}

function stepsOf(row: StepRow): TurnStep[] {
  return [..."a" in row ? [row.a] : [], ..."b" in row ? [row.b] : []];
}
