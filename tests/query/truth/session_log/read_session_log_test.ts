/**
 * What becomes of the lines of a session log, also of lines that no version of Codex wrote.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { BundleFormatError } from "../../../../lib/errors.ts";
import { getOutcomes } from "../../../../lib/query/failures/outcome/outcomes.ts";
import { summarize } from "../../../../lib/query/show/show.ts";
import { getTranscript } from "../../../../lib/query/transcript/transcript.ts";
import type { TraceSession } from "../../../../lib/query/session/session.ts";
import {
  event,
  line,
  message,
  meta,
  readLines,
  TURN,
  withLog,
} from "./made_log.ts";

const START = event("task_started", { turn_id: TURN });
const QUESTION = message("user", "question");
const ANSWER = message("assistant", "answer");

function ended(more: object): string {
  return event("task_complete", { turn_id: TURN, ...more });
}

Deno.test("readSessionLog() counts lines of unknown types and is no error", () => {
  const { facts, diagnostics, skippedLines, lines } = readLines([
    meta(),
    line("plan", { a: 1 }),
    event("brand_new"),
    event("brand_new"),
    event("agent_reasoning", { text: "known, and in no answer" }),
    QUESTION,
  ]);
  assertEquals(facts.unknown_lines, [
    { line_type: "plan", count: 1 },
    { line_type: "event_msg/brand_new", count: 2 },
  ]);
  assertEquals([diagnostics, skippedLines, lines], [[], 0, 6]);
});

Deno.test("readSessionLog() distinguishes a limited number of unknown types", () => {
  const many = Array.from({ length: 300 }, (_, at) => line(`type${at}`, {}));
  const { facts } = readLines([meta(), line("x".repeat(500), {}), ...many]);
  assertEquals(facts.unknown_lines.length, 101);
  assertEquals(facts.unknown_lines[0]?.line_type.length, 80);
  assertEquals(facts.unknown_lines.at(-1)?.count, 201);
});

Deno.test("readSessionLog() skips lines that cannot be read, and reports each", () => {
  const { diagnostics, trace, skippedLines } = readLines([
    meta(),
    "no JSON",
    "[1]",
    '{"type":"event_msg","payload":{}}',
    '{"timestamp":"2026-11-29T12:00:00Z","type":"event_msg"}',
    new Uint8Array([0x7b, 0xff, 0x7d]),
    line("response_item", { type: "message", content: [] }),
    "[".repeat(100_000),
    `{"a":"${"x".repeat(4000)}"}`,
    JSON.stringify(Array.from({ length: 900 }, () => [])),
    "",
    QUESTION,
  ], { limits: { line: 3000, objects: 500 } });
  assertEquals(diagnostics.map(({ code, line: at }) => [code, at]), [
    ["malformed_line", 2],
    ["malformed_line", 3],
    ["malformed_line", 4],
    ["malformed_line", 5],
    ["malformed_line", 6],
    ["unsupported_item", 7],
    ["limit_exceeded", 8],
    ["limit_exceeded", 9],
    ["limit_exceeded", 10],
  ]);
  assertEquals(skippedLines, 9);
  assertEquals(trace.conversation_items.size, 1);
});

Deno.test("readSessionLog() reports a last line that was torn, and keeps the others", () => {
  const { diagnostics, trace } = readLines(
    [meta(), QUESTION, ANSWER.slice(0, -20)],
    { isTorn: true },
  );
  assertEquals(diagnostics.map(({ code }) => code), ["truncated_line"]);
  assertEquals(trace.conversation_items.size, 1);
});

Deno.test("readSessionLog() takes no more lines than the limit of events", () => {
  const { diagnostics, trace } = readLines(
    [meta(), QUESTION, ANSWER, ANSWER],
    { limits: { events: 2 } },
  );
  assertEquals(diagnostics.map(({ code }) => code), ["limit_exceeded"]);
  assertEquals(trace.conversation_items.size, 1);
});

Deno.test("readSessionLog() refuses a file without the metadata of a session", () => {
  const error = assertThrows(
    () => readLines([QUESTION, '{"id":"x","instructions":null}']),
    BundleFormatError,
  );
  assert(error.message.includes("session_meta"));
});

function turnOutcome(session: TraceSession) {
  return getOutcomes(session).of({ kind: "turn", id: TURN });
}

Deno.test("a turn of a session log is ok only with the answer that its end repeats", () => {
  const ends = [
    [ended({ last_agent_message: "answer" }), "ok"],
    // Older versions record a turn that failed in the same way.
    [ended({ last_agent_message: null }), null],
    [ended({ last_agent_message: "an earlier one" }), null],
    [
      ended({ last_agent_message: "answer", error: { message: "broken" } }),
      "failed",
    ],
    [
      event("turn_aborted", { turn_id: TURN, reason: "interrupted" }),
      "interrupted",
    ],
    [event("agent_message", { message: "no end" }), null],
  ] as const;
  for (const [end, outcome] of ends) {
    withLog([meta(), START, QUESTION, ANSWER, end], (session) => {
      assertEquals(turnOutcome(session), outcome, end);
      assertEquals(
        getOutcomes(session).session,
        outcome === "ok" ? null : outcome,
      );
    });
  }
});

Deno.test("show prints the error that the end of a turn has", () => {
  const end = ended({
    last_agent_message: null,
    error: { message: '{"error":{"message":"quota exceeded"}}' },
  });
  withLog([meta(), START, QUESTION, end], (session) => {
    const { first_error: first } = summarize(session);
    assertEquals(first?.text, "turn failed: quota exceeded");
  });
});

Deno.test("a tool call without the end of its run has no known outcome and no time", () => {
  const call = (id: string) =>
    line("response_item", {
      type: "function_call",
      name: "exec_command",
      arguments: '{"cmd": "ls"}',
      call_id: id,
    });
  const output = (id: string) =>
    line("response_item", {
      type: "function_call_output",
      call_id: id,
      output: "exit code: 1",
    });
  // The same id twice is two calls.
  const lines = [meta(), START, call("a"), output("a"), call("a"), output("a")];
  withLog(lines, (session) => {
    const tools = [...session.trace.tool_calls.values()];
    assertEquals(tools.length, 2);
    for (const tool of tools) {
      assertEquals(getOutcomes(session).tool(tool), null);
      assertEquals(tool.model_visible_output_item_ids.length, 1);
    }
    const { tools: [row], turns: [turn] } = summarize(session);
    assertEquals([row?.calls, row?.failed, row?.total_ms], [2, null, null]);
    assertEquals([turn?.tool_calls, turn?.failed_tool_calls], [2, null]);
  });
});

Deno.test("a turn whose start was not recorded has no duration", () => {
  const context = line("turn_context", { turn_id: TURN, model: "m" });
  const end = ended({ last_agent_message: "answer" });
  withLog([meta(), context, QUESTION, ANSWER, end], (session) => {
    const [turn] = summarize(session).turns;
    assertEquals([turn?.outcome, turn?.duration_ms], ["ok", null]);
  });
});

Deno.test("tokens that a version of Codex does not count are unknown", () => {
  const usage = (input: number) => ({
    input_tokens: input,
    cached_input_tokens: 0,
    output_tokens: 5,
    reasoning_output_tokens: 1,
    total_tokens: input + 5,
  });
  const count = (total: number, last: number) =>
    event("token_count", {
      info: {
        total_token_usage: usage(total),
        last_token_usage: usage(last),
      },
    });
  const lines = [
    meta(),
    event("token_count", { info: null }),
    START,
    // A session that is continued had 900 before.
    count(1000, 100),
    ended({}),
  ];
  withLog(lines, (session) => {
    const { tokens, turns: [turn] } = summarize(session);
    assertEquals(tokens.input_tokens, 1000);
    assertEquals(tokens.cached_input_tokens, 0);
    assertEquals(tokens.cache_write_input_tokens, null);
    assertEquals(tokens.calls, null);
    assertEquals(turn?.tokens.input_tokens, 100);
  });
});

Deno.test("the prompt is what a user wrote, not the message about the environment", () => {
  const kinds = (content_item_kinds: string[]) => ({
    internal_chat_message_metadata_passthrough: { content_item_kinds },
  });
  const lines = [
    meta(),
    message("user", "environment"),
    message("user", "question", kinds(["user.text"])),
    message("user", "environment again", kinds(["environment"])),
    ANSWER,
    message("user", "later"),
  ];
  withLog(lines, (session) => {
    const { prompt, answer } = summarize(session);
    assertEquals([prompt?.text, answer?.text], ["question", "answer"]);
  });
  // After a line that cannot be read, it may have been another.
  withLog(["", meta(), "torn", ...lines.slice(1)], (session) => {
    assertEquals(summarize(session).prompt, null);
  });
});

Deno.test("a summary that replaced an unrecorded history is an item", () => {
  const compacted = line("compacted", { message: "what happened" });
  withLog([meta(), START, QUESTION, compacted], (session) => {
    const entries = getTranscript(session)?.entries ?? [];
    const last = entries.at(-1);
    assert(last?.type === "item");
    assertEquals([last.channel, last.parts], [
      "summary",
      [{ type: "text", text: "what happened" }],
    ]);
    assertEquals(session.trace.compactions.size, 0);
  });
});

Deno.test("a session log with the line ends of Windows is the same session", () => {
  const lines = [meta(), START, QUESTION, ANSWER, ended({})];
  const windows = lines.map((each) => `${each}\r`);
  assertEquals(readLines(windows), readLines(lines));
});
