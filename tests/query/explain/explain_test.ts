/**
 * Parts of an explanation by themselves: how outputs are compared, and what a state.json alone
 * can report.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import type {
  ExplainAnswer,
  Step,
} from "../../../lib/query/explain/explain_answer.ts";
import { matchOf } from "../../../lib/query/explain/comparison/match.ts";
import { sharesOf } from "../../../lib/query/explain/comparison/terminal_output.ts";
import { explain } from "../../../lib/query/explain/explain.ts";
import type { Relation } from "../../../lib/query/explain/relation.ts";
import { OBJECT_KINDS } from "../../../lib/query/session/names/object_kind.ts";
import { mayLackItems } from "../../../lib/query/evidence/recorded/listed_items.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { openStateFile } from "../../../lib/query/session/open_state_file.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { utf8Length } from "../../../lib/text/utf8_length.ts";
import { casesBelow } from "../../reduce/reference/conformance.ts";
import { CORPUS, COVERS_ALL_CASES, isInSample } from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";
import { RawBundle } from "../../support/bundles/raw_bundle.ts";
import { inFolder } from "../../support/cli.ts";
import { asSchema, testEvery } from "../../support/every_schema.ts";

const LINES = Array.from({ length: 200 }, (_, at) => `line ${at} 漢字😀\n`)
  .join("");

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

Deno.test("utf8Length() counts what the encoder would write", () => {
  for (
    const text of ["", "abc", "é", "漢字", "😀", "a😀b", "\ud83d", "\ude00x"]
  ) {
    assertEquals(utf8Length(text), bytes(text), JSON.stringify(text));
  }
});

Deno.test("matchOf() distinguishes a complete output from a similar one", () => {
  assertEquals(matchOf("", "Output:\n").verdict, "empty");
  assertEquals(matchOf("done\n", "done\n").verdict, "identical");
  const full = matchOf("done\n", "Wall time: 1 s\nOutput:\ndone\n");
  assertEquals(full.verdict, "complete");
  assertEquals(full.added_bytes, bytes("Wall time: 1 s\nOutput:\n"));
  assertEquals(
    matchOf("a\r\nb\r\n", "Output:\na\nb").verdict,
    "complete_ignoring_whitespace",
  );
  assertEquals(matchOf("[1,2.0]", 'Output:\n{"rows":3}').verdict, "different");
});

Deno.test("matchOf() finds where an output was cut, never inside a character", () => {
  const marker = "…123 tokens truncated…";
  for (let cut = 40; cut < 80; cut++) {
    const head = LINES.slice(0, cut).replace(/[\ud800-\udbff]$/, "");
    const tail = LINES.slice(-cut).replace(/^[\udc00-\udfff]/, "");
    const shown = `Total output lines: 200\n\n${head}${marker}${tail}`;
    const match = matchOf(LINES, shown);
    assertEquals(match.verdict, "truncated");
    assertEquals(match.head_bytes, bytes(head));
    assertEquals(match.tail_bytes, bytes(tail));
    assertEquals(match.omitted_bytes, bytes(LINES) - bytes(head) - bytes(tail));
    assertEquals(match.added_bytes, bytes(shown) - bytes(head) - bytes(tail));
    assertEquals(match.marker, marker);
  }
});

Deno.test("matchOf() finds the cut of an output that repeats one character", () => {
  const output = "z".repeat(12_000);
  const half = "z".repeat(5_000);
  const match = matchOf(output, `Warning: cut\n${half}[2000 left out]${half}`);
  assertEquals(match.verdict, "truncated");
  assertEquals([match.head_bytes, match.tail_bytes], [5_000, 5_000]);
  assertEquals(match.omitted_bytes, 2_000);
  assertEquals(match.marker, "[2000 left out]");
});

Deno.test("matchOf() finds an output of which only the end is left", () => {
  const tail = LINES.slice(LINES.indexOf("line 190"));
  const match = matchOf(LINES, `[beginning left out]${tail}`);
  assertEquals(match.verdict, "truncated");
  assertEquals(match.head_bytes, 0);
  assertEquals(match.tail_bytes, bytes(tail));
});

Deno.test("matchOf() takes a few equal characters for chance", () => {
  const match = matchOf(`${LINES}}\n`, `{"error": "none"}\n`);
  assertEquals(match.verdict, "different");
  assertEquals(match.omitted_bytes, null);
});

Deno.test("sharesOf() follows an output through the ends of several texts", () => {
  const texts = ["head\naba", "none of it", "head\nbabaa\n"];
  assertEquals(sharesOf("abababaa\n", texts), [3, 0, 6]);
  assertEquals(sharesOf("abc", ["x", "y"]), [0, 0]);
  assertEquals(sharesOf("aabaac", ["aabaa", "c"]), [5, 1]);
  assertEquals(sharesOf("abcdef", ["..abc", "lost"]), [3, 0]);
});

/** A chain by relations and objects alone: what a graph knows without a log. */
function shape(steps: readonly Step[]): unknown[] {
  return steps.map((step) => [
    step.relation,
    step.object?.handle ?? null,
    step.text,
    step.count,
    step.truncated,
    shape(step.steps),
  ]);
}

/** Facts that only a bundle can report. */
const OF_THE_BUNDLE = new Set([
  "waited_before_it_ran_ms",
  "ran_ms",
  "asked_to_wait_ms",
  "granted_wait_ms",
  "timed_out",
  "error",
  "given_up_because",
  "file_bytes",
  "forked_from_id",
  "parent_thread_id",
  "thread_source",
  "history_initialization",
  "approval_policy",
  "approvals_reviewer",
  "sandbox_policy",
  "permissions_profile",
  "permissions",
  "reasoning_effort",
  "time_to_first_token_ms",
  "model_context_window",
  "patch",
  "auto_approved",
  "changes",
  "added",
  "updated",
  "deleted",
  "moved",
  "cache_lost_by",
  "prompt_before",
  "prompt_after",
  "kept_items",
  "dropped_items",
  "new_item",
  "sent_twice_after_it_bytes",
  "inherited_items",
  "inherited_by",
  "inherited_from",
  "unreadable",
  "its_result",
  "protocol_event",
  "protocol_message",
  "known_from_its_acceptance",
  "metadata",
  "warmup_context",
]);

function factsOf({ facts }: ExplainAnswer) {
  return facts.filter(({ name }) => !OF_THE_BUNDLE.has(name));
}

/** Relations that depend on payloads or on events alone. */
const BY_BUNDLE: ReadonlySet<Relation> = new Set([
  "output_of_cell_in",
  "received_during_wait",
  "waited_for_by_call",
  "undelivered_result_to",
  "missing_result_from",
  "started_turn",
  "started_by",
]);

function isOfTheBundle(steps: readonly Step[]): boolean {
  return steps.some(({ relation, steps: more }) =>
    BY_BUNDLE.has(relation) || isOfTheBundle(more)
  );
}

/** Facts about the histories of a compaction, which may be unknown without the log. */
const OF_A_CHECKPOINT = new Set([
  "items_before",
  "items_after",
  "of_these_not_recorded",
]);

/**
 * Whether the histories of compactions are unknown without the log: only the log names the
 * checkpoint of each, and items of one were not recorded.
 */
function hasPartialCheckpoint({ trace }: TraceSession): boolean {
  return trace.raw_payloads.values().some((ref) =>
    ref.kind.type === "compaction_checkpoint" && mayLackItems(ref)
  );
}

/** An explanation without the histories of compactions. */
function withoutHistories(answer: ExplainAnswer): ExplainAnswer {
  const withoutText = (steps: readonly Step[]): Step[] =>
    steps.map((step) => ({
      ...step,
      text: step.object?.kind === "compaction" ? "" : step.text,
      steps: withoutText(step.steps),
    }));
  return {
    ...answer,
    facts: answer.facts.filter(({ name }) => !OF_A_CHECKPOINT.has(name)),
    upstream: withoutText(answer.upstream),
    downstream: withoutText(answer.downstream),
  };
}

function valueOf({ facts }: ExplainAnswer, name: string) {
  return facts.find((fact) => fact.name === name)?.value;
}

function explained(session: TraceSession): Map<string, ExplainAnswer> {
  const answers = new Map<string, ExplainAnswer>();
  for (const kind of OBJECT_KINDS) {
    for (const ref of session.names.all(kind)) {
      const answer = explain(session, ref, { failures: [] });
      assert(answer !== null, ref.handle);
      answers.set(ref.handle, answer);
    }
  }
  return answers;
}

Deno.test("a state.json alone returns the same facts and chains as its bundle", () => {
  const cases = [
    ...casesBelow(join(TESTDATA, "upstream")),
    ...existsSync(CORPUS) ? casesBelow(CORPUS) : [],
  ].filter((_, at) => isInSample(at));
  let compared = 0;
  for (const { name, bundle, folder } of cases) {
    const path = join(folder, "expected.state.json");
    if (!existsSync(path)) continue;
    const state = openStateFile(path);
    const isPartial = hasPartialCheckpoint(state);
    const known = (answer: ExplainAnswer) =>
      isPartial ? withoutHistories(answer) : answer;
    const alone = explained(state);
    for (const [handle, found] of explained(openBundle(bundle))) {
      const given = alone.get(handle);
      assert(given !== undefined, `${name} ${handle}`);
      if (isPartial && given.object.kind === "compaction") {
        assertEquals(valueOf(given, "items_before"), null, `${name} ${handle}`);
        assertEquals(valueOf(given, "items_after"), null, `${name} ${handle}`);
      }
      const [full, answer] = [known(found), known(given)];
      assertEquals(
        factsOf(answer),
        // The code that limits cut from the end of a command is read from its result, a payload.
        factsOf(full).map((fact) =>
          fact.name === "exit_code" && valueOf(given, "exit_code") === null
            ? { ...fact, value: null }
            : fact
        ),
        `${name} ${handle}`,
      );
      // What events are about besides, only the log reports.
      if (full.object.kind !== "payload") {
        if (!isOfTheBundle(full.upstream)) {
          assertEquals(shape(answer.upstream), shape(full.upstream), name);
        }
        if (!isOfTheBundle(full.downstream)) {
          assertEquals(shape(answer.downstream), shape(full.downstream), name);
        }
      }
      const seqs = new Set(full.evidence.map(({ seq }) => seq));
      for (const { seq, line } of answer.evidence) {
        assert(seqs.has(seq), `${name} ${handle}: seq ${seq}`);
        assertEquals(line, null);
      }
      compared++;
    }
  }
  assert(compared > (COVERS_ALL_CASES ? 500 : 50));
});

testEvery(
  [1, 2, 3].map(asSchema),
  "explain() reports of a parent that it was not recorded",
  ({ version }) => {
    inFolder((folder) => {
      const bundle = new RawBundle(version);
      const spawn = {
        parent_thread_id: "gone",
        depth: 1,
        agent_path: "/root/child",
        agent_nickname: null,
        agent_role: null,
      };
      bundle.event({
        type: "thread_started",
        thread_id: "child",
        agent_path: "/root/child",
        metadata_payload: bundle.payload("session_metadata", {
          session_source: { subagent: { thread_spawn: spawn } },
        }),
      });
      const session = openBundle(bundle.writeTo(`${folder}/bundle`));
      const answer = explain(session, session.names.ref("thread", "child"));
      const parent = answer?.facts.find(({ name }) => name === "parent");
      assertEquals([parent?.object?.id, parent?.value], [
        "gone",
        "not recorded",
      ]);
      assertEquals(answer?.upstream[0]?.text, "not recorded");
    });
  },
);
