/**
 * What was lost is unknown in the answers, and what was kept is in them.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { runProgram } from "../../lib/cli/program.ts";
import { listBundle } from "../../lib/query/list/list_bundles.ts";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../lib/query/session/session.ts";
import { summarize } from "../../lib/query/show/show.ts";
import { getTranscript } from "../../lib/query/transcript/transcript.ts";
import { message, RawBundle, TURN } from "../support/bundles/raw_bundle.ts";
import { inFolder, recordedIo } from "../support/cli.ts";

const PROMPT = message("user", "hi");
const HELLO = { ...message("assistant", "hello"), id: "hello" };
const BYE = { ...message("assistant", "bye"), id: "bye" };

function accepted(draft: RawBundle, item_id: string): RawBundle {
  return draft.event({ type: "history_item_accepted", item_id });
}

/** Two LLM requests; the response of the second is never accepted unless `all` are. */
function twoRequests(all: boolean): RawBundle {
  const draft = new RawBundle(2, "rollout").request("a", { input: [PROMPT] });
  accepted(draft.response("a", [HELLO]), "hello")
    .request("b", { input: [PROMPT, HELLO] }).response("b", [BYE]);
  if (all) accepted(draft, "bye");
  return draft;
}

function ask<T>(
  draft: RawBundle,
  question: (session: TraceSession, folder: string) => T,
  spoil: (folder: string) => void = () => {},
): T {
  const answers: T[] = [];
  inFolder((parent) => {
    const folder = draft.writeTo(`${parent}/bundle`);
    spoil(folder);
    answers.push(question(openBundle(folder), folder));
  });
  const [answer] = answers;
  if (answer === undefined) throw new Error("no answer");
  return answer;
}

/** Removes payload files. */
function without(...payloads: readonly number[]) {
  return (folder: string) => {
    for (const id of payloads) Deno.removeSync(`${folder}/payloads/${id}.json`);
  };
}

Deno.test("a response that was never accepted is the answer, and marked", () => {
  for (const draft of [twoRequests(false).end(), twoRequests(false)]) {
    const { answer } = ask(draft, (session) => summarize(session));
    assertEquals([answer?.text, answer?.is_accepted], ["bye", false]);
    const transcript = ask(draft, (session) => getTranscript(session));
    assertEquals(
      transcript?.entries.flatMap((entry) =>
        entry.type === "item"
          ? [[entry.item.handle, entry.is_accepted] as const]
          : []
      ),
      [["item:1", true], ["item:2", true], ["item:3", false]],
    );
  }
});

Deno.test("a response that was accepted is not marked", () => {
  const { answer } = ask(
    twoRequests(true).end(),
    (session) => summarize(session),
  );
  assertEquals([answer?.text, answer?.is_accepted], ["bye", true]);
});

Deno.test("without the payloads of its requests a session keeps its answer, and the prompt is unknown", () => {
  const answer = ask(
    twoRequests(true).end(),
    (session) => summarize(session),
    without(1, 3),
  );
  assertEquals(answer.answer?.text, "bye");
  assertEquals(answer.prompt, null);
  assertEquals(
    answer.models.map(({ calls, failed_calls }) => [
      calls,
      failed_calls,
    ]),
    [[2, 0]],
  );
  const { is_complete, lost_payloads, payloads } = answer.completeness;
  assertEquals([is_complete, lost_payloads, payloads], [false, 2, 4]);
});

Deno.test("the prompt of a lost request is read from a later request of the turn", () => {
  const { prompt } = ask(
    twoRequests(true).end(),
    (session) => summarize(session),
    without(1),
  );
  assertEquals(prompt?.text, "hi");
});

Deno.test("the prompt is unknown where the first request may be lost, though a later one has another", () => {
  const draft = new RawBundle(2, "rollout")
    .request("a", { input: [PROMPT] }).response("a", [HELLO])
    .request("b", { input: [message("user", "again")] }, "later turn")
    .response("b", [BYE]).end();
  const prompts = () =>
    ask(draft, (session, folder) => [
      summarize(session).prompt?.text ?? null,
      listBundle(folder).prompt,
    ]);
  assertEquals(prompts(), ["hi", "hi"]);
  draft.rewrite((log) =>
    log.split("\n").filter((line) =>
      !line.includes('"inference_started","inference_call_id":"a"')
    ).join("\n")
  );
  assertEquals(prompts(), [null, null]);
});

Deno.test("what a compaction wrote is no answer", () => {
  const draft = twoRequests(true);
  draft.event({
    type: "compaction_installed",
    compaction_id: "c",
    checkpoint_payload: draft.payload("compaction_checkpoint", {
      input_history: [PROMPT, HELLO, BYE],
      replacement_history: [message("assistant", "in short")],
    }),
  }).end();
  const { answer } = ask(draft, (session) => summarize(session));
  assertEquals(answer?.text, "bye");
});

Deno.test("list and show have of a response that broke off what the history accepted", () => {
  for (const text of ["hello", "bye"]) {
    const draft = new RawBundle(2, "rollout")
      .request("a", { input: [PROMPT] });
    accepted(draft.response("a", [HELLO]), "hello")
      .request("b", { input: [PROMPT, HELLO] });
    if (text === "bye") accepted(draft, "bye");
    draft.event({
      type: "inference_cancelled",
      inference_call_id: "b",
      reason: "dropped",
      partial_response_payload: draft.payload("inference_response", {
        output_items: [BYE],
      }),
    });
    const answers = ask(draft, (session, folder) => [
      summarize(session).answer?.text,
      listBundle(folder).result,
    ]);
    assertEquals(answers, [text, { type: "answer", text }]);
  }
});

Deno.test("show prints what was lost first, and nothing lost as absent", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    twoRequests(true).end().writeTo(folder);
    without(1, 2, 3, 4)(folder);
    const io = recordedIo();
    await runProgram(["show", folder], io);
    const lines = io.stdout.split("\n");
    assertEquals(lines[1], "lost         4 of 4 payloads lost");
    for (const label of ["prompt", "answer"]) {
      assertStringIncludes(
        io.stdout,
        `${label}       unknown: 4 of 4 payloads lost\n`,
      );
    }
    assertStringIncludes(io.stdout, "none known; 4 of 4 payloads lost");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("the last message that the end of a turn reports is the answer if the response was lost", () => {
  const draft = twoRequests(false);
  const reported = draft.payload("protocol_event", {
    type: "task_complete",
    turn_id: null,
    last_agent_message: "bye",
  });
  draft.event({
    type: "protocol_event_observed",
    event_type: "task_complete",
    event_payload: reported,
  }).end();
  const { answer } = ask(draft, (session) => summarize(session), without(4));
  assertEquals(answer, { item: null, text: "bye", is_accepted: null });
});

Deno.test("half a character in a request costs nothing but that character", () => {
  const draft = new RawBundle(2, "rollout").request(
    "a",
    `{"input":[{"type":"message","role":"user","content":[{"type":"input_text",` +
      `"text":"cut \\ud83d here, \\\\ud83d and \\ud83d\\ude00"}]}]}`,
  );
  accepted(draft.response("a", [HELLO]), "hello").end();
  const answer = ask(draft, (session) => ({
    ...summarize(session),
    codes: session.diagnostics.map(({ code }) => code),
  }));
  assertEquals(answer.prompt?.text, "cut \ufffd here, \\ud83d and \u{1f600}");
  assertEquals(answer.answer?.text, "hello");
  assertEquals(answer.codes, ["unpaired_surrogate"]);
  assertEquals(answer.completeness.is_complete, true);
});

/** Makes the line of an event unreadable. */
function withTornLine(draft: RawBundle, words: string): RawBundle {
  return draft.rewrite((log) =>
    log.split("\n").map((line) =>
      line.includes(words) ? line.slice(0, -20) : line
    ).join("\n")
  );
}

Deno.test("an LLM request whose end may be in an unreadable line did not fail", () => {
  const draft = withTornLine(
    twoRequests(true).end(),
    `"response_id":"response-b"`,
  );
  const { failures, first_error, models } = ask(
    draft,
    (session) => summarize(session),
  );
  assertEquals(first_error, null);
  // Whether it failed is unknown.
  assertEquals(models.map(({ failed_calls }) => failed_calls), [null]);
  assertEquals(
    failures.map((
      { about, severity, text },
    ) => [about?.handle, severity, text]),
    [["call:2", "warning", "end lost: a later event cannot be read"]],
  );
});

Deno.test("a turn whose start was lost keeps its requests, and its duration is unknown", () => {
  const draft = withTornLine(
    twoRequests(true).end(),
    `"type":"codex_turn_started"`,
  );
  const { failures, turns, answer } = ask(
    draft,
    (session) => summarize(session),
  );
  assertEquals(answer?.text, "bye");
  assertEquals(turns.map(({ calls, duration_ms }) => [calls, duration_ms]), [
    [2, null],
  ]);
  assertEquals(
    failures.map(({ about, text }) => [about?.handle, text]),
    [["turn:1", "start lost: an earlier event cannot be read"]],
  );
});

Deno.test("two requests whose payloads were lost are not compared", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    twoRequests(true).end().writeTo(folder);
    without(1, 3)(folder);
    const io = recordedIo();
    await runProgram(["diff", folder, "call:1", "call:2", "--json"], io);
    const { answer } = JSON.parse(io.stdout);
    assertEquals([answer.same, answer.a.items, answer.b.items], [
      null,
      null,
      null,
    ]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("list has the answer that the end of a turn reports if the response was lost", () => {
  const draft = twoRequests(true);
  draft.event({
    type: "protocol_event_observed",
    event_type: "turn_complete",
    event_payload: draft.payload("protocol_event", {
      type: "task_complete",
      turn_id: TURN,
      last_agent_message: "bye",
    }),
  }).end();
  const listed = (...lost: readonly number[]) =>
    ask(draft, (_, folder) => listBundle(folder).result, without(...lost));
  assertEquals(listed(4), { type: "answer", text: "bye" });
  // An older answer is not the last one.
  assertEquals(listed(4, 5), null);
});

Deno.test("list and show take the same time for a session that its recorder closed later", () => {
  const draft = twoRequests(true).end().event({ type: "recording_completed" });
  const [listed, shown] = ask(draft, (session, folder) => [
    listBundle(folder).duration_ms,
    summarize(session).identity.duration_ms,
  ]);
  assertEquals(listed, shown);
});
