/**
 * The page of a session log: what the page of the bundle of the same session shows, as far as both
 * know it, and everything else as unknown.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { getOutcomes } from "../../lib/query/failures/outcome/outcomes.ts";
import type { TraceSession } from "../../lib/query/session/session.ts";
import { getTranscript } from "../../lib/query/transcript/transcript.ts";
import { buildReport } from "../../lib/report/build/build_report.ts";
import { reportBlocks } from "../../lib/report/report_blocks.ts";
import type { ItemRow } from "../../lib/report/report_data.ts";
import { Model } from "../../lib/report/page/model/model.ts";
import { isFailed } from "../../lib/report/page/model/names.ts";
import { collect } from "../../lib/report/page/views/timeline/collect_scene.ts";
import { ALL, type Both } from "../query/truth/session_log/sessions.ts";

const OPTIONS = {
  version: "0",
  payloads: "used",
  maxPayloadBytes: 1 << 20,
} as const;

function modelOf(session: TraceSession): Model {
  const report = buildReport(session, OPTIONS);
  const blocks = reportBlocks(report, session.payloads);
  return new Model((id) => blocks.get(id));
}

/** The pages of each log and of its bundle; made once. */
const PAGES = ALL.map((both) => ({
  ...both,
  own: modelOf(both.log),
  other: modelOf(both.bundle),
}));

function forEach(
  what: string,
  check: (pages: Both & { own: Model; other: Model }) => void,
): void {
  Deno.test(`the page of a session log ${what}`, () => {
    assert(PAGES.length > 0);
    for (const pages of PAGES) {
      try {
        check(pages);
      } catch (error) {
        throw new Error(pages.name, { cause: error });
      }
    }
  });
}

/** What an item is, and its texts; a JSON of a bundle may be truncated. */
function contentOf(model: Model, item: ItemRow): unknown {
  const { role, channel, kind, call_id, turn_id, parts } = item;
  const texts = parts.map(({ type, text, label }) => [
    type,
    label,
    type === "json" ? null : model.text(text),
  ]);
  return [role, channel, kind, call_id, turn_id, texts];
}

forEach("has the turns of the bundle", ({ own, other }) => {
  assert(own.rows.turns.length > 0);
  for (const turn of own.rows.turns) {
    const recorded = other.turn(turn.id);
    assert(recorded !== undefined);
    if (turn.status !== "unknown") assertEquals(turn.status, recorded.status);
    assertEquals(turn.duration_ms === null, turn.ended === null);
  }
});

forEach("has the items of the bundle, and no other", ({ own, other }) => {
  // An inherited item is of no turn of its thread; a bundle has the one that sent it first.
  const recorded = new Set(
    other.rows.items.flatMap((item) =>
      [item, { ...item, turn_id: null }].map((each) =>
        JSON.stringify(contentOf(other, each))
      )
    ),
  );
  for (const item of own.rows.items) {
    const content = JSON.stringify(contentOf(own, item));
    assert(recorded.has(content), content);
    assertEquals(item.turn_id === null, item.is_inherited);
  }
  const list = own.list(own.rows.threads[0]?.items ?? [0, 0]);
  assertEquals(list.length, own.rows.items.length);
});

forEach("has the texts of the transcript", ({ own, log, thread }) => {
  for (const entry of getTranscript(log, { thread })?.entries ?? []) {
    if (entry.type !== "item") continue;
    const row = own.item(entry.item.id);
    const texts = entry.parts.map((part) =>
      part.type === "json"
        ? part.json
        : part.type === "encoded"
        ? part.value
        : part.type === "payload_ref"
        ? ""
        : part.text
    );
    assertEquals(row?.parts.map(({ text }) => own.text(text)), texts);
  }
});

forEach("has the calls of the model with their ends", (pages) => {
  const { own, other, bundle } = pages;
  for (const tool of own.rows.tools) {
    const recorded = other.tool(tool.id);
    // Early recorders have the call of a code cell as the cell alone.
    if (recorded === undefined) {
      assert(other.rows.cells.some(({ call_id: id }) => id === tool.call_id));
      continue;
    }
    assertEquals(tool.label, recorded.label);
    assertEquals(tool.turn_id, recorded.turn_id);
    const failed = isFailed(own, ["tool_call", tool.id]);
    const outcome = getOutcomes(bundle).of({ kind: "tool_call", id: tool.id });
    if (tool.status === "unknown") assertEquals(failed, false);
    else assertEquals(failed, outcome === "failed");
    const exit = own.operation(tool.operation_id)?.exit_code ?? null;
    if (exit !== null) {
      const operation = other.operation(recorded.operation_id);
      assertEquals(exit, operation?.exit_code ?? null);
    }
  }
});

forEach("has the prompt, the answer and the tokens", (pages) => {
  const { own, other, thread, bundle } = pages;
  const tokensOf = ({ data }: Model) => {
    const row = data.show.threads.find((each) => each.thread.id === thread);
    return [row?.tokens.input_tokens, row?.tokens.output_tokens];
  };
  assertEquals(tokensOf(own), tokensOf(other));
  if (thread !== bundle.trace.root_thread_id) return;
  for (const key of ["prompt_id", "answer_id"] as const) {
    const textOf = (model: Model) =>
      model.item(model.data.show[key] ?? "")?.parts.map(({ text }) =>
        model.text(text)
      );
    assertEquals(textOf(own), textOf(other), key);
  }
});

/** Counts and times that need requests or runtime evidence, wherever they are in an answer. */
const UNKNOWN = new Set([
  "calls_with_usage",
  "failed_calls",
  "p50_ms",
  "model_ms",
  "tool_ms",
  "idle_ms",
  "tool_waited_ms",
  "tool_ran_ms",
  "cells",
  "nested_tool_calls",
  "sessions",
  "lost_tokens",
  "provider_name",
]);
/** Counts that may be higher: none is known not to be none. */
const MINIMUMS = new Set([
  "failed_tool_calls",
  "failed",
  "failed_turns",
  "operations",
  "calls",
  "tool_calls",
]);

function requireUnknown(value: unknown, path: string): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    const at = `${path}.${key}`;
    const isFirstToken = path.endsWith("first_token_latency");
    if (UNKNOWN.has(key) && !isFirstToken) assertEquals(each, null, at);
    if (MINIMUMS.has(key)) assert(each !== 0, at);
    requireUnknown(each, at);
  }
}

forEach("has as unknown what a log cannot know", ({ own, log, thread }) => {
  const { inherited } = log.sessionLog?.threads.get(thread) ?? {};
  assertEquals(
    own.data.show.identity.inherited_items,
    inherited?.length || null,
  );
  const { data, rows } = own;
  assertEquals(own.isSessionLog, true);
  requireUnknown(data.show, "show");
  requireUnknown(data.stats, "stats");
  const { session, payloads } = data;
  assertEquals(
    [session.status, session.schema_version, session.trace_id, session.ended],
    [null, null, "", null],
  );
  assertEquals(payloads.available, false);
  assertEquals(rows.threads.map(({ status }) => status), ["unknown"]);
  const ran = [...rows.threads, ...rows.tools, ...rows.operations];
  for (const row of ran) {
    assertEquals(row.duration_ms, null);
    assert(row.status !== "running", row.id);
  }
  for (const { stderr } of rows.operations) assertEquals(stderr, null);
});

forEach("leads to no evidence that there is none of", ({ own }) => {
  const { rows, data } = own;
  for (
    const name of [
      "calls",
      "cells",
      "summaries",
      "payloads",
      "events",
      "growth",
      "comparisons",
      "edges",
    ] as const
  ) assertEquals(rows[name].length, 0, name);
  assertEquals(data.step_texts, []);
  const ids = [
    ...rows.items.flatMap(({ parts, receipt_payload_id: id }) => [
      id,
      ...parts.map((part) => part.payload_id),
    ]),
    ...rows.tools.flatMap((tool) => [
      tool.invocation_payload_id,
      tool.result_payload_id,
      ...tool.runtime_payload_ids,
    ]),
    ...rows.operations.flatMap((each) => each.payload_ids),
    ...rows.threads.map(({ spawn_edge_id: id }) => id),
  ];
  assertEquals(ids.filter((id) => id !== null), []);
});

forEach("draws no time that a log does not have", ({ own }) => {
  const { scene } = collect(own);
  assertEquals(scene.hasUnknownTimes, true);
  for (const { kind, start, end, duration } of scene.spans) {
    if (kind === "turn") continue;
    assertEquals(duration, null);
    assert(end !== null && end >= start);
  }
});
