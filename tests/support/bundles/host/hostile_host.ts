/**
 * A host with errors of its own: every method of the recorder, with values that it does not expect.
 *
 * @module
 */

import { ReplayError } from "../../../../lib/errors.ts";
import type { ThreadTraceContext } from "../../../../lib/record/thread.ts";
import { ROOT_ID } from "./scripted_host.ts";

function trap(): never {
  throw new Error("the host's");
}

/** A value that throws what `make` returns wherever it is read. */
function throwing(make: () => unknown): unknown {
  const read = () => {
    throw make();
  };
  return Object.defineProperty({ toJSON: read }, "type", { get: read });
}

function nested(depth: number): unknown {
  return JSON.parse("[".repeat(depth) + "]".repeat(depth));
}

/** Makes the values; each time anew, since some can be used once. */
export const VALUES: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  number: () => 7,
  "not a number": () => NaN,
  bigint: () => 1n,
  symbol: () => Symbol("s"),
  text: () => "hello",
  "lone surrogate": () => "a\ud800",
  list: () => [1, null],
  object: () => ({}),
  function: () => trap,
  getters: () => ({
    get type() {
      return trap();
    },
    get thread_id() {
      return trap();
    },
    get input() {
      return trap();
    },
  }),
  proxy: () =>
    new Proxy({}, {
      get: trap,
      has: trap,
      ownKeys: trap,
      getPrototypeOf: trap,
    }),
  "revoked proxy": () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  "throws a revoked proxy": () =>
    throwing(() => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return proxy;
    }),
  "throws an error without its fields": () =>
    throwing(() => Object.create(ReplayError.prototype)),
  "throws a symbol": () => ({
    get type() {
      throw Symbol("s");
    },
  }),
  ring: () => {
    const ring: Record<string, unknown> = {};
    ring["ring"] = ring;
    return ring;
  },
  "nests 130 deep": () => nested(130),
  "nests too deep for the engine": () => nested(20_000),
  "changing text": () => {
    let count = 0;
    return { toJSON: () => ++count % 2 === 0 ? count : "text" };
  },
  "item without type": () => [{ type: 5 }, {}],
  "item with a role of its own": () => [{ type: "message", role: "wizard" }],
  "item of an unknown type": () => [{ type: "unknown" }],
  "empty reasoning": () => [{ type: "reasoning" }],
};

/** One method, called with a value in some place. */
export type HostileCall = (thread: ThreadTraceContext, value: never) => void;

const CALL = {
  thread_id: ROOT_ID,
  codex_turn_id: "turn",
  tool_call_id: "call",
  tool_name: "exec_command",
  requester: { type: "model", model_visible_call_id: "call" },
  payload: { type: "function", arguments: "{}" },
} as const;

const METADATA = { thread_id: "child", agent_path: "/root/child" };
const BEGIN = {
  type: "exec_command_begin",
  call_id: "call",
  process_id: "1",
  command: ["ls"],
  cwd: "/",
};

/** Starts a tool call with these changes, whatever their types. */
function dispatch(thread: ThreadTraceContext, changes: object = {}) {
  return thread.startToolDispatch(() => ({ ...CALL, ...changes }));
}

function ask(thread: ThreadTraceContext, request: unknown, details?: object) {
  const attempt = thread.inference("turn", "m", "p").startAttempt();
  attempt.recordStarted(request, details);
  return attempt;
}

/** The methods by their names. A turn `turn` runs. */
export const CALLS: Readonly<Record<string, HostileCall>> = {
  startChildThread: (thread, value) => {
    const child = thread.startChildThread(value);
    child.recordCodexTurnStarted("of child");
    child.recordEnded("completed");
  },
  "startChildThread: a key": (thread, value) => {
    for (const key of ["thread_id", "agent_path", "agent_role", "model"]) {
      const child = thread.startChildThread({ ...METADATA, [key]: value });
      child.recordEnded("completed");
      child.recordThreadResumed();
      child.recordThreadResumed();
    }
  },
  recordProtocolEvent: (thread, value) => thread.recordProtocolEvent(value),
  "recordProtocolEvent: its body": (thread, value) =>
    thread.recordProtocolEvent({ type: "warning", value }),
  recordCodexTurnEvent: (thread, value) => {
    thread.recordCodexTurnEvent("turn", value);
    thread.recordCodexTurnEvent(value, { type: "task_started" });
    thread.recordCodexTurnEvent(value, { type: "task_complete" });
    thread.recordCodexTurnEvent("unknown", { type: "task_complete" });
  },
  recordCodexTurnStarted: (thread, value) =>
    thread.recordCodexTurnStarted(value),
  recordToolCallEvent: (thread, value) => {
    thread.recordToolCallEvent("turn", value);
    thread.recordToolCallEvent(value, { ...BEGIN, call_id: value });
  },
  "recordToolCallEvent: a key": (thread, value) => {
    for (const key of ["process_id", "command", "cwd", "source", "call_id"]) {
      const id = `call-${key}`;
      dispatch(thread, {
        tool_call_id: id,
        requester: { type: "model", model_visible_call_id: id },
      });
      thread.recordToolCallEvent("turn", {
        ...BEGIN,
        call_id: id,
        [key]: value,
      });
      thread.recordToolCallEvent("turn", {
        ...BEGIN,
        type: "exec_command_end",
        call_id: id,
        exit_code: value,
      });
    }
  },
  "recordToolCallEvent: agents": (thread, value) => {
    dispatch(thread, { tool_name: "send_message" });
    for (const bound of ["begin", "end"]) {
      for (const sort of ["agent_interaction", "agent_spawn", "close"]) {
        thread.recordToolCallEvent("turn", {
          type: `collab_${sort}_${bound}`,
          call_id: "call",
          receiver_thread_id: value,
          new_thread_id: value,
        });
      }
    }
    thread.recordToolCallEvent("turn", {
      type: "sub_agent_activity",
      event_id: "call",
      kind: value,
      agent_thread_id: value,
    });
  },
  recordHistoryItemAccepted: (thread, value) => {
    thread.recordHistoryItemAccepted("turn", value);
    thread.recordHistoryItemAccepted("turn", "item", value);
  },
  recordAgentResultInteraction: (thread, value) => {
    thread.recordAgentResultInteraction("turn", ROOT_ID, value);
    const result = { child_agent_path: "/root", message: "m", status: value };
    thread.recordAgentResultInteraction("turn", value, result);
  },
  "targets of calls": (thread, value) => {
    dispatch(thread);
    thread.recordStdinTarget("turn", "call", value);
    thread.recordCodeCellWaitTarget("turn", "call", value);
    thread.recordCodeCellWaitTarget("turn", "call", value);
  },
  startCodeCell: (thread, value) => {
    const cell = thread.startCodeCell("turn", value, value, value);
    cell.recordInitialResponse(value);
    cell.recordEnded(value);
  },
  "startCodeCell: twice": (thread, value) => {
    for (const call of ["a", "a", "b"]) {
      const cell = thread.startCodeCell("turn", "1", call, "js");
      cell.recordEnded({ Terminated: value });
    }
  },
  startToolDispatch: (thread, value) => {
    thread.startToolDispatch(value).recordFailed(value);
    thread.startToolDispatch(() => value).recordCompleted("completed", value);
    thread.recordToolCallEvent("turn", BEGIN);
  },
  "startToolDispatch: a key": (thread, value) => {
    for (const key of [...Object.keys(CALL), "tool_namespace"]) {
      dispatch(thread, { [key]: value }).recordCompleted(value, value);
    }
  },
  "startToolDispatch: arguments": (thread, value) => {
    for (const name of ["write_stdin", "wait", "spawn_agent"]) {
      for (const type of ["function", "custom", "local_shell"]) {
        const id = `${name} ${type}`;
        dispatch(thread, {
          tool_name: name,
          tool_call_id: id,
          requester: { type: "model", model_visible_call_id: id },
          payload: { type, arguments: value, input: value, command: value },
        }).recordCompleted("completed", { type: "code_mode_response", value });
      }
    }
  },
  startMcpCall: (thread, value) => {
    dispatch(thread);
    thread.startMcpCall(value).addRequestMeta(value);
    thread.startMcpCall("call").addRequestMeta(value);
    thread.startMcpCall("call").addRequestMeta(value);
  },
  inference: (thread, value) => {
    const attempt = thread.inference(value, value, value).startAttempt();
    attempt.requestHeaders();
    attempt.recordStarted({ input: [] });
    attempt.recordCompleted(value, value, value, value);
    ask(thread, { input: [] }).recordCompleted(value, value, value, []);
  },
  recordStarted: (thread, value) => {
    ask(thread, value).recordCompleted("resp", null, null, []);
    for (const key of ["input", "previous_response_id", "tools", "text"]) {
      ask(thread, { input: [], [key]: value }).recordFailed(value, null, value);
    }
    ask(thread, { input: [], previous_response_id: "resp" });
  },
  "recordStarted: details": (thread, value) => {
    ask(thread, { input: [] }, value).recordCancelled(value, value, value);
    const output = { type: "function_call_output", call_id: "c", output: "" };
    for (
      const details of [
        { preparedPrompt: value },
        { preparedPrompt: { input: value } },
        { warmupContext: value },
        { warmupContext: { input: value } },
        { strippedToolOutputIds: value },
        { strippedToolOutputIds: [[value, value]] },
        { strippedToolOutputIds: [[0, "o"], [0, "o"]] },
      ]
    ) ask(thread, { input: [output] }, details);
  },
  compaction: (thread, value) => {
    const compaction = thread.compaction("turn", value, value, value);
    compaction.startAttempt(value).recordCompleted(value);
    compaction.startAttempt(value).recordFailed(value);
    compaction.recordInstalled(value);
    for (const replacement_history of [value, [], []]) {
      thread.compaction("turn", "c", "m", "p")
        .recordInstalled({ input_history: [], replacement_history });
    }
  },
  recordEnded: (thread, value) => thread.recordEnded(value),
};
