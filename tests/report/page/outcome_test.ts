/**
 * Outcomes on the page are those that the commands print, also after losses.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { getOutcomes } from "../../../lib/query/failures/outcome/outcomes.ts";
import { OBJECT_KINDS } from "../../../lib/query/session/names/object_kind.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { buildReport } from "../../../lib/report/build/build_report.ts";
import { inertJson } from "../../../lib/report/html/inert_json.ts";
import { Model } from "../../../lib/report/page/model/model.ts";
import { isFailed } from "../../../lib/report/page/model/names.ts";
import { TABLES } from "../../../lib/report/page/model/objects.ts";
import { collect } from "../../../lib/report/page/views/timeline/collect_scene.ts";
import { describe } from "../../../lib/report/page/views/timeline/describe.ts";
import { onCopyWithout, recorded } from "../report_file.ts";

function modelOf(bundle: string): Model {
  const { data } = buildReport(openBundle(bundle), {
    version: "0",
    payloads: "none",
    maxPayloadBytes: 0,
  });
  return new Model((id) => id === "report" ? inertJson(data) : undefined);
}

/** Outcomes by short name: those of the page, and those that `explain` prints. */
function outcomesOf(bundle: string): [page: string[], explain: string[]] {
  const outcomes = getOutcomes(openBundle(bundle));
  const model = modelOf(bundle);
  const page: string[] = [];
  const explain: string[] = [];
  for (const kind of OBJECT_KINDS) {
    for (const row of model.rows[TABLES[kind]]) {
      if (!("is_start_lost" in row)) continue;
      page.push(`${row.handle} ${row.outcome}`);
      explain.push(`${row.handle} ${outcomes.of({ kind, id: row.id })}`);
    }
  }
  return [page, explain];
}

/** What the timeline calls the state of a span. */
function stateOf(model: Model, handle: string): string | undefined {
  const { scene } = collect(model);
  const index = scene.spans.findIndex(({ pointer }) =>
    model.handle(pointer) === handle
  );
  return describe(model, scene, { type: "span", index })?.status;
}

Deno.test("every object of the page has the outcome that explain prints", () => {
  for (
    const name of [
      "0.164.0-agents_v2_sol_tree",
      "0.169.0-agents_v2_fail",
      "0.169.0-compact_remote_fail",
      "0.169.0-stdin_session",
    ]
  ) {
    const [page, explain] = outcomesOf(recorded(name));
    assertEquals(page, explain, name);
  }
});

Deno.test("a thread that failed is marked as failed, although its status is completed", () => {
  const model = modelOf(recorded("0.169.0-agents_v2_fail"));
  const thread = model.rows.threads[1];
  assertEquals([thread?.outcome, thread?.status], ["failed", "completed"]);
  assertEquals(isFailed(model, ["thread", thread?.id ?? ""]), true);
  assertEquals(collect(model).scene.lanes.map(({ outcome }) => outcome), [
    "ok",
    "failed",
  ]);
});

Deno.test("what a lost event may have ended has an unknown outcome", async () => {
  await onCopyWithout(
    "0.169.0-agents_v2",
    `"inference_completed"`,
    (bundle) => {
      const [page, explain] = outcomesOf(bundle);
      assertEquals(page, explain);
      const model = modelOf(bundle);
      assertEquals(stateOf(model, "call:1"), "unknown");
      assertEquals(stateOf(model, "turn:1"), "unknown");
    },
  );
});

Deno.test("the start of a turn is unknown where its event was lost", async () => {
  await onCopyWithout("0.169.0-agents_v2", `"codex_turn_started"`, (bundle) => {
    const model = modelOf(bundle);
    const { scene } = collect(model);
    const index = scene.spans.findIndex(({ kind }) => kind === "turn");
    const { facts = [] } = describe(model, scene, { type: "span", index }) ??
      {};
    assertEquals(facts[0], ["start", "unknown"]);
  });
});
