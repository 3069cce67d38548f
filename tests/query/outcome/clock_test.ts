/**
 * Durations across a jump of the clock, and of what has no end: they are unknown, neither negative nor
 * 0, in every view.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { runProgram } from "../../../lib/cli/program.ts";
import { ExplainContext } from "../../../lib/query/explain/explain_context.ts";
import { toolFacts } from "../../../lib/query/explain/facts/running_facts.ts";
import { listBundle } from "../../../lib/query/list/list_bundles.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { summarize } from "../../../lib/query/show/show.ts";
import { getStats } from "../../../lib/query/stats/stats.ts";
import { getTimeline } from "../../../lib/query/timeline/timeline.ts";
import { getTranscript } from "../../../lib/query/transcript/transcript.ts";
import { buildReport } from "../../../lib/report/build/build_report.ts";
import type { ToolRow, TurnRow } from "../../../lib/report/report_data.ts";
import { unpackTable } from "../../../lib/report/packed_table.ts";
import { message, RawBundle, TURN } from "../../support/bundles/raw_bundle.ts";
import { inFolderAsync, recordedIo } from "../../support/cli.ts";

/** When the bundle begins. */
const BEGIN = 1_700_000_000_000;
const HOUR = 3_600_000;

/** Sets the times of the events of a bundle, in milliseconds since its start. */
function timed(bundle: RawBundle, times: readonly number[]): RawBundle {
  let line = 0;
  bundle.changeManifest({ started_at_unix_ms: BEGIN });
  return bundle.rewrite((log) =>
    log.replaceAll(/"wall_time_unix_ms":\d+/g, () => {
      const time = times[line++];
      assert(time !== undefined, "a time for each event");
      return `"wall_time_unix_ms":${BEGIN + time}`;
    })
  );
}

/** Opens a bundle, and runs commands on it. */
async function withBundle(
  bundle: RawBundle,
  test: (
    session: TraceSession,
    place: string,
    run: (...args: string[]) => Promise<string>,
  ) => Promise<void> | void,
): Promise<void> {
  await inFolderAsync(async (folder) => {
    const place = bundle.writeTo(join(folder, "bundle"));
    const run = async (...args: string[]) => {
      const io = recordedIo();
      await runProgram(args, io);
      return io.stdout;
    };
    await test(openBundle(place), place, run);
  });
}

/** The rows of the page. */
function pageRows(session: TraceSession) {
  const { data } = buildReport(session, {
    version: "0",
    payloads: "none",
    maxPayloadBytes: 0,
  });
  const { rows, strings } = data;
  return {
    tools: unpackTable<ToolRow>(rows.tools, strings),
    turns: unpackTable<TurnRow>(rows.turns, strings),
    show: data.show,
  };
}

/** A turn with two tools, and how much later the second ends than it starts. */
function twoTools(times: readonly number[]): RawBundle {
  const bundle = new RawBundle(1).tool("t1").toolEnd("t1").tool("t2")
    .toolEnd("t2").end();
  return timed(bundle, times);
}

Deno.test("no duration is known of an interval in which the clock was set back", async () => {
  // Between the start and the end of the first tool, an event is an hour behind; by the end of the
  // turn, the clock is past its start again.
  const bundle = new RawBundle(1).tool("t1").tool("t2").toolEnd("t2")
    .toolEnd("t1").end();
  timed(bundle, [1, 2, 10, 10 - HOUR, 30 - HOUR, 40, 50, 60, 70]);
  await withBundle(bundle, async (session, place, run) => {
    const jump = {
      direction: "back",
      after_seq: 3,
      before_seq: 4,
      by_ms: HOUR,
    } as const;
    const shown = summarize(session);
    assertEquals(shown.clock_jumps, [jump]);
    assertEquals(shown.identity.duration_ms, null);
    assertEquals(shown.turns.map(({ duration_ms }) => duration_ms), [null]);
    const unknown = {
      turns_ms: null,
      model_ms: null,
      tool_ms: null,
      idle_ms: null,
    };
    assertEquals(shown.time, unknown);
    // The second tool ran after the jump; how long both took is not known.
    assertEquals(shown.tools[0]?.total_ms, null);
    const stats = getStats(session, { by: "tool" });
    assertEquals(stats.total.time, unknown);
    assertEquals(stats.total.tool_latency?.measured, 1);
    assertEquals(stats.total.tool_latency?.max_ms, 20);
    assertEquals(listBundle(place).duration_ms, null);
    const { entries, duration_ms, clock_jumps } = getTimeline(session);
    assertEquals([duration_ms, clock_jumps], [null, [jump]]);
    assertEquals(
      entries.map(({ kind, duration_ms: took }) => [kind, took]),
      [
        ["thread", null],
        ["turn", null],
        ["tool_call", null],
        ["tool_call", 20],
      ],
    );
    const facts = toolFacts(new ExplainContext(session), "t1");
    const valueOf = (name: string) =>
      facts.find((fact) => fact.name === name)?.value;
    assertEquals(valueOf("duration_ms"), null);
    const text = "set back by at least 1 h 00 min 00 s between " +
      "seq 3 and 4";
    assertEquals(valueOf("clock_jump"), text);
    const { tools, turns, show } = pageRows(session);
    assertEquals(tools.map(({ duration_ms: took }) => took), [null, 20]);
    assertEquals(turns.map(({ duration_ms: took }) => took), [null]);
    assertEquals(show.clock_jumps, [jump]);

    const screen = await run("show", place);
    assertStringIncludes(screen, `clock        ${text}:`);
    assertStringIncludes(screen, "ok · time unknown");
    assertStringIncludes(screen, "time         unknown");
    const lines = (await run("timeline", place)).split("\n");
    assertEquals(lines[0], "4 of 4 entries · session ok · time unknown");
    assert(
      lines.some((line) =>
        line.includes("· clock set back by at least 1 h 00 min 00 s")
      ),
      text,
    );
    assert(lines.some((line) => /^ +3 +0\.010 +unknown .*tool:1/.test(line)));
    assert(lines.some((line) => /^ +4 +\? +20 ms .*tool:2/.test(line)));
    assertStringIncludes(await run("stats", place), "time         unknown");
    assertStringIncludes(await run("list", place), "unknown");
    assertStringIncludes(await run("check", place), ", unknown");
    for (const command of ["show", "timeline", "stats"]) {
      const output = await run(command, place);
      assert(!/-\d+ m?s|\b0 ms/.test(output), output);
    }
  });
});

Deno.test("times are known again on each side of a jump", async () => {
  const bundle = twoTools([0, 0, 10, 20, 20 - HOUR, 50 - HOUR, 60, 60, 60]);
  await withBundle(bundle, (session) => {
    const { tools, time } = summarize(session);
    assertEquals(tools[0]?.total_ms, 10 + 30);
    assertEquals(time.turns_ms, null);
  });
  // With a turn on each side, all of the time is known.
  const turns = new RawBundle(1).tool("t1").toolEnd("t1");
  const ended = { type: "codex_turn_ended", status: "completed" };
  turns.event({ ...ended, codex_turn_id: TURN })
    .event({
      type: "codex_turn_started",
      codex_turn_id: "later",
      thread_id: "00000000-0000-0000-0000-00000000000a",
    })
    .tool("t2", {}, { codex_turn_id: "later" }).toolEnd("t2")
    .event({ ...ended, codex_turn_id: "later" });
  const back = 5 - HOUR;
  timed(turns, [
    ...[0, 0, 10, 20, 100],
    ...[back, back + 20, back + 50, back + 200],
  ]);
  await withBundle(turns, (session) => {
    assertEquals(summarize(session).time, {
      turns_ms: 100 + 200,
      model_ms: 0,
      tool_ms: 10 + 30,
      idle_ms: 90 + 170,
    });
  });
});

/** A turn with a tool, and what Codex measured of both. */
function measured(
  times: readonly number[],
  { turnMs, toolMs }: { turnMs: number | null; toolMs: number },
): RawBundle {
  const bundle = new RawBundle(1).tool("t1", {
    kind: { type: "exec_command" },
  });
  const ran = (type: string, payload: object) =>
    bundle.event({
      type,
      tool_call_id: "t1",
      status: "completed",
      runtime_payload: bundle.payload("tool_runtime_event", payload),
    });
  const command = { call_id: "t1", command: ["sleep"], cwd: "/" };
  ran("tool_call_runtime_started", command);
  ran("tool_call_runtime_ended", {
    ...command,
    exit_code: 0,
    status: "completed",
    aggregated_output: "",
    duration: { secs: Math.floor(toolMs / 1000), nanos: toolMs % 1000 * 1e6 },
  });
  bundle.toolEnd("t1")
    .event({
      type: "codex_turn_ended",
      codex_turn_id: TURN,
      status: "completed",
    });
  if (turnMs !== null) {
    bundle.event({
      type: "protocol_event_observed",
      event_type: "turn_complete",
      event_payload: bundle.payload("protocol_event", {
        type: "task_complete",
        turn_id: TURN,
        duration_ms: turnMs,
      }),
    });
  }
  return timed(bundle, times);
}

Deno.test("a jump forward shows where Codex measured less than the clock", async () => {
  for (
    const [by, turnMs, shown] of [
      [HOUR, 3100, "1 h 00 min 00 s betwe"],
      [HOUR, null, "1 h 00 min 00 s betwe"],
      [30_000, 3100, "30.000 s between seq 4"],
    ] as const
  ) {
    // The command took 3 s, the turn 3.1 s; by the clock, more.
    const times = [0, 0, 20, 40, by + 3040, by + 3060, by + 3100];
    const end = turnMs === null ? [] : [by + 3101];
    const bundle = measured([...times, ...end], { turnMs, toolMs: 3000 });
    await withBundle(bundle, async (session, place, run) => {
      const { clock_jumps: jumps, turns, time, identity } = summarize(session);
      assertEquals(jumps, [{
        direction: "forward",
        after_seq: 4,
        before_seq: 5,
        by_ms: by,
      }]);
      assertEquals(turns[0]?.duration_ms, null);
      assertEquals(time.turns_ms, null);
      assertEquals(identity.duration_ms, null);
      const { entries } = getTimeline(session);
      const took = new Map(
        entries.map(({ kind, duration_ms }) => [kind, duration_ms]),
      );
      assertEquals(took.get("tool_call"), null);
      assertEquals(took.get("terminal_operation"), null);
      // A list does not read the payloads of tools of turns that were measured well.
      assertEquals(listBundle(place).duration_ms, null);
      assertStringIncludes(
        await run("timeline", place),
        `· clock set forward by about ${shown}`,
      );
      assertEquals(getTranscript(session)?.clock_jumps, jumps);
    });
  }
});

Deno.test("transcript prints where the clock jumped", async () => {
  const bundle = new RawBundle(1)
    .request("a", { input: [message("user", "hi")] }).end();
  const last = bundle.lines.length - 1;
  timed(bundle, bundle.lines.map((_, at) => at === last ? 0 : 10 * at));
  await withBundle(bundle, async (_, place, run) => {
    for (const args of [[], ["--markdown"]]) {
      assertMatch(
        await run("transcript", place, ...args),
        /^clock set back by at least \d+ ms between seq /im,
      );
    }
  });
});

Deno.test("a jump forward is not in a tool that was measured to be as long", async () => {
  // The command really took an hour; before it, the clock was set forward by an hour.
  const times = [0, 0, HOUR, HOUR + 1, 2 * HOUR, 2 * HOUR, 2 * HOUR, 2 * HOUR];
  const bundle = measured(times, { turnMs: HOUR, toolMs: HOUR });
  await withBundle(bundle, (session) => {
    const { clock_jumps: jumps, tools, turns } = summarize(session);
    assertEquals(jumps.map((jump) => [jump.after_seq, jump.before_seq]), [
      [2, 3],
    ]);
    assertEquals(tools[0]?.total_ms, HOUR);
    assertEquals(turns[0]?.duration_ms, null);
  });
});

Deno.test("a clock that agrees with what Codex measured has no jump", async () => {
  const times = [0, 0, 20, 40, HOUR, HOUR + 10, HOUR + 20, HOUR + 21];
  const bundle = measured(times, { turnMs: HOUR, toolMs: HOUR - 40 });
  await withBundle(bundle, (session) => {
    const { clock_jumps, turns } = summarize(session);
    assertEquals([clock_jumps, turns[0]?.duration_ms], [[], HOUR + 20]);
  });
});

Deno.test("a clock that was set back between two events shows in what Codex measured", async () => {
  // The turn took three hours; an hour of the last wait is missing by the clock.
  const end = 2 * HOUR;
  const bundle = measured([0, 0, 20, 40, 80, end, end, end], {
    turnMs: 3 * HOUR,
    toolMs: 40,
  });
  await withBundle(bundle, (session) => {
    const { clock_jumps: jumps, tools, turns } = summarize(session);
    assertEquals(jumps, [
      { direction: "back", after_seq: 2, before_seq: 7, by_ms: HOUR },
    ]);
    assertEquals(turns[0]?.duration_ms, null);
    assertEquals(tools[0]?.total_ms, end - 20);
  });
});

Deno.test("what never ended takes no time of a later turn", async () => {
  const bundle = new RawBundle(1).tool("t1");
  const ended = { type: "codex_turn_ended", status: "completed" };
  bundle.event({ ...ended, codex_turn_id: TURN })
    .event({
      type: "codex_turn_started",
      codex_turn_id: "later",
      thread_id: "00000000-0000-0000-0000-00000000000a",
    })
    .event({ ...ended, codex_turn_id: "later" });
  timed(bundle, [0, 0, 10, 100, 100, 500]);
  await withBundle(bundle, (session) => {
    assertEquals(summarize(session).time, {
      turns_ms: 500,
      model_ms: 0,
      tool_ms: 90,
      idle_ms: 410,
    });
  });
});

Deno.test("the time of turns is unknown where the end of a tool may be lost", async () => {
  const bundle = twoTools([0, 0, 10, 20, 30, 40, 50, 60, 70]);
  bundle.lines[3] = "{torn";
  await withBundle(bundle, (session) => {
    const { tools, time } = summarize(session);
    assertEquals([tools[0]?.total_ms, time.tool_ms], [10, null]);
  });
});

Deno.test("a call that took no time took less than a millisecond", async () => {
  const bundle = twoTools([0, 0, 10, 10, 20, 20, 30, 30, 30]);
  await withBundle(bundle, async (session, place, run) => {
    assertEquals(summarize(session).tools[0]?.total_ms, 0);
    assertEquals(pageRows(session).tools[0]?.duration_ms, 0);
    assertStringIncludes(await run("timeline", place), "<1 ms  ●  ├ tool:1");
    assertStringIncludes(await run("show", place), "plain 2 (<1 ms)");
  });
});
