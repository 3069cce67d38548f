/**
 * A tolerant reduction loses no more than what the evidence lacks.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { RolloutTrace } from "../../lib/graph/rollout_trace.ts";
import { replayBundle } from "../../lib/replay.ts";
import { message, RawBundle } from "../support/bundles/raw_bundle.ts";
import { inFolder } from "../support/cli.ts";

const USAGE = {
  input_tokens: 7,
  cached_input_tokens: 3,
  output_tokens: 2,
  reasoning_output_tokens: 1,
};

/** A turn with an LLM request, its response, and a second request with the entire history. */
function session(): RawBundle {
  const draft = new RawBundle(2, "rollout");
  const asked = message("user", "hi");
  const answer = { ...message("assistant", "hello"), id: "answer" };
  draft.request("a", { input: [asked] });
  draft.event({
    type: "inference_completed",
    inference_call_id: "a",
    response_id: "response-a",
    response_payload: draft.payload("inference_response", {
      output_items: [answer],
      token_usage: USAGE,
    }),
  });
  return draft.request("b", { input: [asked, answer] })
    .response("b", [{ ...message("assistant", "bye"), id: "bye" }]).end();
}

interface Replayed {
  readonly trace: RolloutTrace;
  readonly codes: string[];
  readonly skipped: number;
}

function replay(
  draft: RawBundle,
  spoil: (folder: string) => void = () => {},
): Replayed {
  let replayed: Replayed | undefined;
  inFolder((parent) => {
    const folder = draft.writeTo(`${parent}/bundle`);
    spoil(folder);
    const codes: string[] = [];
    let skipped = 0;
    const trace = replayBundle(folder, {
      tolerant: true,
      onDiagnostic: ({ code }) => void codes.push(code),
      onCounters: (counters) => void (skipped = counters.skippedEvents),
    });
    replayed = { trace, codes, skipped };
  });
  assert(replayed !== undefined);
  return replayed;
}

function calls({ trace }: Replayed) {
  return Array.from(trace.inference_calls.values(), (call) => ({
    status: call.execution.status,
    request: call.request_item_ids.length,
    response: call.response_item_ids.length,
    tokens: call.usage?.input_tokens ?? null,
  }));
}

function without(payload: number) {
  return (folder: string) =>
    Deno.removeSync(`${folder}/payloads/${payload}.json`);
}

Deno.test("an LLM request whose request payload is missing keeps its response, tokens and times", () => {
  const replayed = replay(session(), without(1));
  assertEquals(replayed.codes, ["payload_unreadable"]);
  assertEquals(replayed.skipped, 0);
  assertEquals(calls(replayed), [
    { status: "completed", request: 0, response: 1, tokens: 7 },
    { status: "completed", request: 2, response: 1, tokens: null },
  ]);
});

Deno.test("an LLM request whose response payload is missing is completed, with unknown items", () => {
  const replayed = replay(session(), without(2));
  assertEquals([replayed.codes, replayed.skipped], [["payload_unreadable"], 0]);
  assertEquals(calls(replayed), [
    { status: "completed", request: 1, response: 0, tokens: null },
    { status: "completed", request: 2, response: 1, tokens: null },
  ]);
});

Deno.test("a lost start of the thread or of the turn takes no request along", () => {
  for (const type of ["thread_started", "codex_turn_started"]) {
    const draft = session().rewrite((log) =>
      log.split("\n").map((line) =>
        line.includes(`"type":"${type}"`) ? line.slice(0, -20) : line
      ).join("\n")
    );
    const replayed = replay(draft);
    assertEquals(replayed.codes, ["malformed_line", "sequence_gap"], type);
    assertEquals(
      calls(replayed).map(({ status, response }) => [status, response]),
      [["completed", 1], ["completed", 1]],
    );
    assertEquals(replayed.trace.codex_turns.size, 1);
    assertEquals(
      [...replayed.trace.threads.values()].map(({ agent_path, execution }) => [
        agent_path,
        execution.status,
      ]),
      [["/root", "completed"]],
    );
  }
});

Deno.test("an LLM request whose end may be in an unreadable line stays open", () => {
  const draft = session().rewrite((log) =>
    log.split("\n").map((line) =>
      line.includes(`"response_id":"response-b"`) ? "\0".repeat(64) : line
    ).join("\n")
  );
  const replayed = replay(draft);
  assertEquals(replayed.codes, ["nul_bytes", "sequence_gap"]);
  assertEquals(calls(replayed).map(({ status }) => status), [
    "completed",
    "running",
  ]);
});

Deno.test("an LLM request without an end is cancelled with its turn if no event was lost", () => {
  const draft = new RawBundle(2, "rollout")
    .request("a", { input: [message("user", "hi")] }).end();
  assertEquals(calls(replay(draft)).map(({ status }) => status), ["cancelled"]);
});

Deno.test("complete events on the line of a torn one are kept", () => {
  const draft = session();
  const torn = draft.log.replace(/\n(?=.*"type":"inference_completed")/, "");
  const complete = calls(replay(session()));
  assertEquals(calls(replay(draft.rewrite(() => torn))), complete);
  const cut = session().rewrite((log) =>
    log.replace(/.{20}\n(?=.*"type":"codex_turn_started")/, "")
  );
  assertEquals(calls(replay(cut)), complete);
});

Deno.test("a call id that is used again links no tool call with items of the second use", () => {
  const draft = new RawBundle(2, "rollout");
  const call = (id: string, text: string) => ({
    type: "function_call",
    call_id: "call",
    name: "plain",
    arguments: text,
    id,
  });
  const output = (id: string, text: string) => ({
    type: "function_call_output",
    call_id: "call",
    output: text,
    id,
  });
  const more = { model_visible_call_id: "call" };
  const first = [message("user", "hi"), call("f1", "1"), output("o1", "one")];
  draft.request("a", { input: first.slice(0, 1) })
    .response("a", first.slice(1, 2)).tool("call", more).toolEnd("call")
    .request("b", { input: first })
    .response("b", [call("f2", "2")]).tool("call", more).toolEnd("call")
    .request("c", { input: [...first, call("f2", "2"), output("o2", "two")] })
    .response("c", [{ ...message("assistant", "done"), id: "done" }]).end();
  const replayed = replay(draft);
  assertEquals(replayed.codes, [
    "call_id_reused",
    "duplicate_start",
    "duplicate_start",
  ]);
  assertEquals(
    calls(replayed).map(({ status, response }) => [status, response]),
    [
      ["completed", 1],
      ["completed", 1],
      ["completed", 1],
    ],
  );
  const [tool] = replayed.trace.tool_calls.values();
  const shown = [
    ...tool?.model_visible_call_item_ids ?? [],
    ...tool?.model_visible_output_item_ids ?? [],
  ].map((id) => replayed.trace.conversation_items.get(id)?.responses_item_id);
  assertEquals(shown, ["f1", "o1"]);
});
