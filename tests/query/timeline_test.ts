/**
 * Timelines, against state.json and the lines of the log read by hand.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import type {
  TimelineEntry,
  TimelineKind,
} from "../../lib/query/timeline/timeline_answer.ts";
import { getTimeline } from "../../lib/query/timeline/timeline.ts";
import { everyCase, type GoldenCase } from "../support/cases.ts";
import { TESTDATA } from "../support/paths.ts";

/** The maps of a state.json whose objects are in a timeline. */
const MAPS:
  readonly (readonly [map: string, kinds: readonly TimelineKind[]])[] = [
    ["threads", ["thread"]],
    ["codex_turns", ["turn"]],
    ["conversation_items", ["item", "message"]],
    ["inference_calls", ["inference_call"]],
    ["tool_calls", ["tool_call"]],
    ["code_cells", ["code_cell"]],
    ["terminal_operations", ["terminal_operation"]],
    ["compactions", ["compaction"]],
    ["compaction_requests", ["compaction_request"]],
    ["interaction_edges", ["edge"]],
  ];
const EVERYTHING: readonly TimelineKind[] = [
  ...MAPS.flatMap(([, kinds]) => kinds),
  "dropped_items",
  "inherited_history",
  "undelivered",
  "protocol_event",
  "thread_resumed",
  "loss",
];
const CASES = everyCase().filter(({ state }) => state !== undefined);

interface Execution {
  started_seq: number;
  started_at_unix_ms: number;
  ended_seq: number | null;
  ended_at_unix_ms: number | null;
  status: string;
}
interface StateObject {
  execution?: Execution;
  accepted_seq?: number;
  requester?: { type: string; code_cell_id?: string };
  tool_call_id?: string;
}
type State = Record<string, Record<string, StateObject>>;
interface Line {
  seq: number;
  wall_time_unix_ms: number;
  payload: { type: string; edge_id?: string };
}

function stateOf({ state }: GoldenCase): State {
  return JSON.parse(Deno.readTextFileSync(state ?? ""));
}

function linesOf({ bundle }: GoldenCase): Line[] {
  return Deno.readTextFileSync(join(bundle, "trace.jsonl")).split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

function everything({ bundle }: GoldenCase): readonly TimelineEntry[] {
  return getTimeline(openBundle(bundle), { kinds: EVERYTHING }).entries;
}

function upstream(name: string) {
  return openBundle(join(TESTDATA, "upstream", name, "bundle"));
}

Deno.test("a timeline has every object of the graph once, as state.json has it", () => {
  assert(CASES.length > 30);
  for (const each of CASES) {
    const state = stateOf(each);
    const entries = everything(each);
    for (const [map, kinds] of MAPS) {
      const outcome = entries.filter(({ kind }) => kinds.includes(kind));
      assertEquals(
        outcome.map(({ object }) => object?.id).sort(),
        Object.keys(state[map] ?? {}).sort(),
        `${each.name}: ${map}`,
      );
      for (const entry of outcome) {
        const object = state[map]?.[entry.object?.id ?? ""] ?? {};
        const { execution: ran } = object;
        if (ran === undefined) continue;
        assertEquals([
          entry.started_seq,
          entry.started_at_unix_ms,
          entry.ended_seq,
          entry.ended_at_unix_ms,
          entry.status,
        ], [
          ran.started_seq,
          ran.started_at_unix_ms,
          ran.ended_seq,
          ran.ended_at_unix_ms,
          ran.status,
        ]);
      }
    }
  }
});

Deno.test("a timeline has every protocol event and every resumed thread of the log once", () => {
  for (const each of CASES) {
    const entries = everything(each);
    for (
      const [kind, type] of [
        ["protocol_event", "protocol_event_observed"],
        ["thread_resumed", "thread_resumed"],
      ]
    ) {
      assertEquals(
        entries.filter((entry) => entry.kind === kind)
          .map(({ started_seq: seq }) => Number(seq)),
        linesOf(each).filter(({ payload }) => payload.type === type)
          .map(({ seq }) => seq),
        `${each.name}: ${type}`,
      );
    }
  }
});

Deno.test("entries are in the order of their first events, after what they happened in", () => {
  for (const each of CASES) {
    const entries = everything(each);
    let before = 0;
    entries.forEach((entry, at) => {
      assertEquals(entry.number, at + 1);
      const seq = Number(entry.started_seq ?? before);
      assert(
        seq >= before,
        `${each.name}: ${entry.object?.id} is listed too late`,
      );
      before = seq;
      const owner = entries[(entry.parent ?? 0) - 1];
      assertEquals(entry.parent === null, owner === undefined);
      assertEquals(entry.depth, (owner?.depth ?? -1) + 1);
      if (owner === undefined) return;
      assert(owner.number < entry.number);
      assert(Number(owner.started_seq) <= seq);
    });
  }
});

Deno.test("tools are in the cell that called them or in their turn, operations in their tool", () => {
  for (const each of CASES) {
    const state = stateOf(each);
    const entries = everything(each);
    for (const { kind, object, parent, turn } of entries) {
      const owner = entries[(parent ?? 0) - 1]?.object ?? null;
      if (kind === "terminal_operation") {
        const operation = state["terminal_operations"]?.[object?.id ?? ""];
        assertEquals(owner?.id, operation?.tool_call_id);
      }
      if (kind !== "tool_call" || turn === null) continue;
      const { requester } = state["tool_calls"]?.[object?.id ?? ""] ?? {};
      // A cell whose item was not recorded is not in the graph.
      const isInCell = requester?.type === "code_cell" &&
        state["code_cells"]?.[requester.code_cell_id ?? ""] !== undefined;
      assertEquals(
        owner?.id,
        isInCell ? requester.code_cell_id : turn.id,
        `${each.name}: ${object?.id}`,
      );
    }
  }
});

Deno.test("items enter with the event that took them in, results of agents with theirs", () => {
  for (const each of CASES) {
    const { conversation_items: items = {} } = stateOf(each);
    const results = new Map(
      linesOf(each)
        .filter(({ payload }) => payload.type === "agent_result_observed")
        .map(({ seq, payload }) => [payload.edge_id, seq]),
    );
    for (const { object, started_seq: seq, kind } of everything(each)) {
      const accepted = items[object?.id ?? ""]?.accepted_seq;
      if (accepted !== undefined) assertEquals(seq, accepted);
      const result = results.get(object?.id);
      if (kind === "edge" && result !== undefined) assertEquals(seq, result);
    }
  }
});

Deno.test("whatever did not complete is reported as an issue, with all it happened in", () => {
  for (const each of CASES) {
    const session = openBundle(each.bundle);
    const all = getTimeline(session, { kinds: EVERYTHING }).entries;
    const { entries } = getTimeline(session, { failed: true });
    const outcome = new Map(entries.map((entry) => [entry.number, entry]));
    for (const entry of all) {
      const { status, kind, number } = entry;
      // A failed command is an issue of its tool call.
      if (status === null || status === "completed") continue;
      if (kind === "terminal_operation") continue;
      assert(outcome.get(number)?.context === false, `${each.name}: ${number}`);
    }
    for (const { parent, issue, context } of entries) {
      assert(context || issue !== null);
      assert(parent === null || outcome.has(parent));
    }
    const owners = new Set(entries.map(({ parent }) => parent));
    for (const { context, number } of entries) {
      assert(!context || owners.has(number), "context without a fault in it");
    }
  }
});

Deno.test("in a gap nothing is recorded, and it is as long as printed", () => {
  let gaps = 0;
  for (const each of CASES) {
    const session = openBundle(each.bundle);
    const answer = getTimeline(session, { gapMs: 50 });
    const state = stateOf(each);
    const ran = [
      "inference_calls",
      "tool_calls",
      "code_cells",
      "terminal_operations",
      "compaction_requests",
    ].flatMap((map) => Object.values(state[map] ?? {}))
      .flatMap(({ execution }) => execution ?? []);
    for (const { from_unix_ms, until_unix_ms, duration_ms } of answer.gaps) {
      gaps++;
      const [from, until] = [Number(from_unix_ms), Number(until_unix_ms)];
      assertEquals(Number(duration_ms), until - from);
      assert(until - from >= 50);
      for (const { started_at_unix_ms: start, ended_at_unix_ms } of ran) {
        const end = ended_at_unix_ms ?? start;
        assert(end <= from || start >= until, `${each.name}: not idle`);
      }
    }
  }
  assert(gaps > 10);
});

Deno.test("a thread, kinds, and events from one to another can be asked for", () => {
  const session = upstream("0.169.0-agents_v2");
  const all = getTimeline(session, { kinds: EVERYTHING }).entries;
  const [, child] = session.names.all("thread");
  assert(child !== undefined);
  const one = getTimeline(session, { kinds: EVERYTHING, thread: child.id });
  assertEquals(
    one.entries,
    all.filter(({ thread }) => thread?.id === child.id),
  );
  assert(one.entries.length > 5 && one.entries.length < all.length);
  const kinds: TimelineKind[] = ["inference_call", "edge"];
  assertEquals(
    getTimeline(session, { kinds }).entries,
    all.filter(({ kind }) => kinds.includes(kind)),
  );
  const late = getTimeline(session, { since: 20, until: 40 });
  const meant = late.entries.filter(({ context }) => !context);
  assert(meant.length > 3);
  assert(meant.every(({ started_seq: seq }) => Number(seq) >= 20));
  assert(late.entries.every(({ started_seq: seq }) => Number(seq) <= 40));
  assert(late.entries.some(({ context }) => context));
});

Deno.test("a timeline reports why a session went wrong", () => {
  const found = (name: string) =>
    getTimeline(upstream(name), { failed: true }).entries
      .filter(({ context }) => !context)
      .map((entry) => [entry.object?.handle ?? entry.kind, entry.error]);
  const dropped = "stream disconnected before completion: Transport error: " +
    "network error: error decoding response body";
  assertEquals(found("0.164.0-stream_drop"), [
    ["call:1", dropped],
    ["call:2", dropped],
    ["call:3", dropped],
    [
      "call:5",
      "stream disconnected before completion: " +
      "stream closed before response.completed",
    ],
  ]);
  assertEquals(found("0.169.0-agents_v2_fail"), [
    ["turn:2", "turn failed"],
    ["call:3", "child is broken"],
    ["protocol_event", "child is broken"],
  ]);
  assertEquals(found("0.169.0-compact_remote_fail"), [
    ["turn:2", "turn failed"],
    ["compaction_request:1", "cannot compact"],
    ["protocol_event", "Error running remote compact task: cannot compact"],
  ]);
  assertEquals(found("0.169.0-hello"), []);
});

Deno.test("what could not be reduced is in the timeline", () => {
  const session = openBundle(
    join(TESTDATA, "broken", "unknown_event_schema_1"),
  );
  const losses = getTimeline(session, { kinds: ["loss"] }).entries;
  assertEquals(
    losses.length,
    session.diagnostics.filter(({ severity }) => severity === "loss").length,
  );
  assert(losses.length > 0 && losses.every(({ error }) => error !== null));
});

Deno.test("what could not be reduced did not fail", () => {
  const session = openBundle(
    join(TESTDATA, "upstream", "0.164.0-dup_call_id", "bundle"),
  );
  const losses = getTimeline(session, { kinds: ["loss"] }).entries;
  assert(losses.length > 0 && losses.every(({ issue }) => issue === "warning"));
});

Deno.test("without a log everything of the graph is there, what began before what it happened in", () => {
  for (const each of CASES) {
    const session = openBundle(each.bundle);
    const graph = { ...session, log: null, payloads: null, extent: null };
    const { entries } = getTimeline(graph, { kinds: EVERYTHING });
    const objects = (list: readonly TimelineEntry[]) =>
      list.flatMap(({ object }) => object?.id ?? []).sort();
    assertEquals(objects(entries), objects(everything(each)));
    for (const { parent, number } of entries) {
      assert(parent === null || parent < number);
    }
    const ran = entries.filter(({ status }) => status !== null);
    for (const { number, started_seq, started_at_unix_ms: at } of entries) {
      if (started_seq !== null || at === null) continue;
      for (const other of ran) {
        const start = other.started_at_unix_ms ?? at;
        assert(
          other.number < number ? start <= at : start >= at,
          `${each.name}: ${number} against ${other.number}`,
        );
      }
    }
  }
});
