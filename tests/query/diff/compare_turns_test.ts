/**
 * Turns of two sessions aligned, their steps, and where the sessions part.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type {
  SessionComparison,
  StepRow,
} from "../../../lib/query/diff/diff_answer.ts";
import { compareSessions } from "../../../lib/query/diff/session_diff.ts";
import { alignInParts } from "../../../lib/query/diff/turns/align_steps.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { message, RawBundle, TURN } from "../../support/bundles/raw_bundle.ts";
import { inFolder } from "../../support/cli.ts";
import { TESTDATA } from "../../support/paths.ts";

/** A turn: its prompt, and what the model does: a command with its output, or words. */
type Turn = readonly [
  prompt: string,
  ...steps: readonly (readonly [string, string] | string)[],
];

/** A session of turns; ids and times are its own, made of `id`. */
function session(id: string, turns: readonly Turn[]): RawBundle {
  const bundle = new RawBundle(2);
  const input: object[] = [message("developer", "rules")];
  let calls = 0;
  for (const [at, [prompt, ...steps]] of turns.entries()) {
    const turn = at === 0 ? TURN : `${TURN}-${id}-${at}`;
    if (at > 0) {
      const codex_turn_id = turn;
      bundle.event({
        type: "codex_turn_started",
        codex_turn_id,
        thread_id: THREAD_ID,
      });
    }
    input.push(message("user", prompt));
    for (const step of steps) {
      const call = `call-${id}-${calls++}`;
      bundle.request(call, { input: [...input] }, turn);
      const item = typeof step === "string" ? message("assistant", step) : {
        type: "function_call",
        name: "exec_command",
        arguments: JSON.stringify({ cmd: step[0] }),
        call_id: `call_${id}_${calls}`,
      };
      bundle.response(call, [item]);
      input.push(item);
      if (typeof step === "string") continue;
      input.push({
        type: "function_call_output",
        call_id: `call_${id}_${calls}`,
        output: `Chunk ID: ${id}\nWall time: ${calls}.5 seconds\nOutput:\n${
          step[1]
        }`,
      });
    }
    if (at > 0) {
      bundle.event({
        type: "codex_turn_ended",
        codex_turn_id: turn,
        status: "completed",
      });
    }
  }
  return bundle.end();
}

const THREAD_ID = "00000000-0000-0000-0000-00000000000a";

/** Sessions and bundles by what they do. */
function compared(
  a: RawBundle | readonly Turn[],
  b: RawBundle | readonly Turn[],
): SessionComparison {
  const bundleOf = (id: string, given: RawBundle | readonly Turn[]) =>
    given instanceof RawBundle ? given : session(id, given);
  let result: SessionComparison | undefined;
  inFolder((folder) => {
    result = compareSessions(
      openBundle(bundleOf("aaaa1", a).writeTo(join(folder, "a"))),
      openBundle(bundleOf("bbbb2", b).writeTo(join(folder, "b"))),
    );
  });
  if (result === undefined) throw new Error("not compared");
  return result;
}

function turnsOf({ turns }: SessionComparison) {
  return turns.threads[0]?.turns ?? [];
}

/** `same 2`, `changed`, of every row. */
function rowsOf(comparison: SessionComparison): string[][] {
  return turnsOf(comparison).map(({ steps }) => steps.map(rowText));
}

function rowText(row: StepRow): string {
  return "length" in row && row.length > 1
    ? `${row.change} ${row.length}`
    : row.change;
}

/** The short names of the turns of each pair. */
function pairsOf(comparison: SessionComparison): (string | undefined)[][] {
  return turnsOf(comparison).map(({ a, b, matched_by: matched }) => [
    a?.turn.handle,
    b?.turn.handle,
    matched ?? "",
  ]);
}

Deno.test("two runs that differ in ids and times only part nowhere", () => {
  const run: Turn[] = [["fix it", ["ls", "a.txt"], "done"]];
  const same = compared(run, run);
  assertEquals(same.turns.first_difference, null);
  assertEquals(same.turns.first_model_difference, null);
  assertEquals(rowsOf(same), [["same 3", "similar", "same"]]);
  assertEquals(turnsOf(same)[0]?.same, true);
});

Deno.test("two runs part first in what a tool answered, then in what the model did", () => {
  const result = compared(
    [["fix it", ["test", "1 failed"], ["cat a", "A"], "done"]],
    [["fix it", ["test", "all passed"], "nothing to do"]],
  );
  const { first_difference: first, first_model_difference: model } =
    result.turns;
  assertEquals(
    [first?.change, first?.a?.step.step_kind, first?.b?.step.step_kind],
    ["changed", "function_call_output", "function_call_output"],
  );
  assertEquals(
    [first?.last_common?.a.handle, first?.last_common?.b.handle],
    ["item:3", "item:3"],
  );
  // The output is first in the second request: its event and its payload are the evidence.
  assertEquals(first?.a?.evidence.map(({ event_type }) => event_type), [
    "inference_started",
  ]);
  assertEquals(first?.a?.evidence[0]?.payloads.length, 1);
  assertEquals(
    [model?.change, model?.a?.step.excerpt, model?.b],
    ["only_a", '{"cmd":"cat a"}', null],
  );
  assertEquals(rowsOf(result), [
    ["same 3", "changed", "only_a", "only_a", "changed"],
  ]);
});

Deno.test("turns are aligned by their prompts, in order, and else by their places", () => {
  const result = compared(
    [["one", "x"], ["two", "y"], ["three", "z"]],
    [["one", "x"], ["other", "y"], ["new", "n"], ["three", "z"]],
  );
  assertEquals(pairsOf(result), [
    ["turn:1", "turn:1", "prompt"],
    ["turn:2", "turn:2", "position"],
    [undefined, "turn:3", ""],
    ["turn:3", "turn:4", "prompt"],
  ]);
  assertEquals(turnsOf(result).map(({ same }) => same), [
    true,
    false,
    false,
    true,
  ]);
  assertEquals(result.turns.first_difference?.turn_a?.handle, "turn:2");
  assertEquals(turnsOf(result)[2]?.counts.only_b, 2);
});

Deno.test("a turn that only one session has is where they part", () => {
  const { turns } = compared([["one", "x"], ["two", "y"]], [["one", "x"]]);
  assertEquals(
    [turns.first_difference?.change, turns.first_difference?.turn_a?.handle],
    ["turn", "turn:2"],
  );
  assertEquals(turns.first_difference?.turn_b, null);
  assertEquals(turns.first_model_difference?.change, "turn");
});

Deno.test("content that is encrypted, or was not kept, is unknown and never equal", () => {
  const secret = () =>
    new RawBundle(2)
      .request("a", { input: [message("user", "hi")] })
      .response("a", [
        { type: "reasoning", summary: [], encrypted_content: "abc" },
        message("assistant", "done"),
      ]).end();
  const result = compared(secret(), secret());
  assertEquals(rowsOf(result), [["same", "unknown", "same"]]);
  assertEquals(turnsOf(result)[0]?.same, null);
  assertEquals(result.turns.first_difference, null);
});

Deno.test("what only one session has may be in what the other lost", () => {
  const lossy = session("bbbb2", [["one", ["ls", "a"], "done"]])
    .rewrite((log) =>
      log.replace(/"type":"inference_completed"/, '"type":"?"')
    );
  const result = compared([["one", ["ls", "a"], ["cat", "b"], "done"]], lossy);
  const { turns } = result;
  assertEquals(turns.first_difference, null);
  assertEquals(turnsOf(result)[0]?.same, null);
  assert(
    turnsOf(result)[0]?.steps.some((row) =>
      row.change === "only_a" && !row.is_certain
    ),
  );
});

Deno.test("turns have outcome, tokens, errors and files of each session", () => {
  const sides = turnsOf(compared([["one", "x"]], [["one", "x"]]))
    .flatMap(({ a, b }) => [a, b]);
  assertEquals(
    sides.map((side) => [
      side?.outcome,
      side?.calls,
      side?.errors,
      side?.changed_files,
      side?.prompt?.excerpt,
    ]),
    Array(2).fill(["ok", 1, 0, [], "one"]),
  );
  // No usage was recorded: the tokens are not 0.
  assertEquals(sides[0]?.tokens.input_tokens, null);
});

Deno.test("lists of many elements are aligned at those that each has once", () => {
  const a = Array.from({ length: 5000 }, (_, at) => `${at % 5 ? at : "x"}`);
  const b = a.map((each, at) => at % 4 === 1 ? `other ${each}` : each);
  const common = alignInParts(a, b).reduce(
    (sum, { length }) => sum + length,
    0,
  );
  assertEquals(common, 5000 - 1250);
});

function upstream(name: string) {
  return openBundle(join(TESTDATA, "upstream", name, "bundle"));
}

Deno.test("a scenario recorded by two versions differs in what Codex adds only", () => {
  const a = upstream("0.164.0-stdin_session");
  const { turns } = compareSessions(a, upstream("0.169.0-stdin_session"));
  const [pair] = turns.threads[0]?.turns ?? [];
  assertEquals([turns.first_model_difference, pair?.matched_by], [
    null,
    "prompt",
  ]);
  const changed = pair?.steps.filter(({ change }) => change === "changed");
  assertEquals(
    changed?.map((row) => row.change === "changed" && row.a.role),
    ["developer"],
  );
  // Processes, chunks and times of the outputs are those of each run.
  assertEquals([pair?.counts.same, pair?.counts.similar], [5, 11]);
});

Deno.test("a session compared with itself has no difference, and one reversed the same", () => {
  for (const name of ["0.169.0-code_mode_tools", "0.171.0-lim_p300"]) {
    const session = upstream(name);
    const { turns } = compareSessions(session, session);
    assertEquals(turns.first_difference, null, name);
  }
  const [a, b] = [upstream("0.169.0-agents_v2"), upstream("0.171.0-agents_v2")];
  const countsOf = ({ turns }: SessionComparison, [one, other]: string[]) =>
    turns.threads.map((thread) =>
      thread.turns.map(({ counts }) => [
        counts.same,
        counts.changed,
        Object.entries(counts).find(([key]) => key === one)?.[1],
        Object.entries(counts).find(([key]) => key === other)?.[1],
      ])
    );
  assertEquals(
    countsOf(compareSessions(a, b), ["only_a", "only_b"]),
    countsOf(compareSessions(b, a), ["only_b", "only_a"]),
  );
});
