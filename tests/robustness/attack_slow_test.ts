/**
 * A bundle made to attack, reduced by the program under the permissions it asks for.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import { SECRET, writeAttackBundle } from "./attack_bundle.ts";
import { inFolder, namesIn } from "../support/cli.ts";
import { testEvery } from "../support/every_schema.ts";
import { PROJECT } from "../support/paths.ts";
import { run } from "../support/processes.ts";

/** What may not reach a terminal; line feeds end our own lines. */
const STEERING =
  // deno-lint-ignore no-control-regex
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
/** Megabytes for the objects of the graph: far less than the attack asks for. */
const HEAP = "--v8-flags=--max-old-space-size=192";

function reduce(bundle: string, folder: string, args: readonly string[]) {
  const started = performance.now();
  const ended = run(Deno.execPath(), [
    "run",
    "--no-prompt",
    HEAP,
    `--allow-read=${bundle}`,
    `--allow-write=${folder}/state.json`,
    join(PROJECT, "main.ts"),
    "reduce",
    bundle,
    `-o=${folder}/state.json`,
    ...args,
  ], { cwd: folder });
  return { ...ended, ms: performance.now() - started };
}

const ATTACKED = SCHEMAS.filter(({ version }) => version > 1);

testEvery(
  ATTACKED,
  "an attack ends a strict reduction with an error, and nothing else happens",
  (schema) => {
    inFolder((folder) => {
      const bundle = writeAttackBundle(folder, schema);
      const { code, stdout, stderr, ms } = reduce(bundle, folder, []);
      assertEquals([code, stdout], [4, ""]);
      assertMatch(stderr, /^error: /);
      assert(!STEERING.test(stderr), stderr);
      assert(!stderr.includes(SECRET));
      assertEquals(namesIn(folder), ["bundle", "secret.json"]);
      assert(ms < 60_000, `${ms} ms`);
    });
  },
);

testEvery(
  ATTACKED,
  "an attack leaves a tolerant reduction what is sound, within bounds",
  (schema) => {
    inFolder((folder) => {
      const bundle = writeAttackBundle(folder, schema);
      const { code, stderr, ms } = reduce(bundle, folder, ["--tolerant"]);
      assertEquals(code, 3, stderr);
      assert(!STEERING.test(stderr), stderr);
      for (const line of stderr.split("\n")) assert(line.length < 2000);
      const text = Deno.readTextFileSync(`${folder}/state.json`);
      assert(!text.includes(SECRET) && !text.includes("polluted"));
      const state = JSON.parse(text);
      for (const id of ["__proto__", "constructor", "toString"]) {
        assert(Object.hasOwn(state.threads, id), id);
        assert(Object.hasOwn(state.tool_calls, id), id);
        assert(Object.hasOwn(state.inference_calls, id), id);
      }
      // The start of a thread counts; what its payload outside the bundle holds does not.
      const escaped = Object.keys(state.threads)
        .filter((id) => id.startsWith("escape"));
      assert(escaped.length > 0);
      for (const id of escaped) {
        assertEquals(state.threads[id].default_model, null);
      }
      assert(ms < 60_000, `${ms} ms`);
    });
  },
);
