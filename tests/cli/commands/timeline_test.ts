/**
 * What `timeline` prints for a person.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Blame } from "../../../lib/cli/commands/timeline/error_column.ts";
import { styleFor } from "../../../lib/cli/text/style.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { getTimeline } from "../../../lib/query/timeline/timeline.ts";
import { assertFits } from "./fits_width.ts";
import { everyCase, someCases } from "../../support/cases.ts";
import { printed, testAskGoldens, upstreamBundle } from "./command_golden.ts";

const TREE = upstreamBundle("0.164.0-agents_v2_sol_tree");
const CODE = upstreamBundle("0.169.0-code_mode_tools");

testAskGoldens("timeline", [
  { name: "agents", args: [TREE] },
  {
    name: "agents_fail",
    args: [upstreamBundle("0.169.0-agents_v2_fail")],
    color: 100,
  },
  { name: "code_cells", args: [CODE] },
  {
    name: "compactions",
    args: [
      upstreamBundle("0.169.0-compact_remote_manual"),
      "--gap",
      "20",
      "--clock",
    ],
  },
  {
    name: "kinds",
    args: [
      upstreamBundle("0.169.0-stdin_session"),
      "--kind",
      "tool,operation",
      "--kind",
      "message",
    ],
  },
  { name: "arrows", args: [TREE, "--kind", "edge,tool"], widths: [80] },
  { name: "items", args: [CODE, "--kind", "item", "--until", "60"] },
  { name: "since", args: [TREE, "--since", "48"], widths: [80] },
  {
    name: "thread",
    args: [TREE, "--thread", "/root/beta/gamma"],
    widths: [80],
  },
  {
    name: "failed_patch",
    args: [upstreamBundle("0.169.0-patch_in_shell"), "--failed"],
  },
  {
    name: "failed_stream",
    args: [upstreamBundle("0.164.0-stream_drop"), "--failed"],
    color: 80,
  },
  {
    name: "failed_compaction",
    args: [upstreamBundle("0.169.0-compact_remote_fail"), "--failed"],
  },
  {
    name: "failed_agent",
    args: [upstreamBundle("0.169.0-agents_v2_fail"), "--failed"],
  },
  { name: "failed_tools", args: [CODE, "--failed"] },
  {
    name: "failed_not",
    args: [upstreamBundle("0.169.0-hello"), "--failed"],
    widths: [80],
  },
  {
    name: "partial",
    args: [upstreamBundle("0.164.0-agents_same_call_id"), "--failed"],
    widths: [80],
  },
]);

Deno.test("timeline fits every width and steers no terminal, whatever the bundle", async () => {
  for (const { bundle, name } of someCases()) {
    for (const words of [[], ["--failed"], ["--kind", "item,protocol"]]) {
      const args = ["timeline", bundle, ...words];
      await assertFits(args, 40, name);
      await assertFits([...args, "--clock"], 60, name);
    }
  }
});

Deno.test("timeline shows every edge between two threads with an arrow, whatever is left out", async () => {
  let arrows = 0;
  for (const { bundle, name } of everyCase()) {
    for (const kinds of ["edge", "edge,tool", "edge,thread"]) {
      const { stdout } = await printed(["timeline", bundle, "--kind", kinds]);
      const lines = stdout.split("\n");
      for (const [at, line] of lines.entries()) {
        const [, from, to] =
          /edge:\d+ +thread:(\d+) \D+ thread:(\d+)/.exec(line) ?? [];
        if (from === undefined || from === to) continue;
        // The lane of a thread opens with its row: of one that starts or resumes, later.
        const opensLater = kinds === "edge,thread" &&
          lines.slice(at + 1).some((each) =>
            !each.includes("edge:") && each.includes(`thread:${to} `)
          );
        assertEquals(/[▸◂]/.test(line), !opensLater, `${name}: ${line}`);
        arrows++;
      }
    }
  }
  assert(arrows > 30, `${arrows}`);
});

Deno.test("timeline of a state.json does not take what it lacks to be the same", async () => {
  let withoutReason = 0;
  for (const { state, name } of everyCase()) {
    if (state === undefined) continue;
    const { stdout } = await printed(["timeline", state, "--width", "200"]);
    const unknown = stdout.split("the reason is only in the bundle").length - 1;
    withoutReason += unknown;
    if (unknown > 0) assert(!stdout.includes("the same as"), name);
    assert(!stdout.includes("no reason was recorded"), name);
  }
  assert(withoutReason > 10, `${withoutReason}`);
});

Deno.test("timeline refers to an equal error only where its text is long", () => {
  const session = openBundle(upstreamBundle("0.164.0-stream_drop"));
  const failed = getTimeline(session).entries.find(({ object, error }) =>
    object !== null && error !== null
  );
  assert(failed?.object);
  const { object } = failed;
  const textOf = (error: string) => {
    const [first, second] = ["turn:1", "turn:2"].map((handle) => ({
      ...failed,
      object: { ...object, handle },
      error,
      caused_by: null,
      retried_by: null,
    }));
    assert(first && second);
    const blame = new Blame([first, second], styleFor(false));
    assertEquals(blame.line(first), error);
    return blame.line(second);
  };
  assertEquals(textOf("interrupted"), "interrupted");
  assertEquals(
    textOf("the stream ended before the response"),
    "the same as turn:1",
  );
});

Deno.test("timeline marks a process that failed where the log has its end", async () => {
  const bundle = upstreamBundle("0.169.0-stdin_session");
  const log: string[] = Deno.readTextFileSync(`${bundle}/trace.jsonl`).trim()
    .split("\n");
  const ended = log.map((line) => JSON.parse(line)).filter(({ payload }) =>
    payload.type === "tool_call_runtime_ended" && payload.status === "failed"
  ).map(({ seq }) => seq);
  // Of the write to a process that was gone, only the call's end is recorded.
  assertEquals(ended.length, 1);
  for (const more of [[], ["--failed"]]) {
    const { stdout } = await printed(["timeline", bundle, ...more]);
    const marked = stdout.split("\n").filter((line) =>
      / ✗ .* operation:/.test(line)
    );
    const [late = "", direct = ""] = marked;
    assertEquals(marked.length, 2, stdout);
    assert(late.trim().startsWith(`${ended[0]} `), late);
    assertStringIncludes(late, "exit code 3");
    assertStringIncludes(direct, "operation:6");
    assert(!/✗.*tool:1 /.test(stdout), stdout);
    if (more.length > 0) assertStringIncludes(stdout, "2 failed · session");
  }
});

Deno.test("timeline and show report a result that the log has and no model was shown", async () => {
  const log = Deno.readTextFileSync(`${TREE}/trace.jsonl`).trim().split("\n");
  const results = log.map((line) => JSON.parse(line))
    .filter(({ payload }) => payload.type === "agent_result_observed");
  const state = JSON.parse(
    Deno.readTextFileSync(TREE.replace("bundle", "expected.state.json")),
  );
  const lost = results.filter(({ payload }) =>
    state.interaction_edges[payload.edge_id] === undefined
  );
  assertEquals(lost.map(({ seq }) => seq), [65]);
  const words = "result of /root/beta/gamma never delivered: " +
    "no later request of /root/beta";
  for (const more of [[], ["--failed"], ["--kind", "undelivered"]]) {
    const args = ["timeline", TREE, ...more, "--width", "200"];
    const { stdout } = await printed(args);
    const line = stdout.split("\n").find((each) => each.startsWith(" 65 "));
    assertStringIncludes(line ?? "", "reports to thread:2 · gamma result");
    assertStringIncludes(line ?? "", words);
  }
  const { stdout } = await printed(["show", TREE, "--width", "120"]);
  assertStringIncludes(stdout, `turn:3  seq 65  ${words}`);
});

Deno.test("timeline refuses a kind that there is not, and lists those that there are", async () => {
  const result = await printed(["timeline", CODE, "--kind", "tol"]);
  assertEquals(result.code, 2);
  assertStringIncludes(
    result.stderr,
    'invalid value "tol" for --kind; did you mean "tool"?',
  );
});

Deno.test("timeline takes an object's name for an event, and finds nothing for what is none", async () => {
  const since = async (word: string) =>
    await printed(["timeline", CODE, "--since", word, "--json"]);
  assertEquals(await since("tool:7"), await since("55"));
  assertEquals((await since("no_object")).code, 1);
});

Deno.test("timeline of a thread that there is not is found to be nothing", async () => {
  const result = await printed([
    "timeline",
    CODE,
    "--thread",
    "/root/x",
    "--json",
  ]);
  assertEquals(result.code, 1);
  assertEquals(JSON.parse(result.stdout).answer, null);
  const words = await printed(["timeline", CODE, "--thread", "/root/x"]);
  assertEquals(words.stdout, "");
  assertStringIncludes(words.stderr, 'no thread is called "/root/x"');
});

Deno.test("timeline --json has an empty list where nothing went wrong", async () => {
  const result = await printed([
    "timeline",
    upstreamBundle("0.169.0-hello"),
    "--failed",
    "--json",
  ]);
  assertEquals(result.code, 1);
  const { answer } = JSON.parse(result.stdout);
  assertEquals(answer.entries, []);
  assert(answer.total > 5);
});
