/**
 * What `context` prints for a person.
 *
 * @module
 */

import { testAskGoldens, upstreamBundle } from "./command_golden.ts";

testAskGoldens("context", [
  {
    name: "code_mode",
    args: [upstreamBundle("0.169.0-code_mode")],
    color: 100,
  },
  {
    name: "compactions",
    args: [upstreamBundle("0.164.0-compact_remote_manual")],
  },
  {
    name: "first",
    args: [upstreamBundle("0.169.0-agents_v2"), "--at", "call:1"],
  },
  {
    name: "agent",
    args: [upstreamBundle("0.169.0-agents_v2"), "--thread", "/root/kid"],
  },
  {
    name: "full",
    args: [upstreamBundle("0.169.0-mcp"), "--full"],
    widths: [80],
  },
  {
    name: "instructions",
    args: [upstreamBundle("0.128.0-hello")],
    widths: [80],
  },
  {
    name: "state",
    args: ["testdata/upstream/0.169.0-mcp/expected.state.json"],
    widths: [80],
  },
  {
    name: "no_thread",
    args: [upstreamBundle("0.169.0-mcp"), "--thread", "thread:9"],
    widths: [80],
  },
]);
