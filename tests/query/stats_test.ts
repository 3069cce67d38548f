/**
 * The figures of `stats`, compared with what is counted from the raw files.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { TokenUsage } from "../../lib/graph/runtime.ts";
import {
  CostCounter,
  type ModelPrice,
} from "../../lib/query/stats/measures/cost.ts";
import { latenciesOf } from "../../lib/query/stats/measures/latencies.ts";
import { getOutcomes } from "../../lib/query/failures/outcome/outcomes.ts";
import { listBundles } from "../../lib/query/list/list_bundles.ts";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import { GROUPINGS } from "../../lib/query/stats/groupings.ts";
import type { StatsRow } from "../../lib/query/stats/stats_answer.ts";
import { getStats, StatsCollector } from "../../lib/query/stats/stats.ts";
import { sessionFigures } from "../../lib/query/stats/session_figures.ts";
import { observeOpens } from "../support/bundles/opened_files.ts";
import { RawBundle } from "../support/bundles/raw_bundle.ts";
import { TESTDATA } from "../support/paths.ts";
import {
  eventsOf,
  type RawEvent,
  rawEvents,
  soundBundles,
} from "../support/log_oracle.ts";

const BUNDLES = soundBundles();

function bundleOf(name: string): string {
  return join(TESTDATA, "upstream", name, "bundle");
}

/** How long each request took, by the events that begin and end it. */
function durations(events: readonly RawEvent[]): number[] {
  const ends = eventsOf(
    events,
    "inference_completed",
    "inference_failed",
    "inference_cancelled",
  );
  return eventsOf(events, "inference_started").flatMap(
    ({ payload, ...start }) => {
      const end = ends.find((each) =>
        each.payload.inference_call_id === payload.inference_call_id
      );
      return end === undefined
        ? []
        : [end.wall_time_unix_ms - start.wall_time_unix_ms];
    },
  );
}

Deno.test("the tokens of list are those of stats, also where responses were truncated", () => {
  const isPartial: string[] = [];
  for (const { name, bundle } of BUNDLES) {
    const [listed] = listBundles(bundle).bundles;
    const { tokens } = getStats(openBundle(bundle)).total;
    assertEquals(listed?.tokens, tokens, name);
    const reported = Number(tokens?.calls_with_usage);
    if (reported > 0 && reported < Number(tokens?.calls)) isPartial.push(name);
  }
  assert(isPartial.includes("0.171.0-lim_p300"), isPartial.join());
});

Deno.test("latenciesOf() takes the nearest rank: every percentile was measured", () => {
  assertEquals(latenciesOf([]).p50_ms, null);
  const one = latenciesOf([7]);
  assertEquals([one.p50_ms, one.p90_ms, one.p99_ms, one.max_ms], [7, 7, 7, 7]);
  // Of 1 … 200, backwards: number ⌈0.5 · 200⌉, ⌈0.9 · 200⌉, ⌈0.99 · 200⌉.
  const many = latenciesOf(Array.from({ length: 200 }, (_, at) => 200 - at));
  assertEquals(
    [many.p50_ms, many.p90_ms, many.p99_ms, many.max_ms, many.total_ms],
    [100, 180, 198, 200, 20100],
  );
  assertEquals(latenciesOf([10, 20, 30]).p50_ms, 20);
});

Deno.test("getStats() by model counts requests and their durations as the log has them", () => {
  for (const { name, bundle } of BUNDLES) {
    const { rows, total } = getStats(openBundle(bundle));
    const events = rawEvents(bundle);
    const started = eventsOf(events, "inference_started");
    const models = new Set(started.map(({ payload }) => payload.model));
    assertEquals(new Set(rows.map(({ group }) => group)), models, name);
    for (const { group, calls } of rows) {
      const expected = started.filter(({ payload }) => payload.model === group);
      assertEquals(calls, expected.length, name);
    }
    const measured = durations(events);
    assertEquals(total.call_latency?.measured, measured.length, name);
    assertEquals(
      total.call_latency?.max_ms,
      measured.length === 0 ? null : Math.max(...measured),
      name,
    );
    assertEquals(
      total.call_latency?.total_ms ?? 0,
      measured.reduce((sum, each) => sum + each, 0),
      name,
    );
  }
});

Deno.test("getStats() counts the same, whatever it counts by", () => {
  const sum = (
    rows: readonly StatsRow[],
    of: (row: StatsRow) => number | null,
  ) => rows.reduce((total, row) => total + (of(row) ?? 0), 0);
  for (const { name, bundle } of BUNDLES) {
    const session = openBundle(bundle);
    const by = (what: "model" | "turn" | "tool" | "thread" | "bundle") =>
      getStats(session, { by: what });
    const { total } = by("bundle");
    for (const what of ["model", "turn", "thread", "bundle"] as const) {
      assertEquals(sum(by(what).rows, (row) => row.calls), total.calls, name);
      assertEquals(
        sum(by(what).rows, (row) => row.failed_calls),
        total.failed_calls,
        name,
      );
    }
    for (const what of ["tool", "thread", "bundle"] as const) {
      assertEquals(
        sum(by(what).rows, (row) => row.tool_calls),
        total.tool_calls,
        name,
      );
      assertEquals(
        sum(by(what).rows, (row) => row.failed_tool_calls),
        total.failed_tool_calls,
        name,
      );
    }
  }
});

/** How many of `intervals` hold a moment, millisecond by millisecond: slow, and plainly right. */
function millisecondsIn(
  full: readonly [number, number][],
  models: readonly [number, number][],
  tools: readonly [number, number][],
) {
  const split = { turns_ms: 0, model_ms: 0, tool_ms: 0, idle_ms: 0 };
  const holds = (intervals: readonly [number, number][], at: number) =>
    intervals.some(([from, to]) => from <= at && at < to);
  const from = Math.min(...full.map(([start]) => start));
  const to = Math.max(...full.map(([, end]) => end));
  for (let at = from; at < to; at++) {
    if (!holds(full, at)) continue;
    split.turns_ms++;
    if (holds(models, at)) split.model_ms++;
    else if (holds(tools, at)) split.tool_ms++;
    else split.idle_ms++;
  }
  return split;
}

Deno.test("getStats() attributes every moment of a turn to one thing, with agents and tools at once", () => {
  for (
    const name of [
      "0.164.0-agents_v2_sol_tree",
      "0.169.0-agents_v2_fail",
      "0.169.0-compact_remote_fail",
      "0.164.0-stream_drop",
    ]
  ) {
    const events = rawEvents(bundleOf(name));
    const spans = (key: string, start: string, ...ends: string[]) =>
      eventsOf(events, start).map(({ payload, wall_time_unix_ms }) => {
        const end = eventsOf(events, ...ends)
          .find((each) => each.payload[key] === payload[key]);
        return [wall_time_unix_ms, end?.wall_time_unix_ms ?? NaN] as [
          number,
          number,
        ];
      });
    const cells = eventsOf(events, "code_cell_started");
    const expected = millisecondsIn(
      spans("codex_turn_id", "codex_turn_started", "codex_turn_ended"),
      [
        ...spans(
          "inference_call_id",
          "inference_started",
          "inference_completed",
          "inference_failed",
          "inference_cancelled",
        ),
        ...spans(
          "compaction_request_id",
          "compaction_request_started",
          "compaction_request_completed",
          "compaction_request_failed",
        ),
      ],
      [
        ...spans("tool_call_id", "tool_call_started", "tool_call_ended"),
        ...cells.length === 0
          ? []
          : spans("runtime_cell_id", "code_cell_started", "code_cell_ended"),
      ],
    );
    assertEquals(
      getStats(openBundle(bundleOf(name))).total.time,
      expected,
      name,
    );
  }
});

Deno.test("StatsCollector adds up bundles, and keeps those it could not read", () => {
  const names = ["0.164.0-stream_drop", "0.169.0-agents_v2_fail"];
  const collector = new StatsCollector({ by: "model" });
  for (const name of names) collector.add(openBundle(bundleOf(name)));
  collector.skip("gone", "it is not there");
  const { rows, total, bundles } = collector.answer;
  const single = names.map((name) =>
    getStats(openBundle(bundleOf(name))).total
  );
  assertEquals(rows.map(({ group }) => group), ["gpt-5.1-codex"]);
  assertEquals(
    total.calls,
    single.reduce((sum, { calls }) => sum + (calls ?? 0), 0),
  );
  assertEquals(
    total.time?.turns_ms,
    single.reduce((sum, { time }) => sum + (time?.turns_ms ?? 0), 0),
  );
  assertEquals(bundles.map(({ error }) => error), [
    null,
    null,
    "it is not there",
  ]);
});

Deno.test("getStats() leaves unknown what nothing reported", () => {
  const { rows } = getStats(openBundle(bundleOf("0.169.0-agents_v2_fail")), {
    by: "thread",
  });
  const child = rows.find(({ agent_path: path }) => path === "/root/bad");
  assert(child !== undefined);
  assertEquals(
    [
      child.tokens?.calls,
      child.tokens?.calls_with_usage,
      child.tokens?.input_tokens,
    ],
    [1, 0, null],
  );
  assertEquals(child.cost, null);
});

Deno.test("tokens written to the cache have their own price, or that of other input", () => {
  const usage = {
    input_tokens: 1_000_000,
    cached_input_tokens: 400_000,
    cache_write_input_tokens: 300_000,
    output_tokens: 100_000,
    reasoning_output_tokens: 50_000,
  };
  const price = { input: 10, cached_input: 1, output: 30 };
  const amountOf = (own: ModelPrice, tokens: TokenUsage) => {
    const counter = new CostCounter({
      currency: "XTS",
      models: new Map([["m", own]]),
    });
    counter.add("m", tokens);
    return counter.cost?.amount?.toFixed(6);
  };
  const written = { ...price, cache_write_input: 12.5 };
  assertEquals(amountOf(written, usage), "10.150000");
  assertEquals(amountOf(price, usage), "9.400000");
  // More written tokens than there is input cost no more than all of it.
  const excess = { ...usage, cache_write_input_tokens: 900_000 };
  assertEquals(amountOf(written, excess), "10.900000");
});

Deno.test("a tool has the requests that first carried its outputs, and waiting is counted apart", () => {
  const usage = (input_tokens: number) => ({
    token_usage: {
      input_tokens,
      cached_input_tokens: 1,
      output_tokens: 1,
      reasoning_output_tokens: 0,
      total_tokens: input_tokens + 1,
    },
  });
  const bundle = new RawBundle(1);
  const input: object[] = [];
  for (const [at, name] of ["f", "wait", "wait", "f"].entries()) {
    const call_id = `call-${at}`;
    const call = { type: "function_call", name, arguments: "{}", call_id };
    bundle.request(`r${at}`, { input: [...input] }).event({
      type: "inference_completed",
      inference_call_id: `r${at}`,
      response_id: `response-${at}`,
      response_payload: bundle.payload("inference_response", {
        ...usage(100 * (at + 1)),
        output_items: [call],
      }),
    }).tool(`t${at}`, {
      model_visible_call_id: call_id,
      kind: { type: "other", name },
    }).toolEnd(`t${at}`);
    input.push(call, { type: "function_call_output", call_id, output: "o" });
  }
  const place = join(Deno.makeTempDirSync(), "b");
  const { rows, waiting } = getStats(openBundle(bundle.writeTo(place)), {
    by: "tool",
  });
  const figures = (row: StatsRow | null) => [
    row?.group,
    row?.tool_calls,
    row?.calls,
    row?.tokens?.input_tokens,
  ];
  // No request carried the last output.
  assertEquals(rows.map(figures), [["f", 2, 1, 200], ["wait", 2, 2, 700]]);
  assertEquals(figures(waiting), ["waiting", 2, 2, 700]);
  assertEquals(
    getStats(openBundle(place), { by: "model" }).waiting,
    null,
  );
  Deno.removeSync(place, { recursive: true });
});

Deno.test("a row of a turn, a thread or a bundle has its outcome beside the recorded status", () => {
  const session = openBundle(bundleOf("0.169.0-compact_remote_fail"));
  const outcomes = getOutcomes(session);
  for (const by of ["turn", "thread", "bundle"] as const) {
    for (const { object, outcome } of getStats(session, { by }).rows) {
      const expected = object === null ? outcomes.session : outcomes.of(object);
      assertEquals(outcome, expected, by);
    }
  }
  const [row] = getStats(session, { by: "model" }).rows;
  assertEquals(row?.outcome, null);
});

Deno.test("the period before a day, a week and a month is that of the calendar", () => {
  const before = (by: "day" | "week" | "month", group: string) =>
    GROUPINGS[by].previous?.(group);
  assertEquals(before("day", "2024-03-01"), "2024-02-29");
  assertEquals(before("month", "2027-01"), "2026-12");
  // 2026 has 53 weeks by ISO 8601.
  assertEquals(before("week", "2027-W01"), "2026-W53");
  assertEquals(before("week", "2026-W49"), "2026-W48");
  assertEquals(before("day", "unknown"), null);
});

Deno.test("a group that is first in a later session may lack what an earlier one lost", () => {
  const collector = new StatsCollector({ by: "model" });
  collector.add(openBundle(bundleOf("0.164.0-dup_call_id")));
  collector.add(openBundle(bundleOf("0.164.0-agents_v2_sol_tree")));
  const { rows } = collector.answer;
  assertEquals(
    rows.map(({ group, failed_calls }) => [group, failed_calls]),
    [["gpt-5.6-sol", null], ["gpt-5.1-codex", null]],
  );
});

Deno.test("counting a session opens no payload of settings, warnings and failed requests", () => {
  const session = openBundle(bundleOf("0.169.0-agents_v2_fail"));
  const opened: string[] = [];
  using _observer = observeOpens((path) => {
    opened.push(path.slice(session.place.length + 1));
  });
  sessionFigures(session, "day");
  const reports = (session.log?.events ?? []).flatMap(({ event, payloads }) => {
    const { payload } = event;
    const isOfTurn = payload.type === "protocol_event_observed" &&
      ["turn_started", "turn_complete", "turn_aborted"]
        .includes(payload.event_type);
    return isOfTurn ? payloads.map(({ path }) => path) : [];
  });
  assert(reports.length > 0);
  assertEquals(new Set(opened), new Set(reports));
});
