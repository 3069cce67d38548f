/**
 * Codes about events.
 *
 * @module
 */

import type { FindingCode } from "../../lib/check/report.ts";
import { CHILD, message, THREAD } from "../support/bundles/raw_bundle.ts";
import {
  agentResult,
  cell,
  cellEnd,
  COMMAND,
  command,
  correlation,
  type Provocation,
  summary,
  summaryEnd,
  turn,
  turnEnd,
  withChild,
} from "./provocation.ts";

/** How each code about events is provoked. */
export const EVENT_PROVOCATIONS = {
  rollout_not_ended: {
    severity: "warning",
    ends: false,
    alsoFound: ["start_without_end"],
  },
  recording_incomplete: {
    severity: "warning",
    after: (draft) =>
      draft.rewrite((log) => log.split("\n").slice(0, -2).join("\n") + "\n"),
  },
  start_without_end: {
    severity: "warning",
    story: (draft) => draft.tool("call"),
  },
  not_recorded: {
    severity: "note",
    story: (draft) =>
      draft.event(summary("request", draft.payload("compaction_request", {})))
        .event({
          type: "compaction_request_failed",
          compaction_id: "compaction",
          compaction_request_id: "request",
          error: "failed",
        }),
  },
  end_without_start: {
    severity: "error",
    story: (draft) => draft.toolEnd("call"),
  },
  call_without_output: {
    severity: "warning",
    story: (draft) => {
      const call = {
        type: "function_call",
        name: "f",
        arguments: "{}",
        call_id: "c",
      };
      draft.request("r", { input: [call, message("user", "continue")] })
        .response("r", []);
    },
  },
  ended_twice: {
    severity: "warning",
    story: (draft) => draft.tool("call").toolEnd("call").toolEnd("call"),
  },
  duplicate_start: {
    severity: "error",
    story: (draft) => draft.tool("call").tool("call").toolEnd("call"),
  },
  thread_not_ended: {
    severity: "error",
    story: (draft) =>
      draft.event({ type: "thread_resumed", thread_id: THREAD }),
  },
  unknown_thread: {
    severity: "error",
    story: (draft) => draft.event(turn("t", "unknown")).event(turnEnd("t")),
    alsoFound: ["unknown_turn"],
  },
  unknown_turn: {
    severity: "error",
    story: (draft) => draft.request("a", { input: [] }, "never"),
    alsoFound: ["start_without_end"],
  },
  unknown_inference: {
    severity: "error",
    story: (draft) =>
      draft.request("a", { input: [] }, "never").response("a", []),
    alsoFound: ["unknown_turn"],
  },
  unknown_tool_call: {
    severity: "error",
    story: (draft) => draft.event(correlation("call", "mcp")),
  },
  unknown_code_cell: {
    severity: "error",
    story: (draft) =>
      draft.event({
        type: "code_cell_initial_response",
        runtime_cell_id: "1",
        status: "running",
      }),
  },
  unknown_compaction_request: {
    severity: "error",
    story: (draft) =>
      draft.event(summary("r", draft.payload("compaction_request", {})))
        .event(summaryEnd("r", draft.payload("compaction_response", {}))),
    alsoFound: ["not_recorded"],
  },
  thread_mismatch: {
    severity: "error",
    story: (draft) =>
      withChild(draft, () => {
        draft.request("a", { input: [] }, "child-turn");
        draft.response("a", []);
      }),
    alsoFound: ["unknown_inference"],
  },
  missing_context: {
    severity: "error",
    story: (draft) =>
      draft.tool("call", {}, { thread_id: null, codex_turn_id: null })
        .toolEnd("call"),
    alsoFound: ["unknown_tool_call"],
  },
  unknown_response: {
    severity: "error",
    story: (draft) =>
      draft.request("a", { input: [message("user", "1")] }).response("a", [])
        .request("b", { input: [], previous_response_id: "nowhere" })
        .response("b", []),
  },
  untraced_history: {
    severity: "note",
    story: (draft) =>
      draft.request("a", { input: [], previous_response_id: "warm-up" })
        .response("a", []),
  },
  call_id_reused: {
    severity: "error",
    recorded: "0.164.0-dup_call_id",
    alsoFound: ["duplicate_start", "ended_twice"],
  },
  history_mismatch: {
    severity: "error",
    schema: 1,
    story: (draft) =>
      draft.request("a", { input: [message("user", "1")] })
        .response("a", [message("assistant", "2")])
        .request("b", {
          input: [
            message("user", "1"),
            message("assistant", "2"),
            message("user", "3"),
          ],
        }).response("b", [])
        .request("c", {
          previous_response_id: "response-a",
          input: [message("user", "4")],
        }).response("c", []),
  },
  receipt_mismatch: {
    severity: "error",
    story: (draft) =>
      draft.event({
        type: "history_item_accepted",
        item_id: "item",
        agent_message_payload: draft.payload(
          "protocol_event",
          message("user", "1"),
        ),
      }),
  },
  duplicate_correlation: {
    severity: "error",
    story: (draft) =>
      draft.tool("call").event(correlation("call", "1"))
        .event(correlation("call", "2")).toolEnd("call"),
  },
  duplicate_terminal_operation: {
    severity: "error",
    story: (draft) =>
      command(command(draft.tool("call", { kind: COMMAND })))
        .toolEnd("call"),
    alsoFound: ["start_without_end"],
  },
  process_id_changed: {
    severity: "error",
    story: (draft) =>
      command(draft.tool("call", { kind: COMMAND })).event({
        type: "tool_call_runtime_ended",
        tool_call_id: "call",
        status: "completed",
        runtime_payload: draft.payload("tool_runtime_event", {
          process_id: "2",
          exit_code: 0,
          stdout: "",
          stderr: "",
        }),
      }).toolEnd("call"),
  },
  conflicting_cell: {
    severity: "error",
    story: (draft) =>
      draft.event(cell("1", "a")).event(cell("1", "b")).event(cellEnd("1")),
    alsoFound: ["duplicate_start"],
  },
  conflicting_edge: {
    severity: "error",
    story: (draft) =>
      withChild(
        draft,
        () => draft.event(agentResult("this")).event(agentResult("that")),
      ),
  },
  activity_mismatch: {
    severity: "error",
    story: (draft) =>
      draft.tool("call", { kind: { type: "spawn_agent" } }).event({
        type: "tool_call_runtime_ended",
        tool_call_id: "call",
        status: "completed",
        runtime_payload: draft.payload("tool_runtime_event", {
          event_id: "call",
          agent_thread_id: CHILD,
          agent_path: "/root/child",
          kind: "interacted",
        }),
      }).toolEnd("call"),
  },
  malformed_payload: {
    severity: "error",
    story: (draft) => draft.request("a", { input: 1 }).response("a", []),
  },
  unsupported_item: {
    severity: "error",
    story: (draft) => draft.request("a", { input: [{}] }).response("a", []),
  },
} satisfies Partial<Record<FindingCode, Provocation>>;
