/**
 * What `explain` prints: goldens, and what it does where there is little to go by.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { EXIT } from "../../../lib/cli/command.ts";
import { printed, testAskGoldens, upstreamBundle } from "./command_golden.ts";
import { PROJECT } from "../../support/paths.ts";

const STDIN = upstreamBundle("0.164.0-stdin_session");
const AGENTS = upstreamBundle("0.164.0-agents_v2");
const CELLS = upstreamBundle("0.164.0-code_mode");
const COMPACTED = upstreamBundle("0.164.0-compact_remote_manual");
const NEWER = upstreamBundle("0.169.0-code_mode");

testAskGoldens("explain", [
  { name: "process-command", args: [STDIN, "tool:1"], color: 80 },
  { name: "process", args: [STDIN, "terminal:1"] },
  { name: "process-write", args: [STDIN, "operation:2"], widths: [80] },
  { name: "process-gone", args: [STDIN, "call_gone"], widths: [80] },
  { name: "agent", args: [AGENTS, "/root/kid"] },
  { name: "agent-result", args: [AGENTS, "item:20"], widths: [80] },
  { name: "agent-edge", args: [AGENTS, "edge:1"], widths: [80] },
  { name: "agent-turn", args: [AGENTS, "turn:2"], widths: [80] },
  { name: "agent-request", args: [AGENTS, "call:5"], widths: [80] },
  { name: "nested-call", args: [CELLS, "tool:1"] },
  { name: "cell-that-yielded", args: [CELLS, "cell:5"], widths: [80] },
  { name: "cell-that-failed", args: [CELLS, "cell:3"], widths: [80] },
  { name: "cell-started-by-tool", args: [NEWER, "cell:1"], widths: [80] },
  { name: "compaction", args: [COMPACTED, "compaction:1"] },
  {
    name: "compaction-request",
    args: [COMPACTED, "compaction_request:1"],
    widths: [80],
  },
  { name: "compacted-item", args: [COMPACTED, "item:6"], widths: [80] },
  { name: "kept-item", args: [COMPACTED, "item:4"], widths: [80] },
  { name: "payload", args: [CELLS, "payload:8"], widths: [80] },
  { name: "event", args: [STDIN, "15"], widths: [80] },
  {
    name: "short-chain",
    args: [CELLS, "tool:1", "--depth", "1"],
    widths: [80],
  },
  {
    name: "from-state",
    args: [
      "testdata/upstream/0.164.0-stdin_session/expected.state.json",
      "operation:2",
    ],
    widths: [80],
  },
  {
    name: "request-that-failed",
    args: [upstreamBundle("0.164.0-stream_drop"), "call:1"],
    widths: [80],
  },
  {
    name: "mcp-call-that-failed",
    args: [upstreamBundle("0.169.0-mcp"), "tool:3"],
    widths: [80],
  },
  { name: "unknown", args: [STDIN, "tool:99"], widths: [80] },
]);

Deno.test("explain without an object names the missing argument", async () => {
  const { code, stderr } = await printed(["explain", STDIN]);
  assertEquals(code, EXIT.usage);
  assert(stderr.includes("missing argument OBJECT"), stderr);
});

Deno.test("explain takes a depth from 1 to 100", async () => {
  for (const depth of ["0", "101", "x", "1.5"]) {
    const args = ["explain", STDIN, "tool:1", "--depth", depth];
    const { code, stderr } = await printed(args);
    assertEquals(code, EXIT.usage, depth);
    assert(stderr.includes("N must be an integer from 1 to 100"), stderr);
  }
});

Deno.test("explain answers with valid JSON also where nothing has the name", async () => {
  const args = ["explain", STDIN, "no_object", "--json"];
  const { code, stdout } = await printed(args);
  assertEquals(code, EXIT.noResult);
  const document = JSON.parse(stdout);
  assertEquals(document.answer, null);
  assertEquals(document.format, "rollout-trace.explain.1");
});

Deno.test("explain names a file of the bundle for every payload it names", async () => {
  const args = ["explain", CELLS, "tool:1", "--json"];
  const { stdout } = await printed(args);
  const paths = [...stdout.matchAll(/"path": "([^"]+)"/g)].map(([, path]) =>
    join(PROJECT, CELLS, path ?? "")
  );
  assert(paths.length > 5);
  for (const path of paths) assert(Deno.statSync(path).isFile, path);
});
