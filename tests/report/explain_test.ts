/**
 * The page shows of an object what `explain`, `show` and `stats` show of it.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { explain } from "../../lib/query/explain/explain.ts";
import { OBJECT_KINDS } from "../../lib/query/session/names/object_kind.ts";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import { summarize } from "../../lib/query/show/show.ts";
import { getStats } from "../../lib/query/stats/stats.ts";
import { buildReport } from "../../lib/report/build/build_report.ts";
import { inertJson } from "../../lib/report/html/inert_json.ts";
import { Model } from "../../lib/report/page/model/model.ts";
import { stepsFrom } from "../../lib/report/page/details/chain.tsx";
import { recorded } from "./report_file.ts";

const CASES = [
  "0.164.0-agents_v2_sol_tree",
  "0.164.0-stream_drop",
  "0.169.0-code_mode_tools",
  "0.169.0-compact_remote_manual",
  "0.169.0-stdin_session",
];
const OPTIONS = {
  version: "0",
  payloads: "none",
  maxPayloadBytes: 0,
} as const;

for (const name of CASES) {
  const session = openBundle(recorded(name));
  const { data } = buildReport(session, OPTIONS);
  const text = inertJson(data);
  const model = new Model((block) => block === "report" ? text : undefined);

  Deno.test(`every object of ${name} has the evidence and the steps that explain reports`, () => {
    let steps = 0;
    for (const ref of OBJECT_KINDS.flatMap((kind) => session.names.all(kind))) {
      const answer = explain(session, ref, { depth: 1 });
      const links = model.linksOf([ref.kind, ref.id]);
      assert(answer !== null && links !== undefined, ref.handle);
      assertEquals(model.row(ref.kind, ref.id)?.handle, ref.handle);
      assertEquals(
        model.eventsAbout([ref.kind, ref.id]).map((
          { seq, line },
        ) => [seq, line]),
        answer.evidence.map(({ seq, line }) => [seq, line]),
        ref.handle,
      );
      for (const way of ["upstream", "downstream"] as const) {
        const answered = way === "upstream"
          ? answer.upstream
          : answer.downstream;
        const shown = stepsFrom(model, links[way]).map((step) => [
          step.relation,
          ...step.to,
          step.events.map(({ line }) => line),
        ]);
        for (const { object, relation, evidence } of answered) {
          if (object === null) continue;
          steps++;
          const wanted = [
            relation.replaceAll("_", " "),
            object.kind,
            object.id,
            evidence.map(({ line }) => line),
          ];
          assert(
            shown.some((each) =>
              JSON.stringify(each) === JSON.stringify(wanted)
            ),
            `${ref.handle} lacks ${JSON.stringify(wanted)}`,
          );
        }
        assert(shown.length >= answered.filter(({ object }) => object).length);
      }
    }
    assert(steps > 20, `only ${steps} steps`);
  });

  Deno.test(`outputs of ${name} are set beside what was shown as explain does it`, () => {
    for (const ref of session.names.all("tool_call")) {
      const answer = explain(session, ref, { depth: 1 });
      assertEquals(
        model.rows.comparisons.filter(({ tool_id }) => tool_id === ref.id)
          .map((row) => [row.verdict, row.omitted_bytes, row.shown_bytes]),
        answer?.comparisons.map((each) => [
          each.verdict,
          each.omitted_bytes,
          each.shown.bytes,
        ]),
      );
    }
  });

  Deno.test(`figures of ${name} are those of show and stats`, () => {
    const shown = summarize(session);
    assertEquals<unknown>(model.data.show.tokens, shown.tokens);
    assertEquals<unknown>(model.data.show.time, shown.time);
    assertEquals<unknown>(model.data.show.threads, shown.threads);
    assertEquals(
      model.rows.failures.map(({ text, severity }) => [text, severity]),
      shown.failures.map(({ text, severity }) => [text, severity]),
    );
    for (const by of ["model", "tool"] as const) {
      assertEquals<unknown>(
        model.data.stats[by === "model" ? "models" : "tools"],
        getStats(session, { by }).rows,
      );
    }
  });
}
