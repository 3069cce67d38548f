import { assertEquals } from "@std/assert";
import {
  MCP_CALL_ID_META_KEY,
  McpCallTraceContext,
} from "../../lib/record/tool/tool_dispatch.ts";
import type { ThreadTraceContext } from "../../lib/record/thread.ts";
import {
  type ToolDispatchInvocation,
  toolKind,
} from "../../lib/record/tool/tool_invocation.ts";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import { ROOT_ID } from "../support/bundles/host/scripted_host.ts";
import {
  inOrder,
  logOf,
  startRecording,
  typesOf,
} from "../support/bundles/host/recording.ts";

const CALL: ToolDispatchInvocation = {
  thread_id: ROOT_ID,
  codex_turn_id: "turn",
  tool_call_id: "call",
  tool_name: "exec_command",
  requester: { type: "model", model_visible_call_id: "call" },
  payload: { type: "function", arguments: "{}" },
};

function start(
  thread: ThreadTraceContext,
  call: Partial<ToolDispatchInvocation>,
) {
  return thread.startToolDispatch(() => ({ ...CALL, ...call }));
}

Deno.test("a call of the model records its invocation and its result", () => {
  const { thread, store } = startRecording(1);
  const tool = start(thread, { tool_name: "echo", tool_namespace: "mcp__lab" });
  tool.recordCompleted("completed", {
    type: "direct_response",
    response_item: { type: "function_call_output", output: "hi" },
  });
  assertEquals(
    logOf(store).map(({ event }) => inOrder(event)),
    [
      inOrder({
        type: "tool_call_started",
        tool_call_id: "call",
        model_visible_call_id: "call",
        code_mode_runtime_tool_id: null,
        requester: { type: "model" },
        kind: { type: "other", name: "echo" },
        summary: {
          type: "generic",
          label: "mcp__lab.echo",
          input_preview: "{}",
          output_preview: null,
        },
        invocation_payload: {
          kind: { type: "tool_invocation" },
          body: {
            tool_name: "echo",
            tool_namespace: "mcp__lab",
            payload: { type: "function", arguments: "{}" },
          },
        },
      }),
      inOrder({
        type: "tool_call_ended",
        tool_call_id: "call",
        status: "completed",
        result_payload: {
          kind: { type: "tool_result" },
          body: {
            type: "direct_response",
            response_item: { type: "function_call_output", output: "hi" },
          },
        },
      }),
    ],
  );
});

Deno.test("a call of a code cell has no id that the model knows", () => {
  const { thread, store } = startRecording();
  const tool = start(thread, {
    requester: {
      type: "code_cell",
      runtime_cell_id: "1",
      runtime_tool_call_id: "tool-1",
    },
  });
  tool.recordCompleted("failed", {
    type: "code_mode_response",
    value: { n: 1 },
  });
  tool.recordFailed("later");
  const [started, ended, again] = logOf(store).map(({ event }) => event);
  assertEquals(started?.["model_visible_call_id"], null);
  assertEquals(started?.["code_mode_runtime_tool_id"], "tool-1");
  assertEquals(started?.["requester"], {
    type: "code_cell",
    runtime_cell_id: "1",
  });
  assertEquals(ended?.["result_payload"], {
    kind: { type: "tool_result" },
    body: { type: "code_mode_response", value: { n: 1 } },
  });
  assertEquals([again?.["status"], again?.["result_payload"]], ["failed", {
    kind: { type: "tool_result" },
    body: { type: "error", error: "later" },
  }]);
});

Deno.test("an aborted call has no result", () => {
  const { thread, store } = startRecording();
  start(thread, {}).recordAborted();
  const ended = logOf(store).at(-1)?.event;
  assertEquals([ended?.["status"], ended?.["result_payload"] ?? null], [
    "aborted",
    null,
  ]);
});

Deno.test("every form of payload is written with all its keys and has a preview", () => {
  const { thread, store } = startRecording();
  const long = "é😀".repeat(100);
  const payloads: ToolDispatchInvocation["payload"][] = [
    { type: "function", arguments: "" },
    { type: "tool_search", arguments: { query: "find", limit: 2 } },
    { type: "custom", input: long },
    { type: "local_shell", command: ["a", "b c"], timeout_ms: 5 },
  ];
  for (const payload of payloads) {
    start(thread, { payload, tool_call_id: payload.type });
  }
  const started = logOf(store).map(({ event }) => event);
  const summaries = started.map((event) => Object(event["summary"]));
  assertEquals(
    summaries.map((summary) => summary["input_preview"]),
    ["", "find", `${"é😀".repeat(80)}...`, "a b c"],
  );
  assertEquals(
    started.map((event) =>
      inOrder(Object(event["invocation_payload"])["body"]["payload"])
    ),
    [
      inOrder(payloads[0]),
      inOrder(payloads[1]),
      inOrder(payloads[2]),
      inOrder({
        type: "local_shell",
        command: ["a", "b c"],
        workdir: null,
        timeout_ms: 5,
        sandbox_permissions: null,
        prefix_rule: null,
        additional_permissions: null,
        justification: null,
      }),
    ],
  );
});

Deno.test("a preview of exactly 160 characters is complete", () => {
  const { thread, store } = startRecording();
  const text = "😀".repeat(160);
  start(thread, { payload: { type: "custom", input: text } });
  assertEquals(
    Object(logOf(store)[0]?.event["summary"])["input_preview"],
    text,
  );
});

Deno.test("the call that starts a code cell is a tool call where the schema has it so", () => {
  for (const { version, write } of SCHEMAS) {
    const { cellsAreToolCalls } = write;
    const { thread, store } = startRecording(version);
    const payload = { type: "custom", input: "js" } as const;
    const tool = start(thread, { tool_name: "exec", payload });
    tool.recordFailed("x");
    const named = start(thread, {
      tool_name: "exec",
      tool_namespace: "",
      payload,
      tool_call_id: "other",
    });
    named.recordFailed("x");
    assertEquals(tool.isEnabled(), cellsAreToolCalls);
    assertEquals(typesOf(store).length, cellsAreToolCalls ? 4 : 2);
  }
});

Deno.test("toolKind() goes by the name alone", () => {
  const kinds = {
    exec_command: ["exec_command", "local_shell", "shell", "shell_command"],
    write_stdin: ["write_stdin"],
    apply_patch: ["apply_patch"],
    web: ["web_search", "web_search_preview"],
    image_generation: ["image_generation", "image_query", "imagegen"],
    spawn_agent: ["spawn_agent"],
    send_message: ["send_message"],
    assign_agent_task: ["followup_task", "assign_task"],
    wait_agent: ["wait_agent"],
    close_agent: ["close_agent", "interrupt_agent"],
  };
  for (const [type, names] of Object.entries(kinds)) {
    for (const name of names) assertEquals(toolKind(name).type, type);
  }
  for (const name of ["exec", "constructor", ""]) {
    assertEquals(toolKind(name), { type: "other", name });
  }
});

Deno.test("a call is written without an invocation whose payload has no JSON", () => {
  const { thread, store, errors } = startRecording();
  const args: Record<string, unknown> & { query: string } = { query: "q" };
  args["self"] = args;
  start(thread, { payload: { type: "tool_search", arguments: args } });
  assertEquals(logOf(store)[0]?.event["invocation_payload"], null);
  assertEquals(errors.length, 1);
});

Deno.test("runtime events are the messages without their type", () => {
  for (const { version, write } of SCHEMAS) {
    const { thread, store } = startRecording(version);
    start(thread, {});
    const begin = {
      call_id: "call",
      source: "agent",
      command: ["ls"],
      cwd: "/",
    };
    thread.recordToolCallEvent("turn", {
      type: "exec_command_begin",
      ...begin,
    });
    thread.recordToolCallEvent("turn", {
      type: "exec_command_end",
      call_id: "call",
      stdout: "o",
      stderr: "e",
      aggregated_output: "oe",
      formatted_output: "f",
      exit_code: 0,
      status: "completed",
    });
    const [, started, ended] = logOf(store);
    assertEquals([started?.thread, started?.turn], [ROOT_ID, "turn"]);
    assertEquals(
      inOrder(started?.event),
      inOrder({
        type: "tool_call_runtime_started",
        tool_call_id: "call",
        ...write.runtimeStartsNameKind
          ? { kind: { type: "exec_command" } }
          : {},
        runtime_payload: { kind: { type: "tool_runtime_event" }, body: begin },
      }),
    );
    assertEquals(
      inOrder(ended?.event),
      inOrder({
        type: "tool_call_runtime_ended",
        tool_call_id: "call",
        status: "completed",
        runtime_payload: {
          kind: { type: "tool_runtime_event" },
          body: {
            call_id: "call",
            aggregated_output: "oe",
            exit_code: 0,
            status: "completed",
          },
        },
      }),
    );
  }
});

Deno.test("every runtime message has its bound, kind and status", () => {
  const { thread, store } = startRecording();
  const invocation = { server: "s", tool: "t" };
  const messages: [string, Record<string, unknown>, unknown][] = [
    ["exec_command_begin", {}, { type: "exec_command" }],
    ["exec_command_begin", { source: "unified_exec_interaction" }, {
      type: "write_stdin",
    }],
    ["exec_command_end", { status: "failed" }, "failed"],
    ["exec_command_end", { status: "declined" }, "cancelled"],
    ["patch_apply_begin", {}, { type: "apply_patch" }],
    ["patch_apply_end", { status: "completed" }, "completed"],
    ["mcp_tool_call_begin", { invocation }, { type: "mcp", ...invocation }],
    ["mcp_tool_call_end", { result: { Ok: {} } }, "completed"],
    ["mcp_tool_call_end", { result: { Err: "no" } }, "failed"],
    ["collab_agent_spawn_begin", {}, { type: "spawn_agent" }],
    ["collab_agent_spawn_end", { new_thread_id: "t" }, "completed"],
    ["collab_agent_spawn_end", { new_thread_id: null }, "failed"],
    ["collab_agent_interaction_begin", {}, { type: "send_message" }],
    ["collab_agent_interaction_end", {}, "completed"],
    ["collab_waiting_begin", {}, { type: "wait_agent" }],
    ["collab_waiting_end", {}, "completed"],
    ["collab_close_begin", {}, { type: "close_agent" }],
    ["collab_close_end", {}, "completed"],
  ];
  for (const [type, rest] of messages) {
    thread.recordToolCallEvent("turn", { type, call_id: "call", ...rest });
  }
  const activity = { event_id: "call", kind: "started", agent_thread_id: "x" };
  thread.recordToolCallEvent("turn", {
    type: "sub_agent_activity",
    ...activity,
  });
  assertEquals(
    logOf(store).map(({ event }) => event["kind"] ?? event["status"]),
    [...messages.map(([, , expected]) => expected), "completed"],
  );
});

Deno.test("runtime messages that are about no call are ignored", () => {
  const { thread, store, errors } = startRecording();
  for (
    const event of [
      { type: "exec_command_begin", call_id: "x", source: "user_shell" },
      { type: "exec_command_end", call_id: "x", source: "user_shell" },
      { type: "exec_command_output_delta", call_id: "x" },
      { type: "task_started", turn_id: "x" },
      { type: "toString" },
    ]
  ) thread.recordToolCallEvent("turn", event);
  assertEquals(typesOf(store), []);
  assertEquals(errors, []);
});

Deno.test("the end of an MCP call repeats its start where the schema has it so", () => {
  for (const { version, write } of SCHEMAS) {
    const { thread, store } = startRecording(version);
    thread.recordToolCallEvent("turn", {
      type: "mcp_tool_call_end",
      call_id: "call",
      duration: 1,
      result: { Ok: {} },
    });
    assertEquals(
      Object(logOf(store)[0]?.event["runtime_payload"])["body"],
      write.mcpEndsRepeatStart
        ? { call_id: "call", duration: 1, result: { Ok: {} } }
        : { result: { Ok: {} } },
    );
  }
});

Deno.test("recordStdinTarget() names the process behind a write", () => {
  const { thread, store } = startRecording(1);
  thread.recordStdinTarget("turn", "write", "exec");
  const [line] = logOf(store);
  assertEquals([line?.thread, line?.turn], [ROOT_ID, "turn"]);
  assertEquals(line?.event, {
    type: "stdin_target_resolved",
    tool_call_id: "write",
    exec_tool_call_id: "exec",
  });
});

Deno.test("startMcpCall() assigns an id to a call and puts it into the request", () => {
  const { thread, store } = startRecording(1);
  const call = thread.startMcpCall("call");
  const id = "00000000-0000-4000-8000-000000000002";
  const [line] = logOf(store);
  assertEquals([line?.thread, line?.turn], [null, null]);
  assertEquals(line?.event, {
    type: "mcp_tool_call_correlation_assigned",
    tool_call_id: "call",
    mcp_call_id: id,
  });
  assertEquals(call.mcpCallId, id);
  assertEquals(call.addRequestMeta(undefined), { [MCP_CALL_ID_META_KEY]: id });
  assertEquals(call.addRequestMeta({ a: 1 }), {
    a: 1,
    [MCP_CALL_ID_META_KEY]: id,
  });
  for (const meta of [null, "text", 1, [1]]) {
    assertEquals(call.addRequestMeta(meta), meta);
  }
  assertEquals(McpCallTraceContext.disabled().addRequestMeta({ a: 1 }), {
    a: 1,
  });
});
