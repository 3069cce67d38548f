/**
 * What provokes a code of a check, and events for it.
 *
 * @module
 */

import type { CheckOptions } from "../../lib/check/check.ts";
import { join } from "@std/path";
import type { FindingCode, FindingSeverity } from "../../lib/check/report.ts";
import type { RawPayloadRef } from "../../lib/format/payload.ts";
import {
  CHILD,
  type RawBundle,
  THREAD,
} from "../support/bundles/raw_bundle.ts";
import type { ShardForm } from "../support/bundles/shards.ts";

/** How a code is provoked, in a session that is healthy but for this. */
export interface Provocation {
  readonly severity: FindingSeverity;
  /** Schema of the bundle; 2, and then 3, unless given. */
  readonly schema?: number;
  /** What happens in the middle of the session. */
  readonly story?: (draft: RawBundle) => unknown;
  /** What happens after its end, before it is written. */
  readonly after?: (draft: RawBundle) => unknown;
  /** What is done to the folder; `at` does something once a file is about to be opened. */
  readonly spoil?: (folder: string, at: OnOpen) => unknown;
  /** Whether it continues to its end. */
  readonly ends?: boolean;
  /** A recorded bundle to take instead. */
  readonly recorded?: string;
  readonly limits?: CheckOptions["limits"];
  /** How its shard is written. */
  readonly form?: ShardForm;
  /** Other codes that are found with it. */
  readonly alsoFound?: readonly FindingCode[];
}

export type OnOpen = (file: RegExp, act: () => void) => void;

/** The file of the first payload. */
export const STORED = /[/\\](?:1\.json|000001\.zst)$/;

export const thread = (thread_id: string, agent_path = "/root/child") => ({
  type: "thread_started",
  thread_id,
  agent_path,
});

export const turn = (codex_turn_id: string, thread_id = THREAD) => ({
  type: "codex_turn_started",
  codex_turn_id,
  thread_id,
});

export const turnEnd = (codex_turn_id: string) => ({
  type: "codex_turn_ended",
  codex_turn_id,
  status: "completed",
});

export const threadEnd = (thread_id: string) => ({
  type: "thread_ended",
  thread_id,
  status: "completed",
});

export const cell = (
  runtime_cell_id: string,
  model_visible_call_id: string,
) => ({
  type: "code_cell_started",
  runtime_cell_id,
  model_visible_call_id,
  source_js: "1",
});

export const cellEnd = (runtime_cell_id: string) => ({
  type: "code_cell_ended",
  runtime_cell_id,
  status: "completed",
});

export const summary = (compaction_request_id: string, payload: object) => ({
  type: "compaction_request_started",
  compaction_id: "compaction",
  compaction_request_id,
  thread_id: THREAD,
  codex_turn_id: "turn",
  model: "model",
  provider_name: "provider",
  request_payload: payload,
});

export const summaryEnd = (compaction_request_id: string, payload: object) => ({
  type: "compaction_request_completed",
  compaction_id: "other",
  compaction_request_id,
  response_payload: payload,
});

export const agentResult = (text: string) => ({
  type: "agent_result_observed",
  edge_id: "edge",
  child_thread_id: CHILD,
  child_codex_turn_id: "child-turn",
  parent_thread_id: THREAD,
  message: text,
});

export const correlation = (tool_call_id: string, mcp_call_id: string) => ({
  type: "mcp_tool_call_correlation_assigned",
  tool_call_id,
  mcp_call_id,
});

export const withChild = (
  draft: RawBundle,
  reportTo: (draft: RawBundle) => unknown,
) => {
  draft.event(thread(CHILD)).event(turn("child-turn", CHILD), {
    thread_id: CHILD,
    codex_turn_id: null,
  });
  reportTo(draft);
  const ofChild = { thread_id: CHILD, codex_turn_id: null };
  draft.event(turnEnd("child-turn"), ofChild);
  draft.event(threadEnd(CHILD), ofChild);
};

export const write = (folder: string, file: string, text: string) =>
  Deno.writeTextFileSync(join(folder, file), text);

export const manifestWith = (folder: string, change: object) => {
  const path = join(folder, "manifest.json");
  const manifest = JSON.parse(Deno.readTextFileSync(path));
  Deno.writeTextFileSync(path, JSON.stringify({ ...manifest, ...change }));
};

export const waitTarget = (tool_call_id: string) => ({
  type: "code_cell_wait_target_resolved",
  tool_call_id,
  runtime_cell_id: "1",
});

/** A payload that a limit left out. */
export const OMITTED: RawPayloadRef = {
  raw_payload_id: "omitted",
  kind: { type: "protocol_event" },
  shard: null,
  capture: { status: "omitted", original_bytes: 5 },
};

export const COMMAND = { type: "exec_command" };

/** Starts the command of the tool call "call". */
export function command(draft: RawBundle): RawBundle {
  return draft.event({
    type: "tool_call_runtime_started",
    tool_call_id: "call",
    kind: COMMAND,
    runtime_payload: draft.payload("tool_runtime_event", {
      command: ["make"],
      cwd: "/work",
      process_id: "1",
    }),
  });
}
