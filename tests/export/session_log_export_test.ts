/**
 * Exports of session logs: every item of the transcript, and the totals that the log has.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { AtifTrajectory } from "../../lib/export/documents/atif.ts";
import { SESSION_FORMATS } from "../../lib/export/export_formats.ts";
import { otlpLine } from "../../lib/export/spans/otlp.ts";
import { getTranscript } from "../../lib/query/transcript/transcript.ts";
import type { TraceSession } from "../../lib/query/session/session.ts";
import { SESSION_LOG_TEXT } from "../../lib/text/session_log_text.ts";
import { printed } from "../cli/commands/command_golden.ts";
import { slowTest } from "../support/cases.ts";
import { inFolderAsync } from "../support/cli.ts";
import { ALL } from "../query/truth/session_log/sessions.ts";

const OPTIONS = { version: "0", texts: true };

function itemsOf(session: TraceSession) {
  const { root_thread_id: thread } = session.trace;
  const entries = getTranscript(session, { thread })?.entries ?? [];
  return entries.flatMap((entry) => entry.type === "item" ? [entry] : []);
}

Deno.test("the Markdown of a session log has the items of its transcript, in order", () => {
  for (const { log, name } of ALL) {
    const lines = [...SESSION_FORMATS.markdown.pieces(log, 1, OPTIONS)];
    const text = lines.join("");
    assertEquals(text.split(SESSION_LOG_TEXT).length, 2, name);
    assert(!/\b0 (?:LLM requests|failed)/.test(text), name);
    assertStringIncludes(text, "unknown LLM requests (unknown failed)");
    // What the host adds and what the model thinks is left out of any session.
    const shown = itemsOf(log).filter(({ kind, role }) =>
      kind !== "reasoning" && kind !== "compaction_marker" &&
      role !== "developer" && role !== "system"
    );
    const handles = [...text.matchAll(/^\*\*.*\*\* `(item:\d+)`/gm)]
      .map(([, handle]) => handle);
    assertEquals(handles, shown.map(({ item }) => item.handle), name);
  }
});

Deno.test("the trajectory of a session log has its items, and no figure of a request", () => {
  for (const { log, name } of ALL) {
    const lines = [...SESSION_FORMATS.atif.pieces(log, 1, OPTIONS)];
    const made: AtifTrajectory = JSON.parse(lines.join(""));
    assertEquals(made.notes, SESSION_LOG_TEXT);
    assertEquals(made.agent.version, log.sessionLog?.cli_version);
    assertEquals(made.agent.model_name, log.sessionLog?.models[0]);
    assert(!("trace_id" in made.extra));
    const { steps, final_metrics: totals } = made;
    for (const { metrics, model_name } of steps) {
      assertEquals([metrics, model_name], [undefined, undefined], name);
    }
    const tokens = log.sessionLog?.tokens;
    assertEquals(totals.total_prompt_tokens, tokens?.input_tokens);
    assertEquals(totals.total_completion_tokens, tokens?.output_tokens);
    const items = itemsOf(log);
    const count = (test: (kind: string) => boolean) =>
      items.filter(({ kind }) => test(kind)).length;
    assertEquals(
      steps.flatMap(({ tool_calls: calls = [] }) => calls).length,
      count((kind) => kind.endsWith("_call")),
    );
    assertEquals(
      steps.flatMap(({ observation }) => observation?.results ?? []).length,
      count((kind) => kind.endsWith("_output")),
    );
    assertEquals(
      steps.filter(({ extra }) => extra?.["item"] !== undefined).length,
      items.length -
        count((kind) =>
          kind.endsWith("_output") || kind === "compaction_marker"
        ),
    );
  }
});

Deno.test("each session log has ids of spans of its own, the same in each export", () => {
  const ids = ALL.map(({ log }) => {
    const [line, again] = [1, 2].map(() =>
      otlpLine(log, { version: OPTIONS.version })
    );
    assertEquals(line, again);
    const { resource, scopeSpans } = JSON.parse(line ?? "").resourceSpans[0];
    const names = resource.attributes.map(({ key }: { key: string }) => key);
    assert(!names.includes("rollout_trace.trace_id"));
    assert(!names.includes("rollout_trace.schema_version"));
    return scopeSpans[0].spans[0].traceId;
  });
  const threads = new Set(ALL.map(({ thread }) => thread));
  assertEquals(new Set(ids).size, threads.size);
});

slowTest(
  "a session of more pieces than a function takes arguments is exported",
  async () => {
    await inFolderAsync(async (folder) => {
      const log = join(folder, "rollout-many.jsonl");
      const [first = ""] = Deno.readTextFileSync(ALL[0]?.log.place ?? "").split(
        "\n",
      );
      const timestamp = "2026-11-29T00:00:00.000Z";
      const line = (payload: object) =>
        JSON.stringify({ timestamp, type: "response_item", payload });
      const call = { type: "function_call", name: "shell", arguments: "{}" };
      const output = { type: "function_call_output", output: "x" };
      const lines = Array.from({ length: 12_000 }, (_, at) => {
        const call_id = `call-${at}`;
        return `${line({ ...call, call_id })}\n${line({ ...output, call_id })}`;
      });
      Deno.writeTextFileSync(log, `${[first, ...lines].join("\n")}\n`);
      const flags = ["--format", "markdown", "--content", "-o", "-"];
      const { code, stderr } = await printed(["export", log, ...flags]);
      assertEquals([code, stderr], [0, ""]);
    });
  },
);
