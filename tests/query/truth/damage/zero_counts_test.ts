/**
 * After lost events, no count in an answer is 0: there may be more, so that none is unknown.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { getCacheUse } from "../../../../lib/query/context/cache/cache_losses.ts";
import { diffSessions } from "../../../../lib/query/diff/session_diff.ts";
import { explain } from "../../../../lib/query/explain/explain.ts";
import { OBJECT_KINDS } from "../../../../lib/query/session/names/object_kind.ts";
import { openBundle } from "../../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../../lib/query/session/session.ts";
import { summarize } from "../../../../lib/query/show/show.ts";
import { getStats } from "../../../../lib/query/stats/stats.ts";
import type { StatsBy } from "../../../../lib/query/stats/stats_answer.ts";
import { getTimeline } from "../../../../lib/query/timeline/timeline.ts";
import { inFolder } from "../../../support/cli.ts";
import { TESTDATA } from "../../../support/paths.ts";
import { writeDamaged } from "./damages.ts";

const BUNDLES = [
  "0.169.0-agents_v2_fail",
  "0.169.0-code_mode_tools",
  "0.169.0-compact_remote_fail",
  "0.164.0-shell",
  "0.169.0-hello",
];
const DAMAGES = [
  "a line in the middle is lost",
  "a block is NUL bytes",
  "the end of a tool call is lost",
];

/** Figures of one object that the log or its payload has as they are, and of what was found. */
const EXACT: ReadonlySet<string> = new Set([
  "depth",
  "number",
  "bundles",
  "inherited_items",
  "exit_code",
  "skipped_events",
  "lost_payloads",
  "omitted_payloads",
  "truncated_payloads",
  "end_unknown",
  "delivery_unknown",
  "unknown_calls",
  "copied_hit_count",
  "more_lines",
  "repeated_bytes",
]);
/** Times, tokens and sizes of one request, one tool call, one item. */
const OF_ONE =
  /_ms$|^usage\.|\.detail\.usage\.|^context_window\.|prompt_(?:before|after)\./;
/** Sums of times, which are counts as well. */
const SUMS = /(?:^|\.)time\.[a-z_]+$|\.measured$|total_ms$/;
/** Facts that are counts, by their names in an explanation. */
const COUNT_FACTS: ReadonlySet<string> = new Set([
  "turns",
  "requests",
  "tool_calls",
  "items",
  "code_cells",
  "compactions",
  "items_first_seen",
  "sent_to_other_agents",
  "received_from_other_agents",
  "requests_that_carried_it",
  "compactions_that_replaced_it",
  "requests_for_a_summary",
  "nested_tool_calls",
  "waits_for_it",
  "reused_by_operations",
]);

function upstreamBundle(name: string): string {
  return join(TESTDATA, "upstream", name, "bundle");
}

/** The places of a value that are 0, as paths without the numbers of lists. */
function zerosIn(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((each) => zerosIn(each, path));
  }
  if (typeof value !== "object" || value === null) {
    return Number(value) === 0 && typeof value !== "string" &&
        typeof value !== "boolean" && value !== null
      ? [path]
      : [];
  }
  return Object.entries(value).flatMap(([key, each]) =>
    EXACT.has(key) ? [] : zerosIn(each, path === "" ? key : `${path}.${key}`)
  );
}

function countsIn(answer: unknown): string[] {
  return zerosIn(answer).filter((path) =>
    SUMS.test(path) || !OF_ONE.test(path)
  );
}

const GROUPS: readonly StatsBy[] = [
  "model",
  "tool",
  "turn",
  "thread",
  "bundle",
];

/** Every count that is 0, by the answer. */
function zeroCounts(session: TraceSession): string[] {
  const of = (question: string, answer: unknown) =>
    countsIn(answer).map((path) => `${question}: ${path}`);
  const complete = openBundle(upstreamBundle("0.169.0-hello"));
  const { tools } = diffSessions(complete, session);
  return [
    ...of("show", summarize(session)),
    ...of("cache", getCacheUse(session)),
    ...GROUPS.flatMap((by) => of(`stats ${by}`, getStats(session, { by }))),
    ...of(
      "timeline",
      getTimeline(session).entries.map(({ detail, duration_ms: _ }) => detail),
    ),
    ...of("diff", tools.map(({ calls_b, failed_b }) => [calls_b, failed_b])),
    ...OBJECT_KINDS.flatMap((kind) =>
      session.names.all(kind).flatMap((ref) =>
        (explain(session, ref)?.facts ?? [])
          .filter(({ name, value }) => COUNT_FACTS.has(name) && value === 0)
          .map(({ name }) => `explain ${kind}: ${name}`)
      )
    ),
  ];
}

for (const damage of DAMAGES) {
  Deno.test(`no count is 0 after damage: ${damage}`, () => {
    const found = new Set<string>();
    let compared = 0;
    for (const name of BUNDLES) {
      inFolder((folder) => {
        const copy = join(folder, "bundle");
        if (writeDamaged(upstreamBundle(name), copy, damage) === null) return;
        compared++;
        for (const each of zeroCounts(openBundle(copy))) found.add(each);
      });
    }
    assertEquals([...found].sort(), []);
    assert(compared > 1, `${compared} bundles`);
  });
}

Deno.test("counts of a bundle of which nothing is lost are 0 where there is none", () => {
  const { tools, tokens, time, compactions, edges } = summarize(
    openBundle(upstreamBundle("0.169.0-hello")),
  );
  assertEquals(tokens.cache_write_input_tokens, 0);
  assertEquals([time.tool_ms, tools, compactions, edges], [0, [], [], []]);
});
