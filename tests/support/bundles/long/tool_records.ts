/**
 * The events of one tool call: its start, its end, and the command that it runs.
 *
 * @module
 */

import type { RawToolCallRequester } from "../../../../lib/format/event.ts";
import type { ToolCallKind } from "../../../../lib/format/vocabulary.ts";
import type { EventPlace } from "./bundle_files.ts";
import { callOutput, type ToolOutput } from "./items.ts";
import { type BenchSession, BY_MODEL, CWD } from "./session.ts";
import type { BenchThread, BenchTurn, ResponsesItem } from "./thread.ts";

const PREVIEW_LENGTH = 160;

/** A call that a response asks for. */
export interface ToolCallPlan {
  /** What the model wrote. */
  readonly item: ResponsesItem;
  /** Records that the call begins, right after the response. */
  start(): void;
  /** Records the rest, once every call of the response has started. */
  run(): void;
}

/** How a tool is named and what it is given. */
export interface Invocation {
  readonly id: string;
  readonly name: string;
  readonly namespace?: string;
  readonly kind: ToolCallKind;
  readonly given:
    | { readonly type: "function"; readonly arguments: string }
    | { readonly type: "custom"; readonly input: string };
  /** Left out when the model asked; its call id then is the tool call's. */
  readonly requester?: RawToolCallRequester;
  readonly runtimeToolId?: string;
}

/** Records that a call begins. */
export function recordToolStart(
  session: BenchSession,
  place: EventPlace,
  call: Invocation,
): void {
  const given = call.given.type === "function"
    ? call.given.arguments
    : call.given.input;
  const namespace = call.namespace ?? null;
  session.files.event({
    type: "tool_call_started",
    tool_call_id: call.id,
    model_visible_call_id: call.requester === undefined ? call.id : null,
    code_mode_runtime_tool_id: call.runtimeToolId ?? null,
    requester: call.requester ?? BY_MODEL,
    kind: call.kind,
    summary: {
      type: "generic",
      label: namespace === null ? call.name : `${namespace}.${call.name}`,
      input_preview: preview(given),
      output_preview: null,
    },
    invocation_payload: session.files.payload("tool_invocation", {
      tool_name: call.name,
      tool_namespace: namespace,
      payload: call.given,
    }),
  }, place);
}

function preview(text: string): string {
  const characters = [...text];
  if (characters.length <= PREVIEW_LENGTH) return text;
  return `${characters.slice(0, PREVIEW_LENGTH).join("")}...`;
}

/** Records that a call ends with `result`. */
export function recordToolEnd(
  session: BenchSession,
  place: EventPlace,
  id: string,
  result: object,
): void {
  session.files.event({
    type: "tool_call_ended",
    tool_call_id: id,
    status: "completed",
    result_payload: session.files.payload("tool_result", result),
  }, place);
}

/** Records that a call of the model ends, and what the model gets to see of it. */
export function recordAnswer(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
  call: ResponsesItem,
  output: ToolOutput,
): void {
  const item = callOutput(session.noise, call, output);
  const { id: _, ...response_item } = item;
  recordToolEnd(session, turn, String(call.call_id), {
    type: "direct_response",
    response_item,
  });
  session.accept(thread, turn, item);
}

/** Records a command from its begin to its end. */
export function recordCommand(
  session: BenchSession,
  turn: BenchTurn,
  id: string,
  cmd: string,
  output: string,
): void {
  const { files, noise } = session;
  const about = {
    command: ["/bin/bash", "-lc", cmd],
    cwd: CWD,
    parsed_cmd: [{ type: "unknown", cmd }],
    source: "unified_exec_startup",
  };
  const ids = {
    call_id: id,
    process_id: String(noise.prng.between(10_000, 60_000)),
    turn_id: turn.turn,
  };
  files.event({
    type: "tool_call_runtime_started",
    tool_call_id: id,
    kind: { type: "exec_command" },
    runtime_payload: files.payload("tool_runtime_event", {
      ...ids,
      started_at_ms: files.clock.now,
      ...about,
    }),
  }, turn);
  files.event({
    type: "tool_call_runtime_ended",
    tool_call_id: id,
    status: "completed",
    runtime_payload: files.payload("tool_runtime_event", {
      ...ids,
      completed_at_ms: files.clock.now,
      ...about,
      aggregated_output: output,
      exit_code: 0,
      duration: { secs: 0, nanos: 4877 },
      status: "completed",
    }),
  }, turn);
}
