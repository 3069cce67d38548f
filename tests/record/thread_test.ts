import { pathRefusal } from "../../lib/bundle/payloads/payload_paths.ts";
import { bundleFolderName } from "../../lib/record/root.ts";
import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { basename, join } from "@std/path";
import { TRACE_ROOT_VARIABLE } from "../../lib/record/root.ts";
import { MemoryStore } from "../../lib/bundle/write/store.ts";
import { ThreadTraceContext } from "../../lib/record/thread.ts";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import {
  deterministic,
  ROOT_ID,
  ROOT_METADATA,
} from "../support/bundles/host/scripted_host.ts";
import {
  fullLogOf,
  inOrder,
  logOf,
  startRecording,
  typesOf,
} from "../support/bundles/host/recording.ts";

Deno.test("startRoot() writes the rollout, then the thread with all its metadata", () => {
  const { store } = startRecording(1);
  const [rollout, thread] = fullLogOf(store);
  assertEquals(
    inOrder(rollout?.event),
    inOrder({
      type: "rollout_started",
      trace_id: "00000000-0000-4000-8000-000000000001",
      root_thread_id: ROOT_ID,
    }),
  );
  assertEquals([thread?.thread, thread?.turn], [null, null]);
  assertEquals(
    inOrder(thread?.event),
    inOrder({
      type: "thread_started",
      thread_id: ROOT_ID,
      agent_path: "/root",
      metadata_payload: {
        kind: { type: "session_metadata" },
        body: {
          thread_id: ROOT_ID,
          agent_path: "/root",
          task_name: null,
          nickname: null,
          agent_role: null,
          session_source: "exec",
          cwd: "/workspace",
          rollout_path: "/home/sessions/rollout.jsonl",
          model: "gpt-fake",
          provider_name: "fake",
          approval_policy: "never",
          sandbox_policy: "DangerFullAccess",
        },
      },
    }),
  );
});

Deno.test("startRoot() names the bundle's folder after trace and thread", () => {
  const root = Deno.makeTempDirSync();
  const thread = ThreadTraceContext.startRoot(root, ROOT_METADATA, {
    ...deterministic(),
  });
  const directory = thread.bundleDirectory ?? "";
  assertEquals(
    basename(directory),
    `trace-00000000-0000-4000-8000-000000000001-${ROOT_ID}`,
  );
  assert(Deno.statSync(join(directory, "manifest.json")).isFile);
  thread.recordEnded("completed");
  Deno.removeSync(root, { recursive: true });
});

Deno.test("startRoot() stays below its folder whatever the thread is called", () => {
  const root = Deno.makeTempDirSync();
  const metadata = { ...ROOT_METADATA, thread_id: "../../x" };
  const thread = ThreadTraceContext.startRoot(root, metadata, {
    ...deterministic(),
  });
  thread.recordEnded("completed");
  assertEquals([...Deno.readDirSync(root)].length, 1);
  Deno.removeSync(root, { recursive: true });
});

Deno.test("startRoot() throws and startRootOrDisabled() is disabled when there is a bundle already", () => {
  const { store } = startRecording();
  assertThrows(() => ThreadTraceContext.startRoot(store, ROOT_METADATA));
  const reported: Error[] = [];
  const thread = ThreadTraceContext.startRootOrDisabled(ROOT_METADATA, {
    root: store,
    onError: (error) => {
      reported.push(error);
      throw new Error("the callback fails");
    },
  });
  assertEquals(thread.isEnabled(), false);
  assertEquals(reported.length, 1);
  assertStringIncludes(
    reported[0]?.message ?? "",
    "Cannot start a recording: ",
  );
});

Deno.test("startRootOrDisabled() records where the environment variable points", () => {
  const root = Deno.makeTempDirSync();
  const before = Deno.env.get(TRACE_ROOT_VARIABLE);
  try {
    Deno.env.delete(TRACE_ROOT_VARIABLE);
    assert(!ThreadTraceContext.startRootOrDisabled(ROOT_METADATA).isEnabled());
    Deno.env.set(TRACE_ROOT_VARIABLE, "");
    assert(!ThreadTraceContext.startRootOrDisabled(ROOT_METADATA).isEnabled());
    Deno.env.set(TRACE_ROOT_VARIABLE, root);
    const thread = ThreadTraceContext.startRootOrDisabled(ROOT_METADATA);
    assert(thread.isEnabled());
    assert(thread.bundleDirectory?.startsWith(root));
    thread.recordEnded("completed");
  } finally {
    if (before === undefined) Deno.env.delete(TRACE_ROOT_VARIABLE);
    else Deno.env.set(TRACE_ROOT_VARIABLE, before);
    Deno.removeSync(root, { recursive: true });
  }
});

Deno.test({
  name:
    "startRootOrDisabled() is quietly disabled where the environment may not be asked",
  permissions: { env: false },
  fn: () => {
    const thread = ThreadTraceContext.startRootOrDisabled(ROOT_METADATA, {
      onError: (error) => {
        throw error;
      },
    });
    assertEquals(thread.isEnabled(), false);
  },
});

Deno.test({
  name:
    "startRootOrDisabled() reports a missing permission to write instead of asking for it",
  permissions: { write: false },
  fn: () => {
    const reported: string[] = [];
    const thread = ThreadTraceContext.startRootOrDisabled(ROOT_METADATA, {
      root: "/nowhere",
      onError: (error) => reported.push(error.message),
    });
    assertEquals(thread.isEnabled(), false);
    assertEquals(reported, [
      'Cannot start a recording: Cannot write to "/nowhere": run again with --allow-write',
    ]);
  },
});

Deno.test("a child thread shares the log and writes no rollout", () => {
  const { thread, store } = startRecording();
  const child = thread.startChildThread({
    thread_id: "child",
    agent_path: "/root/child",
    task_name: "child",
    session_source: {
      subagent: { thread_spawn: { parent_thread_id: ROOT_ID } },
    },
  });
  child.recordCodexTurnStarted("turn");
  child.recordEnded("failed");
  const log = logOf(store);
  assertEquals(log.map(({ seq, type }) => [seq, type]), [
    [3, "thread_started"],
    [4, "codex_turn_started"],
    [5, "thread_ended"],
  ]);
  assertEquals([log[1]?.thread, log[1]?.turn], ["child", "turn"]);
  assertEquals(log[2]?.event, {
    type: "thread_ended",
    thread_id: "child",
    status: "failed",
  });
});

Deno.test("recordCodexTurnEvent() goes by the turn that the message names", () => {
  const { thread, store } = startRecording(1);
  const play = (type: string, rest = {}) =>
    thread.recordCodexTurnEvent("default", { type, ...rest });
  play("task_started", { turn_id: "a" });
  play("turn_started", { turn_id: "b" });
  play("task_complete", { turn_id: "a", error: { message: "unexpected" } });
  play("turn_aborted", { turn_id: null, reason: "replaced" });
  play("warning", { turn_id: "a" });
  assertEquals(
    logOf(store).map((
      { turn, event },
    ) => [turn, event["type"], event["status"]]),
    [
      ["a", "codex_turn_started", undefined],
      ["b", "codex_turn_started", undefined],
      ["a", "codex_turn_ended", "completed"],
      ["default", "codex_turn_ended", "cancelled"],
    ],
  );
});

Deno.test("recordCodexTurnEvent() has failed turns where the schema has them", () => {
  for (const { version, write } of SCHEMAS) {
    const { thread, store } = startRecording(version);
    for (const error of [{ message: "unexpected" }, null, undefined]) {
      thread.recordCodexTurnEvent("t", { type: "task_complete", error });
    }
    assertEquals(logOf(store).map(({ event }) => event["status"]), [
      write.turnsCanFail ? "failed" : "completed",
      "completed",
      "completed",
    ]);
  }
});

Deno.test("startRoot() writes the permissions under the key of the schema", () => {
  const base = { thread_id: "t", agent_path: "/root" };
  for (const { version, write } of SCHEMAS) {
    const { permissionsKey } = write;
    for (
      const given of [
        { permissions_profile: "read-only" },
        { sandbox_policy: "read-only" },
        { permissions_profile: "other", sandbox_policy: "other" } as const,
        {},
      ]
    ) {
      const store = new MemoryStore();
      ThreadTraceContext.startRoot(store, { ...base, ...given }, {
        schemaVersion: version,
      });
      const metadata = Object(fullLogOf(store)[1]?.event["metadata_payload"]);
      const keys = Object.keys(metadata.body);
      const [value = null] = Object.values(given);
      assertEquals([keys.at(-1), keys.length], [permissionsKey, 12]);
      assertEquals(metadata.body[permissionsKey], value);
    }
  }
});

Deno.test("recordProtocolEvent() keeps what helps to read a trace, and nothing else", () => {
  const { thread, store } = startRecording();
  const kept = [
    "session_configured",
    "task_started",
    "task_complete",
    "turn_aborted",
    "thread_rolled_back",
    "error",
    "warning",
    "shutdown_complete",
  ];
  for (const type of [...kept, "token_count", "agent_message", "constructor"]) {
    thread.recordProtocolEvent({ type, n: 1 });
  }
  const log = logOf(store);
  assertEquals(
    log.map(({ event }) => event["event_type"]),
    kept.map((type) => type.replace("task", "turn")),
  );
  assertEquals(
    log.map(({ event }) => inOrder(event["event_payload"])),
    kept.map((type) =>
      inOrder({ kind: { type: "protocol_event" }, body: { type, n: 1 } })
    ),
  );
  assertEquals(
    log.map(({ thread, turn }) => thread ?? turn),
    kept.map(() => null),
  );
});

Deno.test("recordProtocolEvent() spells turns as the protocol does", () => {
  const { thread, store } = startRecording();
  thread.recordProtocolEvent({ type: "turn_complete", turn_id: "t" });
  assertEquals(logOf(store)[0]?.event["event_payload"], {
    kind: { type: "protocol_event" },
    body: { type: "task_complete", turn_id: "t" },
  });
});

Deno.test("recordAgentResultInteraction() makes the edge that a result travels", () => {
  const { thread, store } = startRecording(1);
  const child = thread.startChildThread({
    thread_id: "c",
    agent_path: "/root/c",
  });
  child.recordAgentResultInteraction("turn", ROOT_ID, {
    status: { completed: "x" },
    message: "done",
    child_agent_path: "/root/c",
  });
  const line = logOf(store)[1];
  assertEquals([line?.thread, line?.turn], ["c", "turn"]);
  assertEquals(
    inOrder(line?.event),
    inOrder({
      type: "agent_result_observed",
      edge_id: `edge:agent_result:c:turn:${ROOT_ID}`,
      child_thread_id: "c",
      child_codex_turn_id: "turn",
      parent_thread_id: ROOT_ID,
      message: "done",
      carried_payload: {
        kind: { type: "agent_result" },
        body: {
          child_agent_path: "/root/c",
          message: "done",
          status: { completed: "x" },
        },
      },
    }),
  );
});

Deno.test("recordHistoryItemAccepted() keeps a tool output where the schema does", () => {
  for (const { version, write } of SCHEMAS) {
    if (write.unknownEvents.has("history_item_accepted")) continue;
    const { thread, store } = startRecording(version);
    const outputs = ["function_call_output", "custom_tool_call_output"];
    for (const type of outputs) {
      thread.recordHistoryItemAccepted("turn", "id", { type, id: "id" });
    }
    assertEquals(
      logOf(store).map(({ event }) => event["tool_output_payload"]),
      outputs.map((type) =>
        write.acceptsToolOutputs
          ? { kind: { type: "protocol_event" }, body: { type, id: "id" } }
          : undefined
      ),
    );
  }
});

Deno.test("recordHistoryItemAccepted() carries a message that arrived outside a request", () => {
  const { thread, store } = startRecording();
  const message = { type: "agent_message", id: "amsg" };
  thread.recordHistoryItemAccepted("turn", "msg");
  thread.recordHistoryItemAccepted("turn", "amsg", message);
  assertEquals(logOf(store).map(({ event }) => event), [
    { type: "history_item_accepted", item_id: "msg" },
    {
      type: "history_item_accepted",
      item_id: "amsg",
      agent_message_payload: {
        kind: { type: "protocol_event" },
        body: message,
      },
    },
  ]);
});

Deno.test("recordHistoryItemAccepted() keeps no item that a request or a response has", () => {
  const { thread, store } = startRecording();
  const item = { type: "message", id: "msg", role: "user", content: [] };
  thread.recordHistoryItemAccepted("turn", "msg", item);
  assertEquals(logOf(store).map(({ event }) => event), [
    { type: "history_item_accepted", item_id: "msg" },
  ]);
});

Deno.test("schema 1 leaves out what it has no name for, without an error", () => {
  const { thread, store, errors } = startRecording(1);
  thread.recordHistoryItemAccepted("turn", "msg");
  thread.recordEnded("completed");
  thread.recordThreadResumed();
  thread.recordRecordingCompleted();
  assertEquals(typesOf(store), ["thread_ended", "rollout_ended"]);
  assertEquals(errors, []);
});

Deno.test("a recording completes itself once the rollout and all threads have ended", () => {
  const { thread, store, errors } = startRecording();
  const child = thread.startChildThread({
    thread_id: "c",
    agent_path: "/root/c",
  });
  child.recordEnded("completed");
  child.recordThreadResumed();
  thread.recordEnded("completed");
  assertEquals(typesOf(store).at(-1), "rollout_ended");
  child.recordEnded("completed");
  assertEquals(typesOf(store).slice(-2), [
    "thread_ended",
    "recording_completed",
  ]);
  assertEquals(errors, []);
  thread.recordProtocolEvent({ type: "warning" });
  assertEquals(typesOf(store).at(-1), "recording_completed");
  assertEquals(errors.map((error) => error.message), [
    'Cannot record "protocol_event_observed": Cannot append "protocol_event_observed": the recording is complete',
  ]);
});

Deno.test("a recording that is completed explicitly takes what outlives its threads", () => {
  const { thread, store } = startRecording(undefined, {
    completion: "explicit",
  });
  thread.recordEnded("aborted");
  thread.recordProtocolEvent({ type: "warning" });
  thread.recordRecordingCompleted();
  assertEquals(typesOf(store), [
    "thread_ended",
    "rollout_ended",
    "protocol_event_observed",
    "recording_completed",
  ]);
});

Deno.test("a bundle has a folder whose name every system takes as it is", () => {
  const names = [
    ["a*b", "c", "trace-a%2Ab-c"],
    ["a", "b.", "trace-a-b%2E"],
    ["..\\x", "C:/y", "trace-..%5Cx-C%3A%2Fy"],
    ["a.b", "c d", "trace-a.b-c%20d"],
  ] as const;
  for (const [traceId, threadId, name] of names) {
    assertEquals(bundleFolderName(traceId, threadId), name);
    // The rules of the paths that are read on Windows.
    assertEquals(pathRefusal(name, true), undefined);
  }
});
