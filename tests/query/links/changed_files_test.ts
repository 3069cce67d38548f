/**
 * The files that patches changed: as the runtime reports them, or as the text of the patch has them.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { explain } from "../../../lib/query/explain/explain.ts";
import { patchesOf } from "../../../lib/query/evidence/recorded/patches.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { changedFiles } from "../../../lib/query/show/changed_files.ts";
import type { ChangedFiles } from "../../../lib/query/show/show_answer.ts";
import { RawBundle, THREAD } from "../../support/bundles/raw_bundle.ts";
import { inFolder } from "../../support/cli.ts";

const PATCH = [
  "*** Begin Patch",
  "*** Update File: src/a.ts",
  "*** Move to: src/b.ts",
  "@@",
  "-1",
  "+2",
  "*** Add File: new.ts",
  "+x",
  "*** End Patch",
].join("\n");

/** A call that applies a patch; what it ran as, and what was recorded of it. */
interface Call {
  readonly kind?: string;
  readonly invocation?: object;
  readonly preview?: string;
  readonly begin?: object;
  readonly end?: object;
  /** Status of its runtime at the end; `completed` by default. */
  readonly ended?: string;
  /** Null where no end was recorded. */
  readonly status?: string | null;
  readonly result?: object;
}

function bundleOf(calls: readonly Call[]): RawBundle {
  const bundle = new RawBundle(2);
  // The thread of the bundle has no metadata: another log line of the same start would be refused.
  bundle.rewrite((log) =>
    log.replace(
      `"agent_path":"/root"`,
      `"agent_path":"/root","metadata_payload":${
        JSON.stringify(
          bundle.payload("session_metadata", {
            thread_id: THREAD,
            agent_path: "/root",
            cwd: "/w",
          }),
        )
      }`,
    )
  );
  for (const [at, call] of calls.entries()) {
    const id = `t${at}`;
    const kind = { type: call.kind ?? "apply_patch" };
    const { status = "completed" } = call;
    bundle.tool(id, {
      kind,
      summary: {
        type: "generic",
        label: kind.type,
        input_preview: call.preview ?? null,
      },
      invocation_payload: call.invocation === undefined
        ? null
        : bundle.payload("tool_invocation", call.invocation),
    });
    if (call.begin !== undefined) {
      bundle.event({
        type: "tool_call_runtime_started",
        tool_call_id: id,
        kind: { type: "apply_patch" },
        runtime_payload: bundle.payload("tool_runtime_event", call.begin),
      });
    }
    if (call.end !== undefined) {
      bundle.event({
        type: "tool_call_runtime_ended",
        tool_call_id: id,
        status: call.ended ?? "completed",
        runtime_payload: bundle.payload("tool_runtime_event", call.end),
      });
    }
    if (status === null) continue;
    bundle.event({
      type: "tool_call_ended",
      tool_call_id: id,
      status,
      result_payload: call.result === undefined
        ? null
        : bundle.payload("tool_result", call.result),
    });
  }
  return bundle;
}

function ask<T>(
  calls: readonly Call[],
  question: (session: TraceSession) => T,
): T {
  const answers: T[] = [];
  inFolder((folder) => {
    const place = bundleOf(calls).writeTo(join(folder, "b"));
    answers.push(question(openBundle(place)));
  });
  const [answer] = answers;
  if (answer === undefined) throw new Error("no answer");
  return answer;
}

/** Each file as `changes path (tools)`. */
function filesIn(changed: ChangedFiles | null): string[] {
  return (changed?.files ?? []).map(({ path, changes }) =>
    changes.map(({ change, moved_to: to, tool }) =>
      `${change}${to === null ? "" : ` to ${to}`} by ${tool.handle}`
    ).join(", ") + ` ${path}`
  );
}

const BEGIN = {
  auto_approved: true,
  changes: {
    "/w/src/a.ts": { type: "update", unified_diff: "", move_path: null },
    "/w/new.ts": { type: "add", content: "x" },
    "/elsewhere/old.txt": { type: "delete", content: "o" },
  },
};
const END = { success: true, status: "completed", changes: {} };

Deno.test("files are those that the runtime reports, below the directory of the thread", () => {
  const changed = ask([{ begin: BEGIN, end: END }], changedFiles);
  assertEquals(filesIn(changed), [
    "updated by tool:1 src/a.ts",
    "added by tool:1 new.ts",
    "deleted by tool:1 /elsewhere/old.txt",
  ]);
  assertEquals(changed?.auto_approved_patches, 1);
});

Deno.test("a file that is moved, and one that several patches change, is one file", () => {
  const move = {
    changes: {
      "/w/new.ts": { type: "update", unified_diff: "", move_path: "/w/b.ts" },
    },
  };
  const early = { changes: { "/w/new.ts": { add: { content: "x" } } } };
  const changed = ask(
    [{ begin: early, end: END }, { begin: move, end: END }],
    changedFiles,
  );
  assertEquals(filesIn(changed), [
    "added by tool:1, moved to b.ts by tool:2 new.ts",
  ]);
  assertEquals(changed?.auto_approved_patches, null);
});

Deno.test("without a report of the runtime, the text of an applied patch has the files", () => {
  const files = [
    "moved to src/b.ts by tool:1 src/a.ts",
    "added by tool:1 new.ts",
  ];
  const command = `apply_patch <<'EOF'\n${PATCH}\nEOF`;
  const shell = (cmd: string) => ({
    kind: "exec_command",
    preview: cmd,
    invocation: {
      tool_name: "exec_command",
      tool_namespace: null,
      payload: { type: "function", arguments: JSON.stringify({ cmd }) },
    },
  });
  const custom = {
    tool_name: "apply_patch",
    tool_namespace: null,
    payload: { type: "custom", input: PATCH },
  };
  for (
    const call of [
      { invocation: custom },
      shell(command),
      shell(`cd sub && ${command}`),
    ]
  ) {
    assertEquals(filesIn(ask([call], changedFiles)), files);
  }
  // A command that only has the text of a patch in it applies none.
  assertEquals(
    ask([shell(`cat <<EOF\n${PATCH}\nEOF`)], changedFiles)?.patches,
    0,
  );
});

Deno.test("a patch that was not applied changes no file, and is counted as what became of it", () => {
  const changed = ask([
    { begin: BEGIN, end: { ...END, success: false, status: "failed" } },
    { begin: BEGIN, end: { ...END, success: false, status: "declined" } },
    { begin: BEGIN, status: null },
    {
      status: "failed",
      result: { type: "error", error: "apply_patch verification failed: no" },
    },
    {},
  ], changedFiles);
  assertEquals(changed, {
    patches: 5,
    applied_patches: 1,
    failed_patches: 1,
    rejected_patches: 2,
    unknown_patches: 1,
    unlisted_patches: 1,
    auto_approved_patches: 3,
    files: [],
  });
});

Deno.test("explain has what a patch changed, and how it was approved", () => {
  const facts = ask([{ begin: BEGIN, end: END }], (session) => {
    const ref = session.names.ref("tool_call", "t0");
    return (explain(session, ref)?.facts ?? []).map(({ name, value }) =>
      `${name} ${value}`
    );
  });
  for (
    const fact of [
      "patch applied",
      "auto_approved true",
      "updated src/a.ts",
      "added new.ts",
    ]
  ) {
    assertEquals(facts.filter((each) => each === fact), [fact]);
  }
});

Deno.test("lines of a patch are those that its runtime reports, or that its text has", () => {
  const long = `cd /${"d".repeat(300)} && apply_patch <<'EOF'\n${PATCH}\nEOF`;
  const command = (kind: string, cmd: string) => ({
    kind,
    preview: cmd.slice(0, 240),
    invocation: {
      tool_name: "exec_command",
      tool_namespace: null,
      payload: { type: "function", arguments: JSON.stringify({ cmd }) },
    },
  });
  const begin = {
    changes: {
      "/w/a": {
        type: "update",
        unified_diff: "--- a\n@@ -1 +1 @@\n-- x\n+1\n+2\n",
      },
      "/w/b": { add: { content: "1\n2" } },
      "/w/c": { type: "delete", content: "1\n" },
      "/w/d": { type: "update", unified_diff: null },
    },
  };
  const cut = PATCH.slice(0, PATCH.indexOf("*** End"));
  const patches = ask([
    { begin, end: END },
    // The preview ends before the patch: only the report of the runtime shows that it is one.
    { ...command("exec_command", long), begin, end: END },
    { invocation: { payload: { type: "custom", input: PATCH } } },
    { invocation: { payload: { type: "custom", input: cut } } },
  ], patchesOf);
  const lines = patches.map(({ changes }) =>
    (changes ?? []).map((each) =>
      `${each.path} +${each.added_lines} -${each.removed_lines}`
    )
  );
  const reported = ["a +2 -1", "b +2 -0", "c +0 -1", "d +null -null"];
  assertEquals(lines, [
    reported,
    reported,
    ["src/a.ts +1 -1", "new.ts +1 -0"],
    ["src/a.ts +1 -1", "new.ts +null -null"],
  ]);
});

Deno.test("a patch failed whose runtime did, where its report has nothing", () => {
  const kind = "exec_command";
  const patches = ask([
    { kind, begin: BEGIN, end: {} },
    { kind, begin: BEGIN, end: {}, ended: "failed" },
  ], patchesOf);
  assertEquals(patches.map(({ outcome }) => outcome), ["applied", "failed"]);
});
