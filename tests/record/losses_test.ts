import { assertEquals, assertThrows } from "@std/assert";
import { MemoryStore } from "../../lib/bundle/write/store.ts";
import { BundleRecorder } from "../../lib/record/recorder.ts";
import { ThreadTraceContext } from "../../lib/record/thread.ts";
import { TraceWriter } from "../../lib/record/trace_writer.ts";
import type { ToolDispatchInvocation } from "../../lib/record/tool/tool_invocation.ts";
import {
  deterministic,
  ROOT_ID,
  ROOT_METADATA,
} from "../support/bundles/host/scripted_host.ts";
import { logOf, typesOf } from "../support/bundles/host/recording.ts";

/** Refuses what contains a certain text. */
class ForgetfulStore extends MemoryStore {
  /** Text of what is refused; nothing is, when empty. */
  refused = "";

  override append(name: string, content: Uint8Array): void {
    this.#look(content);
    super.append(name, content);
  }

  override createFile(name: string, content: Uint8Array): void {
    this.#look(content);
    super.createFile(name, content);
  }

  #look(content: Uint8Array): void {
    const text = new TextDecoder().decode(content);
    if (this.refused !== "" && text.includes(this.refused)) {
      throw new Error("refused");
    }
  }
}

function forgetful(refused = "") {
  const store = new ForgetfulStore();
  const errors: string[] = [];
  store.refused = refused;
  const thread = ThreadTraceContext.startRoot(store, ROOT_METADATA, {
    ...deterministic(),
    events: "all",
    onError: (error) => errors.push(error.message),
  });
  /** Does something while events of a type are refused. */
  const losing = (text: string, action: () => void) => {
    store.refused = text;
    action();
    store.refused = "";
  };
  return { store, thread, errors, losing };
}

function invocation(
  id: string,
  requester?: ToolDispatchInvocation["requester"],
): ToolDispatchInvocation {
  return {
    thread_id: ROOT_ID,
    codex_turn_id: "turn",
    tool_call_id: id,
    tool_name: "send_message",
    requester: requester ?? { type: "model", model_visible_call_id: id },
    payload: { type: "function", arguments: '{"message":"m"}' },
  };
}

const OUTPUT = { cell_id: "1", content_items: [] };

Deno.test("a lost event is reported once, and leaves no gap", () => {
  const { store, thread, errors, losing } = forgetful();
  losing(
    "one",
    () => thread.recordProtocolEvent({ type: "warning", m: "one" }),
  );
  thread.recordProtocolEvent({ type: "warning", m: "two" });
  assertEquals(logOf(store).map(({ seq }) => seq), [3]);
  assertEquals(errors, ['Cannot record "protocol_event_observed": refused']);
});

Deno.test("a lost thread is silent, its children are not", () => {
  const { store, thread, errors, losing } = forgetful();
  let child = ThreadTraceContext.disabled();
  losing('"thread_started"', () => {
    child = thread.startChildThread({ thread_id: "c", agent_path: "/root/c" });
  });
  child.recordProtocolEvent({ type: "warning" });
  child.recordCodexTurnStarted("turn-c");
  child.recordCodexTurnEvent("turn-c", { type: "task_complete" });
  child.recordHistoryItemAccepted("turn-c", "item");
  child.inference("turn-c", "m", "p").startAttempt().recordStarted({});
  child.startCodeCell("turn-c", "1", "call", "js");
  child.compaction("turn-c", "cmp", "m", "p").startAttempt({});
  child.recordAgentResultInteraction("turn-c", ROOT_ID, {
    child_agent_path: "/root/c",
    message: "m",
    status: null,
  });
  child.recordEnded("completed");
  child.startChildThread({ thread_id: "d", agent_path: "/root/c/d" });
  assertEquals(typesOf(store), ["thread_started"]);
  assertEquals(errors.length, 1);
});

Deno.test("a lost turn takes with it what runs in it", () => {
  const { store, thread, losing } = forgetful();
  losing("codex_turn_started", () => thread.recordCodexTurnStarted("turn"));
  const attempt = thread.inference("turn", "m", "p").startAttempt();
  attempt.recordStarted({ input: [] });
  attempt.recordCompleted("resp", null, null, []);
  thread.startToolDispatch(() => invocation("call")).recordFailed("x");
  thread.startMcpCall("call");
  const cell = thread.startCodeCell("turn", "1", "call", "js");
  cell.recordInitialResponse({ Yielded: OUTPUT });
  const compaction = thread.compaction("turn", "cmp", "m", "p");
  compaction.startAttempt({}).recordCompleted([]);
  compaction.recordInstalled({ input_history: [], replacement_history: [] });
  thread.recordCodexTurnEvent("turn", { type: "task_complete" });
  thread.recordProtocolEvent({ type: "task_complete", turn_id: "turn" });
  assertEquals(typesOf(store), ["protocol_event_observed"]);
});

Deno.test("a turn that is reported again after its loss is recorded from then on", () => {
  const { store, thread, losing } = forgetful();
  losing("codex_turn_started", () => thread.recordCodexTurnStarted("turn"));
  thread.recordCodexTurnEvent("turn", {
    type: "task_started",
    turn_id: "turn",
  });
  thread.recordCodexTurnEvent("turn", { type: "task_complete" });
  assertEquals(typesOf(store), ["codex_turn_started", "codex_turn_ended"]);
});

Deno.test("a lost tool call takes with it what is behind it", () => {
  const { store, thread, losing } = forgetful();
  thread.recordCodexTurnStarted("turn");
  losing("tool_call_started", () => {
    thread.startToolDispatch(() => invocation("call"));
  });
  thread.recordToolCallEvent("turn", {
    type: "exec_command_begin",
    call_id: "call",
  });
  thread.recordToolCallEvent("turn", {
    type: "exec_command_end",
    call_id: "call",
  });
  thread.recordStdinTarget("turn", "call", "other");
  thread.recordStdinTarget("turn", "other", "call");
  thread.recordCodeCellWaitTarget("turn", "call", "1");
  const mcp = thread.startMcpCall("call");
  assertEquals(mcp.addRequestMeta({ a: 1 }), { a: 1 });
  assertEquals(typesOf(store), ["codex_turn_started"]);
});

Deno.test("the end of a runtime whose start was lost is withheld, that of another is not", () => {
  const { store, thread, losing } = forgetful();
  thread.recordCodexTurnStarted("turn");
  const tool = thread.startToolDispatch(() => invocation("call"));
  losing("tool_runtime_event", () => {
    const event = { type: "patch_apply_begin", call_id: "call" };
    thread.recordToolCallEvent("turn", event);
  });
  thread.recordToolCallEvent("turn", {
    type: "patch_apply_end",
    call_id: "call",
  });
  thread.recordToolCallEvent("turn", {
    type: "exec_command_end",
    call_id: "call",
    status: "completed",
  });
  tool.recordFailed("x");
  assertEquals(typesOf(store).slice(2), [
    "tool_call_runtime_ended",
    "tool_call_ended",
  ]);
});

Deno.test("an activity is withheld when the text of its message was lost, or its thread", () => {
  const { store, thread, losing } = forgetful();
  thread.recordCodexTurnStarted("turn");
  losing("tool_name", () => {
    thread.startToolDispatch(() => invocation("mute"));
  });
  losing('"thread_started"', () => {
    thread.startChildThread({ thread_id: "lost", agent_path: "/root/lost" });
  });
  thread.startToolDispatch(() => invocation("call"));
  const activity = (event_id: string, kind: string, agent_thread_id: string) =>
    thread.recordToolCallEvent("turn", {
      type: "sub_agent_activity",
      event_id,
      kind,
      agent_thread_id,
    });
  activity("mute", "interacted", "child");
  activity("mute", "started", "child");
  activity("call", "interacted", "lost");
  assertEquals(typesOf(store).slice(3), []);
  activity("mute", "interrupted", "child");
  activity("call", "interacted", "child");
  assertEquals(typesOf(store).slice(3), [
    "tool_call_runtime_ended",
    "tool_call_runtime_ended",
  ]);
});

Deno.test("a lost code cell takes with it its responses and the calls it makes", () => {
  const { store, thread, losing } = forgetful();
  thread.recordCodexTurnStarted("turn");
  losing("code_cell_started", () => {
    thread.startCodeCell("turn", "1", "call", "js");
  });
  const requester = {
    type: "code_cell",
    runtime_cell_id: "1",
    runtime_tool_call_id: "tool-1",
  } as const;
  thread.startToolDispatch(() => invocation("nested", requester))
    .recordFailed("x");
  thread.codeCell("turn", "1").recordInitialResponse({ Yielded: OUTPUT });
  thread.codeCell("turn", "1").recordEnded({ Terminated: OUTPUT });
  thread.recordCodeCellWaitTarget("turn", "call", "1");
  assertEquals(typesOf(store), ["codex_turn_started"]);
});

Deno.test("a lost request for a summary takes its answer with it", () => {
  const { store, thread, losing } = forgetful();
  thread.recordCodexTurnStarted("turn");
  const compaction = thread.compaction("turn", "cmp", "m", "p");
  losing("compaction_request", () => {
    compaction.startAttempt({}).recordCompleted([]);
  });
  compaction.startAttempt({}).recordFailed("x");
  const ids = logOf(store).map(({ event }) => event["compaction_request_id"]);
  assertEquals(ids.slice(1), ["compaction_request:2", "compaction_request:2"]);
});

Deno.test("requests that add to an answer the log lacks are withheld until a complete one", () => {
  const { store, thread, losing } = forgetful();
  thread.recordCodexTurnStarted("turn");
  const ask = (response: string, previous?: string) => {
    const attempt = thread.inference("turn", "m", "p").startAttempt();
    attempt.recordStarted(
      previous === undefined
        ? { input: [] }
        : { input: [], previous_response_id: previous },
    );
    attempt.recordCompleted(response, null, null, []);
  };
  ask("one");
  losing("inference_completed", () => ask("two", "one"));
  ask("three", "two");
  ask("four", "three");
  // The host never reported this one, so it is not a loss of ours.
  ask("five", "unknown");
  ask("six");
  ask("seven", "six");
  const answers = logOf(store).map(({ event }) => event["response_id"]);
  assertEquals(
    answers.filter((id) => id !== undefined),
    ["one", "five", "six", "seven"],
  );
  assertEquals(typesOf(store).length, 1 + 4 * 2 + 1);
});

Deno.test("a thread whose end was lost is not resumed", () => {
  const { store, thread, losing } = forgetful();
  const child = thread.startChildThread({
    thread_id: "c",
    agent_path: "/root/c",
  });
  losing("thread_ended", () => child.recordEnded("completed"));
  child.recordThreadResumed();
  child.recordEnded("completed");
  child.recordThreadResumed();
  assertEquals(typesOf(store), [
    "thread_started",
    "thread_ended",
    "thread_resumed",
  ]);
});

Deno.test("a recording that lost something does not call itself complete", () => {
  const { store, thread, errors, losing } = forgetful();
  losing(
    "one",
    () => thread.recordProtocolEvent({ type: "warning", m: "one" }),
  );
  thread.recordEnded("completed");
  thread.recordRecordingCompleted();
  assertEquals(typesOf(store), ["thread_ended", "rollout_ended"]);
  assertEquals(
    errors.at(-1),
    'Cannot record "recording_completed": evidence was lost',
  );
});

Deno.test("an optional payload that is lost is null, and the event stays", () => {
  const { store, thread, errors, losing } = forgetful();
  thread.recordCodexTurnStarted("turn");
  const message = { type: "agent_message", id: "amsg" };
  losing("agent_message", () => {
    thread.recordHistoryItemAccepted("turn", "amsg", message);
  });
  assertEquals(logOf(store)[1]?.event, {
    type: "history_item_accepted",
    item_id: "amsg",
  });
  assertEquals(errors, ['Cannot record payload "protocol_event": refused']);
});

Deno.test("what fails in the host's own functions stays with the recorder", () => {
  const store = new MemoryStore();
  let broken = false;
  const fail = () => {
    throw new Error("the host's");
  };
  let reported = 0;
  const thread: ThreadTraceContext = ThreadTraceContext.startRoot(
    store,
    ROOT_METADATA,
    {
      now: () => broken ? fail() : 1,
      newId: () => broken ? fail() : "id",
      onError: () => {
        reported += 1;
        // Records, fails, and must not be called for that.
        thread.recordProtocolEvent({ type: "error" });
        fail();
      },
    },
  );
  broken = true;
  thread.recordCodexTurnStarted("turn");
  const attempt = thread.inference("turn", "m", "p").startAttempt();
  assertEquals(Object.values(attempt.requestHeaders())[0]?.length, 36);
  thread.startToolDispatch(fail);
  broken = false;
  thread.recordCodexTurnStarted("other");
  assertEquals(typesOf(store), ["codex_turn_started"]);
  assertEquals(reported, 3);
});

Deno.test("a message without the ids it needs is reported and not recorded", () => {
  const { store, thread, errors } = forgetful();
  thread.recordToolCallEvent("turn", { type: "exec_command_begin" });
  thread.recordToolCallEvent("turn", {
    type: "mcp_tool_call_begin",
    call_id: "call",
    invocation: null,
  });
  assertEquals(typesOf(store), []);
  assertEquals(errors, [
    'Cannot record: "call_id" is not a string',
    'Cannot record: "server" is not a string',
  ]);
});

Deno.test("BundleRecorder reports that the log could not be closed", () => {
  const store = new MemoryStore();
  store.releaseHandles = () => {
    throw new Error("busy");
  };
  const writer = TraceWriter.create(store, {
    rolloutId: "r",
    rootThreadId: "r",
    schemaVersion: 1,
  });
  const errors: string[] = [];
  const recorder = new BundleRecorder(writer, {
    onError: (error) => errors.push(error.message),
  });
  recorder.record(() => ({
    context: { threadId: null, codexTurnId: null },
    event: { type: "rollout_ended", status: "completed" },
    requires: [],
    provides: [],
  }));
  assertEquals(errors, ["Cannot close the recording: busy"]);
  assertThrows(() => writer.releaseHandles(), Error, "busy");
});
