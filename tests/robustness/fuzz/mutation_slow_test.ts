/**
 * A short soak: no bundle, however damaged, makes replay crash, hang, or report what is not
 * there. `deno task soak` continues for longer.
 *
 * @module
 */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { logOf } from "./files.ts";
import { Soak } from "./soak.ts";
import { fuzzedBundle, recordedSources } from "./sources.ts";
import { unsoundness } from "./soundness.ts";
import { inFolder } from "../../support/cli.ts";
import { PROJECT, TESTDATA } from "../../support/paths.ts";
import { run } from "../../support/processes.ts";
import { FIRST_SEED } from "../../support/random_seed.ts";

const BUNDLES = 250;

Deno.test("replayBundle() refuses or reduces damaged bundles in typed words, and soundly", async () => {
  using soak = new Soak(recordedSources());
  for (let seed = FIRST_SEED; seed < FIRST_SEED + BUNDLES; seed++) {
    await soak.one(seed);
  }
  assertEquals([...soak.findings.values()], [], `seeds from ${FIRST_SEED}`);
  const { bundles, reduced, refused } = soak.tally;
  assertEquals(bundles, BUNDLES);
  // Damage that is never noticed, or always ends a replay, would prove nothing.
  assert(reduced > BUNDLES / 20, `only ${reduced} reduced, seed ${FIRST_SEED}`);
  assert(refused > BUNDLES / 4, `only ${refused} refused, seed ${FIRST_SEED}`);
});

Deno.test("fuzzedBundle() returns the same files for the same seed, and others for another", () => {
  const sources = recordedSources();
  for (let seed = 1; seed <= 30; seed++) {
    const [one, two] = [seed, seed].map((s) => fuzzedBundle(s, sources));
    assertEquals(one, two, `seed ${seed}`);
  }
  const [one, two] = [1, 2].map((s) => logOf(fuzzedBundle(s, sources)));
  assertNotEquals(one, two);
});

Deno.test("unsoundness() notices a loose id, a repetition, a window that ends FIRST_SEED, a record of another", () => {
  const text = Deno.readTextFileSync(
    join(
      TESTDATA,
      "upstream",
      "0.164.0-stdin_session",
      "expected.state.json",
    ),
  );
  assertEquals(unsoundness(text), []);
  const changed = (from: RegExp, to: string): string => {
    assert(from.test(text), String(from));
    return text.replace(from, to);
  };
  const spoiled = [
    changed(/"marker_item_id|"terminal_id": ".*"/, '"terminal_id": "gone"'),
    changed(/("conversation_item_ids": \[)(\s*".*?")/, "$1$2,$2"),
    changed(/"ended_seq": \d+/, '"ended_seq": 0'),
    changed(/"tool_call_id": ".*"/, '"tool_call_id": "another"'),
    changed(/"agent_path"/, '"some_new_id": "x", "agent_path"'),
    changed(/"status": "completed"/, '"status":  "completed"'),
  ];
  for (const state of spoiled) assertNotEquals(unsoundness(state), []);
});

Deno.test("the soak task runs for as long as requested, and prints what it did", () => {
  inFolder((cwd) => {
    const tool = join(PROJECT, "tests", "tools", "soak.ts");
    const keep = join(cwd, "kept");
    const ended = run(Deno.execPath(), [
      ..."run --no-prompt --allow-read --allow-write".split(" "),
      ..."--allow-env --allow-run".split(" "),
      tool,
      ...["--minutes", "0.05", "--seed", "7", "--keep", keep],
    ]);
    assertEquals(ended.code, 0, ended.stdout + ended.stderr);
    const count = /^(\d+) bundles from seed 7: /m.exec(ended.stdout)?.[1];
    assert(Number(count) > 0, ended.stdout);
  });
});
