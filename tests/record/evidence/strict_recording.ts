/**
 * A host whose recording a strict reader must take.
 *
 * @module
 */

import { MemoryStore } from "../../../lib/bundle/write/store.ts";
import type { RolloutTrace } from "../../../lib/graph/rollout_trace.ts";
import type { RootTraceOptions } from "../../../lib/record/root.ts";
import { ThreadTraceContext } from "../../../lib/record/thread.ts";
import type { ToolDispatchInvocation } from "../../../lib/record/tool/tool_invocation.ts";
import { replayBundle } from "../../../lib/replay.ts";
import { SCHEMAS } from "../../../lib/schema/registry.ts";
import { typesOf } from "../../support/bundles/host/recording.ts";
import {
  deterministic,
  ROOT_ID,
  ROOT_METADATA,
} from "../../support/bundles/host/scripted_host.ts";
import { BundleFolder } from "../faulty_store.ts";

/** What a host did, as it was reported and as a strict reader sees it. */
export interface Outcome {
  readonly errors: readonly string[];
  readonly types: readonly string[];
  readonly trace: RolloutTrace;
}

/** Records a session in which a turn runs, and replays it. */
export function play(
  schemaVersion: number,
  run: (thread: ThreadTraceContext) => void,
  options: RootTraceOptions = {},
): Outcome {
  using folder = new BundleFolder();
  const store = new MemoryStore();
  const errors: string[] = [];
  const thread = ThreadTraceContext.startRoot(store, ROOT_METADATA, {
    ...deterministic(),
    schemaVersion,
    onError: (error) => errors.push(error.message),
    ...options,
  });
  thread.recordCodexTurnStarted("turn");
  run(thread);
  thread.recordEnded("completed");
  folder.hold(store);
  return {
    errors,
    types: typesOf(store).slice(1),
    trace: replayBundle(folder.directory),
  };
}

export function testEvery(name: string, test: (schema: number) => void): void {
  for (const { version } of SCHEMAS) {
    Deno.test(`${name}, schema ${version}`, () => test(version));
  }
}

export const CALL: ToolDispatchInvocation = {
  thread_id: ROOT_ID,
  codex_turn_id: "turn",
  tool_call_id: "call",
  tool_name: "exec_command",
  requester: { type: "model", model_visible_call_id: "call" },
  payload: { type: "function", arguments: "{}" },
};

export const BEGIN = {
  type: "exec_command_begin",
  call_id: "call",
  process_id: "1",
  command: ["ls"],
  cwd: "/",
};

export const END = { type: "exec_command_end", call_id: "call", exit_code: 0 };
