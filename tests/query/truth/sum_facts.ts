/**
 * Counts, sums and times of a session, and of its threads, turns, models and tools.
 *
 * @module
 */

import { factName, type Facts, toolLabel, USAGE_KEYS } from "./fact.ts";
import type { RawSession, Run } from "./raw_session.ts";

/** A part of a session, by the name of its facts. */
interface Part {
  readonly kind: string;
  readonly id: string;
  readonly runs: readonly Run[];
}

/** Adds the sums of every part. */
export function addSums(
  facts: Facts,
  raw: RawSession,
  outcomes: ReadonlyMap<string, string>,
): void {
  const last = raw.events.at(-1)?.wall_time_unix_ms ?? 0;
  for (const part of partsOf(raw)) {
    const { kind, id, runs } = part;
    const add = (what: string, value: number | null) =>
      void facts.set(factName(kind, id, what), value);
    const calls = runs.filter((run) => run.kind === "call");
    const tools = runs.filter((run) => run.kind === "tool");
    const failed = (some: readonly Run[]) =>
      some.filter((run) => outcomes.get(`${run.kind} ${run.id}`) === "failed")
        .length;
    if (kind !== "tools") {
      add("requests", calls.length);
      add("failed_requests", failed(calls));
      addLatencies(add, "request", calls);
      addTokens(add, facts, calls);
    }
    if (kind !== "model") {
      add("tool_calls", tools.length);
      add("failed_tool_calls", failed(tools));
      addLatencies(add, "tool", tools);
    }
    if (kind === "thread") {
      const turns = runs.filter((run) => run.kind === "turn");
      add("turns", turns.length);
      add("failed_turns", failed(turns));
    }
    if (kind === "session" || runs.some((run) => run.kind === "turn")) {
      // What has no end of its own ends with its turn at the latest.
      addTimes(
        add,
        runs,
        (run) =>
          (run.end ?? raw.runs.get(`turn ${run.turn}`)?.end)
            ?.wall_time_unix_ms ?? last,
      );
    }
  }
}

function partsOf(raw: RawSession): Part[] {
  const runs = [...raw.runs.values()];
  const groups = Map.groupBy(
    runs.filter(({ kind }) => kind === "call" || kind === "tool"),
    ({ kind, id, start }) =>
      kind === "call"
        ? `model ${start.payload.model}`
        : `tools ${toolLabel(raw, id)}`,
  );
  return [
    { kind: "session", id: "", runs },
    ...raw.all("thread").map(({ id }) => ({
      kind: "thread",
      id,
      runs: runs.filter(({ thread }) => thread === id),
    })),
    ...raw.all("turn").map(({ id }) => ({
      kind: "turn",
      id,
      runs: runs.filter(({ turn }) => turn === id),
    })),
    ...Array.from(groups, ([name, runs]) => {
      const [, kind = "", id = ""] = /^(\w+) (.*)$/s.exec(name) ?? [];
      return { kind, id, runs };
    }),
  ];
}

type Add = (what: string, value: number | null) => void;

function addTokens(add: Add, facts: Facts, calls: readonly Run[]): void {
  const of = ({ id }: Run, key: string) =>
    facts.get(factName("call", id, key)) ?? null;
  const counted = calls.filter((call) => of(call, "input_tokens") !== null);
  add("calls_with_usage", counted.length);
  for (const key of USAGE_KEYS) {
    const sum = counted.reduce((all, call) => all + Number(of(call, key)), 0);
    add(key, counted.length === 0 ? null : sum);
  }
}

function addLatencies(add: Add, what: string, runs: readonly Run[]): void {
  const sorted = runs.flatMap(({ start, end }) => {
    const from = start.wall_time_unix_ms;
    const to = end?.wall_time_unix_ms ?? -Infinity;
    return to < from ? [] : [to - from];
  }).sort((a, b) => a - b);
  const rank = (percent: number) =>
    sorted[Math.ceil(percent * sorted.length / 100) - 1] ?? null;
  add(`${what}_measured`, sorted.length);
  for (const percent of [50, 90, 99, 100]) {
    add(`${what}_p${percent}_ms`, rank(percent));
  }
  add(
    `${what}_total_ms`,
    sorted.length === 0 ? null : sorted.reduce((sum, each) => sum + each, 0),
  );
}

/** Every millisecond between two moments of the session is one of the kinds, in this order. */
function addTimes(
  add: Add,
  runs: readonly Run[],
  endOf: (run: Run) => number,
): void {
  const during = (...kinds: string[]) =>
    runs.filter(({ kind }) => kinds.includes(kind))
      .map((run) => [run.start.wall_time_unix_ms, endOf(run)] as const);
  const turns = during("turn");
  const models = during("call", "creq");
  const tools = during("tool", "cell");
  const moments = [...turns, ...models, ...tools].flat();
  const edges = [...new Set(moments)].sort((a, b) => a - b);
  const sums = { model: 0, tool: 0, idle: 0 };
  for (const [at, from] of edges.entries()) {
    const to = edges[at + 1] ?? from;
    const runsIn = (some: readonly (readonly [number, number])[]) =>
      some.some(([start, end]) => start <= from && end >= to);
    if (!runsIn(turns)) continue;
    const what = runsIn(models) ? "model" : runsIn(tools) ? "tool" : "idle";
    sums[what] += to - from;
  }
  add("model_ms", sums.model);
  add("tool_ms", sums.tool);
  add("idle_ms", sums.idle);
  add("turns_ms", sums.model + sums.tool + sums.idle);
}
