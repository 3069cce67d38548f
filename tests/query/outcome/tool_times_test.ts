/**
 * How long tool calls waited before they ran, and waits that timed out.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { runProgram } from "../../../lib/cli/program.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { getStats } from "../../../lib/query/stats/stats.ts";
import { getTimeline } from "../../../lib/query/timeline/timeline.ts";
import { buildReport } from "../../../lib/report/build/build_report.ts";
import { unpackTable } from "../../../lib/report/packed_table.ts";
import type { ToolRow } from "../../../lib/report/report_data.ts";
import { RawBundle } from "../../support/bundles/raw_bundle.ts";
import { inFolderAsync, recordedIo } from "../../support/cli.ts";
import { TESTDATA } from "../../support/paths.ts";

async function printed(...args: string[]): Promise<string> {
  const io = recordedIo();
  await runProgram(args, io);
  return io.stdout;
}

/** The waits of a session by what they call, as `timeline` has them. */
function waitsOf(session: TraceSession) {
  return getTimeline(session).entries.flatMap(({ detail }) =>
    detail.type === "tool_call" && detail.wait !== null ? detail.wait : []
  );
}

function pageTools(session: TraceSession): ToolRow[] {
  const options = { version: "0", payloads: "none", maxPayloadBytes: 0 };
  const { data } = buildReport(session, { ...options, payloads: "none" });
  return unpackTable<ToolRow>(data.rows.tools, data.strings);
}

Deno.test("a wait for an approval is apart from the time in which a command ran", async () => {
  const bundle = new RawBundle(1, "rollout");
  const ran = (type: string, payload: object) =>
    bundle.event({
      type,
      tool_call_id: "t1",
      status: "completed",
      runtime_payload: bundle.payload("tool_runtime_event", payload),
    });
  bundle.tool("t1", { kind: { type: "exec_command" } });
  const command = { call_id: "t1", command: ["make"], cwd: "/" };
  ran("tool_call_runtime_started", command);
  ran("tool_call_runtime_ended", {
    ...command,
    exit_code: 0,
    status: "completed",
    aggregated_output: "",
  });
  bundle.toolEnd("t1").end();
  // The call, and 40 s later the approval; the command took 2 s.
  const times = [0, 0, 0, 100, 40_100, 42_100, 42_110];
  let line = 0;
  bundle.rewrite((log) =>
    log.replaceAll(
      /"wall_time_unix_ms":\d+/g,
      () => `"wall_time_unix_ms":${1.7e12 + (times[line++] ?? 42_120)}`,
    )
  );
  await inFolderAsync(async (folder) => {
    const place = bundle.writeTo(join(folder, "bundle"));
    const session = openBundle(place);
    const tool = getTimeline(session).entries
      .find(({ kind }) => kind === "tool_call");
    assert(tool?.detail.type === "tool_call");
    const { waited_ms, ran_ms } = tool.detail;
    assertEquals([tool.duration_ms, waited_ms, ran_ms], [42_010, 40_000, 2000]);
    const { tool_waited_ms, tool_ran_ms } =
      getStats(session, { by: "tool" }).total;
    assertEquals([tool_waited_ms, tool_ran_ms], [40_000, 2000]);
    assertEquals(
      pageTools(session).map((row) => [row.waited_ms, row.ran_ms]),
      [[40_000, 2000]],
    );
    assertStringIncludes(
      await printed("timeline", place),
      "waited 40.000 s, ran 2.000 s",
    );
    const facts = await printed("explain", place, "tool:1");
    assert(/waited before it ran +40\.000 s/.test(facts), facts);
    assert(/ran +2\.000 s/.test(facts), facts);
    const columns = ["--columns", "waited_ms,ran_ms"];
    const stats = await printed("stats", place, "--by", "tool", ...columns);
    assert(/waited +ran\n.* 40\.000 s +2\.000 s/.test(stats), stats);
  });
});

Deno.test("a poll that timed out has the time it asked for and what it was granted", async () => {
  const place = join(TESTDATA, "upstream", "0.169.0-stdin_session", "bundle");
  const session = openBundle(place);
  // Codex polls for five seconds at least; the third ended with the process.
  assertEquals(waitsOf(session), [
    { asked_ms: 300, granted_ms: 5001, timed_out: true },
    { asked_ms: 300, granted_ms: 5002, timed_out: true },
  ]);
  assertEquals(
    pageTools(session).flatMap(({ wait }) => wait?.granted_ms ?? []),
    [5001, 5002],
  );
  assertStringIncludes(
    await printed("timeline", place),
    "write_stdin · timed out after 5.001 s, asked",
  );
});

/** A wait with its arguments and its output. */
function waiting(kind: object, args: object, output: string): RawBundle {
  const bundle = new RawBundle(1);
  bundle.tool("w", {
    kind,
    invocation_payload: bundle.payload("tool_invocation", {
      tool_name: "wait",
      payload: { type: "function", arguments: JSON.stringify(args) },
    }),
  });
  return bundle.event({
    type: "tool_call_ended",
    tool_call_id: "w",
    status: "completed",
    result_payload: bundle.payload("tool_result", {
      type: "direct_response",
      response_item: { type: "function_call_output", call_id: "w", output },
    }),
  }).end();
}

Deno.test("a wait is granted what its output states, or as long as it lasted", async () => {
  const agent = { type: "wait_agent" };
  const cell = { type: "other", name: "wait" };
  const cases = [
    [
      agent,
      { timeout_ms: 5000 },
      JSON.stringify({
        message: "Wait timed out.\n\nRequested timeout of 5000ms was clamped " +
          "to the minimum of 10000ms.",
        timed_out: true,
      }),
      { asked_ms: 5000, granted_ms: 10_000, timed_out: true },
    ],
    [
      agent,
      {},
      '{"message":"Wait completed.","timed_out":false}',
      { asked_ms: null, granted_ms: null, timed_out: false },
    ],
    [
      cell,
      { cell_id: "1", yield_time_ms: 200 },
      "Script running with cell ID 1\nWall time 0.2 seconds\nOutput:\n",
      // By the log, it took a millisecond.
      { asked_ms: 200, granted_ms: 1, timed_out: true },
    ],
    [
      cell,
      { cell_id: "1", yield_time_ms: 200 },
      "Script completed\nWall time 0.0 seconds\nOutput:\n",
      { asked_ms: 200, granted_ms: null, timed_out: false },
    ],
    [
      cell,
      { cell_id: "1" },
      "any",
      { asked_ms: null, granted_ms: null, timed_out: null },
    ],
  ] as const;
  for (const [kind, args, output, expected] of cases) {
    await inFolderAsync((folder) => {
      const bundle = waiting(kind, args, output);
      const place = bundle.writeTo(join(folder, "bundle"));
      assertEquals(waitsOf(openBundle(place)), [expected]);
      return Promise.resolve();
    });
  }
  // A tool of a server with the same name is no wait.
  await inFolderAsync((folder) => {
    const bundle = waiting(cell, { seconds: 3 }, "waited");
    const place = bundle.writeTo(join(folder, "bundle"));
    assertEquals(waitsOf(openBundle(place)), []);
    return Promise.resolve();
  });
});
