/**
 * The conformance tool: what it counts as agreement, and that it notices when there is none.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { copySync } from "@std/fs";
import { join } from "@std/path";
import {
  casesBelow,
  disagreement,
  eventTypes,
  expectedOutcome,
  type Outcome,
  recordSession,
  reduceByCodex,
  reduceByProgram,
  schemaOf,
  schemaOfRelease,
} from "./conformance.ts";
import { SCHEMAS } from "../../../lib/schema/registry.ts";
import { Oracle, oracleVariable } from "./oracle.ts";
import { PROJECT, TESTDATA } from "../../support/paths.ts";
import { run } from "../../support/processes.ts";
import { brokenInvariants } from "./invariants.ts";
import { eventTypesOf } from "./coverage.ts";

const TOOL = join(PROJECT, "tests", "tools", "conformance.ts");

function inFolder(test: (folder: string) => void | Promise<void>) {
  return async () => {
    const folder = Deno.realPathSync(Deno.makeTempDirSync());
    try {
      await test(folder);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  };
}

function runTool(...args: string[]) {
  const permissions = ["read", "write", "run", "env"].map((p) =>
    `--allow-${p}`
  );
  return run(Deno.execPath(), [
    "run",
    "--no-prompt",
    ...permissions,
    TOOL,
    ...args,
  ]);
}

function state(text: string): Outcome {
  return { kind: "state", bytes: new TextEncoder().encode(text) };
}

Deno.test("casesBelow() finds a bundle with its version, however deep it is", () => {
  const cases = casesBelow(join(TESTDATA, "upstream"));
  const shell = cases.find((each) => each.name === "0.164.0-shell");
  assertEquals(shell?.version, "0.164.0");
  assertEquals(schemaOf(shell?.bundle ?? ""), 1);
  assert(cases.every((each) => expectedOutcome(each) !== undefined));
});

Deno.test("schemaOfRelease() returns the schema that a release writes", () => {
  const releases = ["0.128.0", "0.164.0", "0.165.0", "0.169.0", "0.171.0"];
  assertEquals(releases.map(schemaOfRelease), [1, 1, 2, 2, 3]);
  for (const { version, reference } of SCHEMAS) {
    assertEquals(schemaOfRelease(reference), version);
  }
});

Deno.test("disagreement() is silent about equal bytes and common refusals", () => {
  assertEquals(disagreement(state("{}"), state("{}")), undefined);
  const refused: Outcome = { kind: "refused", text: "Error: no" };
  const ours: Outcome = { kind: "refused", text: "other words" };
  assertEquals(disagreement(refused, ours), undefined);
});

Deno.test("disagreement() shows where bytes differ, also where one text continues", () => {
  const other = disagreement(state("{\n 1\n}"), state("{\n 2\n}"));
  assertStringIncludes(other ?? "", "line 2");
  assert(disagreement(state("{}"), state("{} ")) !== undefined);
  assert(disagreement(state("{} "), state("{}")) !== undefined);
});

Deno.test("disagreement() lets the library continue only where a rule allows it", () => {
  const refusedWith = (text: string): Outcome => ({ kind: "refused", text });
  const unknown = refusedWith(
    "Error: unsupported model item type x in payload p",
  );
  const twice = refusedWith("Error: duplicate tool call start for call_1");
  assertEquals(disagreement(unknown, state("{}")), undefined);
  assert(disagreement(twice, state("{}")) !== undefined);
  assert(disagreement(state("{}"), twice) !== undefined);
});

Deno.test(
  "the conformance tool prints how many cases agree",
  inFolder((folder) => {
    for (const name of ["0.128.0-hello", "0.164.0-dup_call_id"]) {
      copySync(join(TESTDATA, "upstream", name), join(folder, name));
    }
    const ended = runTool(folder);
    assertEquals(ended.code, 0, ended.stdout + ended.stderr);
    assertStringIncludes(ended.stdout, "recorded by 0.128.0");
    assertStringIncludes(ended.stdout, "recorded by 0.164.0");
  }),
);

Deno.test(
  "the conformance tool ends with 1 and shows the place when one byte differs",
  inFolder((folder) => {
    const name = "0.128.0-hello";
    copySync(join(TESTDATA, "upstream", name), join(folder, name));
    const file = join(folder, name, "expected.state.json");
    const text = Deno.readTextFileSync(file);
    Deno.writeTextFileSync(file, text.replace('"completed"', '"failed"'));
    const ended = runTool(folder);
    assertEquals(ended.code, 1, ended.stdout + ended.stderr);
    assertStringIncludes(ended.stdout, `MISMATCH recorded by 0.128.0: ${name}`);
  }),
);

Deno.test(
  "the conformance tool ends with 2 where there is no case",
  inFolder((folder) => {
    assertEquals(runTool(folder).code, 2);
  }),
);

for (const { version: schema, reference: version } of SCHEMAS) {
  Deno.test(
    `a session of our own uses every event type of schema ${schema} and reduces`,
    inFolder((folder) => {
      const bundle = recordSession(join(folder, "root"), schema);
      assertEquals(schemaOf(bundle), schema);
      const recorded = eventTypes(bundle);
      const missing = eventTypesOf(schema).filter((t) => !recorded.has(t));
      assertEquals(missing, []);
      const ours = reduceByProgram(bundle, folder);
      assert(ours.kind === "state");
      const text = new TextDecoder().decode(ours.bytes);
      assertEquals(brokenInvariants(text), []);
    }),
  );

  const variable = oracleVariable(version);
  Deno.test({
    name: Deno.env.get(variable) === undefined
      ? `Codex ${version} reduces our session as we do (skipped: ${variable} names no binary)`
      : `Codex ${version} reduces our session as we do`,
    ignore: Deno.env.get(variable) === undefined,
    fn: inFolder(async (folder) => {
      using oracle = await Oracle.ofVersion(version);
      const bundle = recordSession(join(folder, "root"), schema);
      const theirs = await reduceByCodex(oracle, bundle);
      assertEquals(theirs.kind, "state");
      const ours = reduceByProgram(bundle, folder);
      assertEquals(disagreement(theirs, ours), undefined);
    }),
  });
}
