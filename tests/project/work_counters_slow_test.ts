/**
 * How much work long sessions take, in figures that no machine changes.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { PayloadCounters } from "../../lib/bundle/payloads/bundle_payloads.ts";
import { replayBundle } from "../../lib/replay.ts";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import {
  type BenchFacts,
  type BenchShape,
  writeBenchBundle,
} from "../support/bundles/long/long_bundle.ts";
import { inFolder } from "../support/cli.ts";

const MAX_CHARACTERS_PER_CALL = 12_000;

interface Work {
  facts: BenchFacts;
  counters: PayloadCounters;
}

/** The work a generated session takes. */
function workOf(knobs: Partial<BenchShape>): Work {
  let work: Work | undefined;
  inFolder((folder) => {
    const dir = join(folder, "bundle");
    const facts = writeBenchBundle(dir, knobs);
    replayBundle(dir, { onCounters: (counters) => work = { facts, counters } });
  });
  assert(work !== undefined, "replay reported no counters");
  return work;
}

for (const { version: schema } of SCHEMAS) {
  Deno.test(`replayBundle() parses little of what requests repeat (schema ${schema})`, () => {
    const calls = 100;
    const { counters, facts } = workOf({ schema, calls });
    const parsed = counters.charactersParsed - facts.fragmentCharacters;
    assert(
      parsed <= MAX_CHARACTERS_PER_CALL * calls,
      `${parsed} characters parsed for ${calls} calls`,
    );
    assert(parsed * 15 < facts.bytes);
  });

  Deno.test(`replayBundle() parses each element of a request once (schema ${schema})`, () => {
    for (const knobs of [{}, { threads: 3 }, { tools: 3, turn: 4 }]) {
      const { counters, facts } = workOf({ schema, calls: 40, ...knobs });
      assertEquals(counters.elementsParsed, facts.requestElements);
    }
  });

  Deno.test(`replayBundle() takes work in proportion to the calls (schema ${schema})`, () => {
    const [short, long] = [50, 200].map((calls) => workOf({ schema, calls }));
    assert(short !== undefined && long !== undefined);
    const grown = (work: (w: Work) => number) => work(long) / work(short);
    assert(grown((w) => w.facts.bytes) > 8, "the bytes grow by the square");
    assert(grown((w) => w.counters.charactersParsed) < 4.2);
    assert(grown((w) => w.counters.elementsParsed) < 4.2);
    assertEquals(long.counters.elementsParsed, long.facts.requestElements);
  });

  Deno.test(`replayBundle() continues a change in the middle of a history (schema ${schema})`, () => {
    const { counters, facts } = workOf({
      schema,
      calls: 60,
      mutate: 7,
      promptBytes: 2000,
      toolsBytes: 2000,
    });
    // At a change all that is behind it is parsed again, and at no other request.
    assert(counters.elementsParsed > facts.requestElements);
    assert(counters.elementsParsed < 10 * facts.requestElements);
  });

  Deno.test(`replayBundle() reads each payload at most once (schema ${schema})`, () => {
    const { counters, facts } = workOf({ schema, calls: 30, compact: 8 });
    assert(counters.files <= facts.payloads);
    assert(counters.bytesRead < facts.bytes);
  });
}
