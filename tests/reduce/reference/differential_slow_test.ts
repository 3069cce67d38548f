/**
 * Random bundles without the reference available: what must hold for every one of them, and the
 * frozen ones that the reference has judged.
 *
 * `deno task differential` compares new ones with the reference itself.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { copySync } from "@std/fs";
import { join } from "@std/path";
import { SCHEMAS } from "../../../lib/schema/registry.ts";
import {
  assertGolden,
  layoutFaults,
  recordedCases,
} from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";
import { compareSharing, reduceOurs } from "./compare.ts";
import { brokenInvariants } from "./invariants.ts";
import {
  mutatedBundle,
  randomBundle,
  type RandomOptions,
  readBundle,
  writeBundle,
} from "../../support/bundles/random/mod.ts";
import { bundleFiles } from "../../support/bundles/random/bundle.ts";
import { Prng } from "../../support/bundles/random/prng.ts";
import { FIRST_SEED } from "../../support/random_seed.ts";

const VALID: RandomOptions = { mutated: 0, laidOut: 0 };

function inFolder(test: (folder: string) => void): void {
  const folder = Deno.makeTempDirSync();
  try {
    test(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

for (const { version: schema } of SCHEMAS) {
  Deno.test(`randomBundle() returns the same files for the same seed, schema ${schema}`, () => {
    for (let seed = 1; seed <= 20; seed++) {
      const files = () => bundleFiles(randomBundle(seed, schema));
      assertEquals(files(), files(), `seed ${seed}`);
    }
  });

  Deno.test(`replayBundle() keeps every invariant on random sessions of schema ${schema}`, () => {
    inFolder((folder) => {
      let reduced = 0;
      for (let seed = FIRST_SEED; seed < FIRST_SEED + 120; seed++) {
        writeBundle(randomBundle(seed, schema, VALID), folder);
        const ours = reduceOurs(folder);
        assert(ours.kind !== "crash", `seed ${seed}: ${JSON.stringify(ours)}`);
        if (ours.kind !== "state") continue;
        reduced++;
        const text = new TextDecoder().decode(ours.bytes);
        assertEquals(brokenInvariants(text), [], `seed ${seed}`);
        assertEquals(reduceOurs(folder), ours, `seed ${seed}, once more`);
      }
      assert(
        reduced >= 60,
        `only ${reduced} of 120 reduced, seed ${FIRST_SEED}`,
      );
    });
  });

  Deno.test(`replayBundle() returns the same with shared prefixes and without, schema ${schema}`, () => {
    inFolder((folder) => {
      for (let seed = FIRST_SEED; seed < FIRST_SEED + 120; seed++) {
        writeBundle(randomBundle(seed, schema), folder);
        const difference = compareSharing(
          reduceOurs(folder, true),
          reduceOurs(folder, false),
        );
        assertEquals(difference, undefined, `seed ${seed}`);
      }
    });
  });

  Deno.test(`replayBundle() reduces perturbed recordings or refuses them in typed words, schema ${schema}`, () => {
    inFolder((folder) => {
      const recorded = recordedCases(join(TESTDATA, "upstream"))
        .map((each) => readBundle(each.bundle))
        .filter((bundle) => bundle.schema === schema);
      for (let seed = FIRST_SEED; seed < FIRST_SEED + 60; seed++) {
        const bundle = mutatedBundle(seed, new Prng(seed).pick(recorded));
        writeBundle(bundle, folder);
        const ours = reduceOurs(folder);
        assert(ours.kind !== "crash", `seed ${seed}: ${JSON.stringify(ours)}`);
      }
    });
  });

  const frozen = recordedCases(join(TESTDATA, "random", `${schema}`));

  Deno.test(`testdata holds random bundles of schema ${schema}, each with one golden`, () => {
    assert(frozen.length >= 40, `only ${frozen.length}`);
    assertEquals(frozen.flatMap(layoutFaults), []);
  });

  for (const each of frozen) {
    Deno.test(`random bundle ${schema}/${each.name} is reduced as the reference has it`, () => {
      assertGolden(each, false);
    });
  }
}

Deno.test("brokenInvariants() notices an id that leads nowhere, and a link of one end only", () => {
  inFolder((folder) => {
    const { bundle } = recordedCases(join(TESTDATA, "upstream"))
      .find((each) => each.name === "0.164.0-stdin_session") ?? { bundle: "" };
    copySync(bundle, join(folder, "b"));
    const ours = reduceOurs(join(folder, "b"));
    assert(ours.kind === "state");
    const text = new TextDecoder().decode(ours.bytes);
    assertEquals(brokenInvariants(text), []);
    const faults = (from: RegExp, to: string) => {
      assert(from.test(text));
      return brokenInvariants(text.replace(from, to)).length;
    };
    assert(
      faults(
        /("source_item_id"|"marker_item_id"|"terminal_id"): ".*"/,
        '"terminal_id": "gone"',
      ) > 0,
    );
    assert(faults(/"ended_seq": \d+/, '"ended_seq": 0') > 0);
    assert(
      faults(/"type": "tool",\s*"tool_call_id": ".*"/, '"type": "harness"') > 0,
    );
  });
});
