/**
 * What `transcript` prints for a person, and as Markdown.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { printed, testAskGoldens, upstreamBundle } from "./command_golden.ts";

const AGENTS = upstreamBundle("0.169.0-agents_v2");
const COMPACTED = upstreamBundle("0.164.0-compact_remote_manual");
const CODE = upstreamBundle("0.169.0-code_mode");

testAskGoldens("transcript", [
  { name: "agents", args: [AGENTS] },
  { name: "agent", args: [AGENTS, "--thread", "/root/kid"], color: 80 },
  { name: "code_mode", args: [CODE], color: 100 },
  { name: "compactions", args: [COMPACTED] },
  { name: "at", args: [COMPACTED, "--at", "call:5"], color: 80 },
  { name: "image", args: [upstreamBundle("0.169.0-view_image")] },
  {
    name: "instructions",
    args: [upstreamBundle("0.128.0-hello"), "--at", "call:1"],
  },
  { name: "full", args: [CODE, "--at", "call:7", "--full"], widths: [80] },
  {
    name: "markdown",
    args: [AGENTS, "--thread", "thread:2", "--markdown"],
    widths: [200],
  },
  {
    name: "markdown_at",
    args: [COMPACTED, "--at", "call:4", "--markdown"],
    widths: [200],
  },
  {
    name: "state",
    args: ["testdata/upstream/0.169.0-code_mode_tools/expected.state.json"],
    widths: [80],
  },
  {
    name: "patch",
    args: [upstreamBundle("0.169.0-patch_in_shell")],
    color: 80,
  },
  { name: "unknown", args: [CODE, "--at", "call:99"], widths: [80] },
]);

Deno.test("transcript finds no call that is not of the thread", async () => {
  const result = await printed([
    "transcript",
    AGENTS,
    "--thread",
    "thread:2",
    "--at",
    "call:1",
  ]);
  assertEquals(result.code, 2);
  assertStringIncludes(result.stderr, "call:1 is not a request of thread:2");
});

Deno.test("transcript reports on standard error which other threads there are", async () => {
  const result = await printed(["transcript", AGENTS]);
  assertEquals(result.code, 0);
  assertStringIncludes(result.stderr, "thread:2 /root/kid");
  const asked = await printed(["transcript", AGENTS, "--thread", "thread:1"]);
  assertEquals(asked.stderr, "");
});
