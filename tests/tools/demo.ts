/**
 * Reduces a bundle that ships with the sources, and reports a few facts of it: `deno task demo`.
 *
 * Uses the library as a program of your own would.
 *
 * @module
 */

import {
  replayBundle,
  type RolloutTrace,
  type TraceAnchor,
  writeStateJson,
} from "rollout-trace";
import { PROJECT } from "../support/paths.ts";

const BUNDLE = "testdata/upstream/0.169.0-agents_v2/bundle";
const OUTPUT = "dist/demo/state.json";

/** A few lines about a session, every word of them read off the reduced graph. */
export function factsOf(trace: RolloutTrace): string[] {
  const facts = [`schema ${trace.schema_version}, ${trace.status}`];
  for (const thread of trace.threads.values()) {
    const calls = [...trace.inference_calls.values()]
      .filter((call) => call.thread_id === thread.thread_id);
    const models = [...new Set(calls.map((call) => call.model))].join(", ");
    facts.push(
      `thread ${thread.agent_path}: ${calls.length} calls of ${models}, ` +
        `${thread.conversation_item_ids.length} items seen, ${thread.execution.status}`,
    );
  }
  for (const tool of trace.tool_calls.values()) {
    facts.push(`tool ${tool.kind.type}: ${tool.execution.status}`);
  }
  for (const edge of trace.interaction_edges.values()) {
    facts.push(
      `edge ${edge.kind}: ${anchor(edge.source)} -> ${anchor(edge.target)}`,
    );
  }
  return facts;
}

/** The object at one end of an edge. */
function anchor(end: TraceAnchor): string {
  switch (end.type) {
    case "conversation_item":
      return end.item_id;
    case "tool_call":
      return end.tool_call_id;
    case "thread":
      return `thread ${end.thread_id}`;
  }
}

function main(): void {
  Deno.chdir(PROJECT);
  const trace = replayBundle(BUNDLE);
  Deno.mkdirSync("dist/demo", { recursive: true });
  const file = Deno.openSync(OUTPUT, {
    write: true,
    create: true,
    truncate: true,
  });
  let size = 0;
  try {
    writeStateJson(trace, (chunk) => {
      for (let at = 0; at < chunk.length;) {
        at += file.writeSync(chunk.subarray(at));
      }
      size += chunk.length;
    });
  } finally {
    file.close();
  }
  console.log(`${BUNDLE} -> ${OUTPUT} (${size} bytes)`);
  for (const fact of factsOf(trace)) console.log(`  ${fact}`);
}

if (import.meta.main) main();
